"""What a host commands from reset on until orders of a limits file may leave, and while they do."""

from __future__ import annotations

from dataclasses import dataclass

from hwtools.bits import Records
from tickwire.gen.records import RISK_COMMAND, Act
from tickwire.risk.limits import Limits


@dataclass(frozen=True)
class Command:
    """One row of RISK_COMMAND, and the limits that go with it."""

    row: Records
    limits: Records | None = None

    @property
    def act(self) -> Act:
        return Act(int(self.row["act"][0]))


def command(act: Act, key: int, limits: Records | None = None, **values: int) -> Command:
    row = RISK_COMMAND.empty(1)
    row["act"], row["key"] = act, key
    for name, value in values.items():
        row[name] = value
    return Command(row, limits)


def opening(limits: Limits, key: int, model_id: int, token: int = 1) -> list[Command]:
    """In order; the last one arms, with the nonce that the gate gives before it. No position, no
    loss; what a slot's reference is comes by `reference`, and without one it trades nothing."""
    first = [
        command(Act.KEY, key),
        command(Act.TOTAL_LIMITS, key, limits.total.record()),
        command(Act.LOSS_TOTAL, key),
    ]
    for slot, one in sorted(limits.slots.items()):
        first += [
            command(Act.SLOT_LIMITS, key, one.record(), slot=slot),
            command(Act.LOSS, key, slot=slot),
            command(Act.REVIVE_SLOT, key, slot=slot),
        ]
    return [
        *first,
        command(Act.TOKEN, key, token=token),
        command(Act.SESSION, key, open=1),
        command(Act.REVIVE, key),
        command(Act.BEAT, key),
        command(Act.HASH, key, limits_hash=limits.hash),
        command(Act.REQUEST, key),
        command(Act.ARM, key, model_id=model_id, limits_hash=limits.hash),
    ]


def reference(key: int, slot: int, price: int, low: int, high: int) -> Command:
    """What a price is compared with: the middle of the market, and the bands; 0 blocks."""
    return command(
        Act.REFERENCE, key, slot=slot, reference_price=price, band_low=low, band_high=high
    )
