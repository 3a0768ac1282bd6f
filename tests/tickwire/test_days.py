"""Generated days: the bytes of a seed, on every machine and whatever the size of the pieces."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from tickwire.exchange.flow import Day, DayConfig
from tickwire.exchange.market import Market, MarketConfig
from tickwire.wire import itch

Config = DayConfig | MarketConfig
# A day, and the hash of its bytes: change that only on purpose.
DAYS = (
    (
        DayConfig(seed=11, events=60_000),
        "121932c295374bb51ada690304ffaf8e60e2c79717c5ae233fdce164e1292a1f",
    ),
    (
        MarketConfig(seed=4, events=40_000, symbols=("AAAA", "BBBB")),
        "7481fc4eb146409a9bbcd7b16897d01970c4261b00ab60cce720a1fac1284859",
    ),
)


def digest(config: Config, piece: int | None = None) -> str:
    day = Market(config) if isinstance(config, MarketConfig) else Day(config)
    hashed = hashlib.sha256()
    while day.left:
        hashed.update(itch.encode(day.messages(piece)))
    return hashed.hexdigest()


@pytest.mark.parametrize(("config", "expected"), DAYS)
def test_a_seed_makes_the_same_bytes_however_the_day_is_cut(config: Config, expected: str) -> None:
    assert {digest(config, piece) for piece in (None, 1_000, 7_777)} == {expected}
    assert digest(replace(config, seed=config.seed + 1)) != expected
