"""Intended orders of whole days against order_maker's golden model, a record at a time."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sim.golden.order_maker import OrderMaker
from sim.golden.tick_pkg import width
from sim.lib.rows import word
from tickwire.gen.records import (
    INTENT,
    ORDER_SETTINGS,
    SIGNAL,
    SLOTS,
    Action,
    Capacity,
    Marking,
    Pricing,
    TimeInForce,
)
from tickwire.risk.maker import intents

ROWS = 2_000
EDGES = (0, 0, 1, 100, 99_9900, 100_0000, 2**32 - 1, 2**32 - 101)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = random.Random(seed)
    settings, signals = ORDER_SETTINGS.empty(SLOTS), SIGNAL.empty(ROWS)
    for row in settings:
        row["pricing"], row["offset"] = (
            rng.choice(list(Pricing)),
            rng.choice((0, 1, 100, 2**32 - 1)),
        )
        row["shares"], row["capped"] = rng.choice((0, 1, 100, 2**32 - 1)), rng.randint(0, 1)
        row["time_in_force"], row["display"] = rng.choice(list(TimeInForce)), rng.randint(0, 1)
        row["capacity"], row["marking"] = rng.choice(list(Capacity)), rng.choice(list(Marking))
        row["symbol"] = rng.getrandbits(64)
    for row in signals:
        row["slot"], row["decision"] = rng.randrange(SLOTS), rng.choice(list(Action))
        for name in ("bid_price", "ask_price", "bid_shares", "ask_shares"):
            row[name] = rng.choice((*EDGES, rng.getrandbits(32)))
        for name in ("sequence_number", "model_id"):
            row[name] = rng.getrandbits(64)
        for name in ("frame_cycle", "message_cycle"):
            row[name] = rng.getrandbits(48)
    return signals, settings


@pytest.mark.parametrize("seed", range(4))
def test_a_day_makes_what_each_record_makes(seed: int) -> None:
    signals, settings = drawn(seed)
    bits, every = width("order_settings"), 0
    for slot in range(SLOTS):
        every |= word(settings[slot : slot + 1], ORDER_SETTINGS) << bits * slot
    model, expected = OrderMaker(), []
    for at in range(ROWS):
        model.step(every, 1, word(signals[at : at + 1], SIGNAL))
        if model.intent is not None:
            expected.append((at, model.intent))
    made, which = intents(signals, settings)
    assert which.tolist() == [at for at, _ in expected] and len(which) > ROWS // 4
    words = [word(made[at : at + 1], INTENT) for at in range(len(made))]
    assert words == [one for _, one in expected]
    assert (made["price"] == 0).any() and (made["price"] != 0).any()


def test_only_records_are_taken() -> None:
    signals, settings = drawn(0)
    with pytest.raises(TypeError, match="rows of signal"):
        intents(settings, settings)
    with pytest.raises(TypeError, match="of order_settings"):
        intents(signals, signals)
