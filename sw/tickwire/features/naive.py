"""Features in plain Python, from docs/reference/features.md, a record at a time and nothing clever.

`tickwire.features.kernel` and the RTL are held against it. It is the specification's second
statement, and the only other one: names, knees, shifts, lags, windows and limits stand here again
as plain numbers, and nothing comes from the table. So a number that is changed in the table, and
not here, is a difference.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tickwire.gen.records import Operation, Reason, Side

DEPTH = 5  # levels of each side
TOP = 127
CLIP = 65_535  # shares
WARM = 256  # events
SAMPLERS = (("1s", 2**28, 4), ("5s", 2**30, 5), ("1min", 2**34, 4))  # ns, buckets
Level = tuple[int, int]  # price, shares
Book = tuple[tuple[Level, ...], tuple[Level, ...]]  # the best levels of bid and ask
_NOTHING: Book = (((0, 0),) * DEPTH, ((0, 0),) * DEPTH)
_TAKEN = (Operation.EXECUTE, Operation.EXECUTE_PRICE, Operation.CANCEL, Operation.DELETE)
_SIDED = (*_TAKEN, Operation.ADD, Operation.REPLACE)


def octaves(y: int) -> int:
    """Sixteen for each doubling, and the four bits behind the leading one."""
    place = y.bit_length() - 1
    behind = f"{y:b}"[1:5].ljust(4, "0")
    return 16 * place + int(behind, 2)


def log(x: int) -> int:
    return octaves(x + 1)


def squash(x: int, knee: int) -> int:
    size = min(octaves(abs(x) + 2**knee) - 16 * knee, TOP)
    return size if x >= 0 else -size


def share(d: int) -> int:
    """How far off the middle a micro-price lies, by the difference of the logarithms of sizes."""
    return round(16 * math.log2(math.tanh(d * math.log(2) / 32))) if d else -1024


def hold(x: int, most: int = TOP) -> int:
    return max(-most, min(most, x))


@dataclass
class _Slot:
    book: Book = _NOTHING
    fine: bool = False
    lacking: set[int] = field(default_factory=set)  # sides that no record brought since the trust
    events: int = 0
    time: int = 0
    middles: list[int] = field(default_factory=list)  # of the last 17 events
    last_move: int = 0
    since: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    bucket: dict[str, int] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    samples: dict[str, deque[int]] = field(default_factory=dict)
    vector: dict[str, int] = field(default_factory=dict)  # by name, in the order of the elements

    def mean(self, name: str, n: int, x: int) -> int:
        s = self.sums.get(name, 0)
        self.sums[name] = s + x - (s >> n)
        return self.sums[name]

    def level(self, name: str, n: int, x: int) -> int:
        if name not in self.sums:
            self.sums[name] = x << n
            return x
        return self.mean(name, n, x) >> n

    @property
    def warm(self) -> bool:
        full = all(self.begun.get(name, 0) >= count for name, _, count in SAMPLERS)
        return self.events >= WARM and full


class NaiveFeatures:
    """As `tickwire.features.kernel.Features`; a row is a `top_of_book` and the ten levels of both
    sides."""

    def __init__(self, slots: int = 8) -> None:
        self._slots = [_Slot() for _ in range(slots)]

    def names(self, number: int) -> list[str]:
        """What the elements of a slot's vector are; none before its first event."""
        return list(self._slots[number].vector)

    def row(self, top: Any, levels: Any) -> tuple[list[int], bool, bool, int]:
        """Vector, whether it is new, whether it is warm, reason."""
        number, kind, event = int(top["slot"]), int(top["operation"]), False
        slot = self._slots[number]
        if kind != Operation.NONE:
            if top["stale"] or kind in (Operation.CLEAR, Operation.LOAD, Operation.TRUST):
                lacking = {0, 1} if kind == Operation.TRUST else set[int]()
                slot = self._slots[number] = _Slot(lacking=lacking)
            else:
                event = _record(slot, top, levels)
        reason = int(top["reason"])
        if reason == Reason.OK and not slot.warm:
            reason = Reason.WARMING_UP
        return list(slot.vector.values()) or [0] * 32, event, slot.warm, reason


def _record(slot: _Slot, top: Any, levels: Any) -> bool:
    slot.lacking.discard(int(top["operation_side"]) if top["operation"] in _SIDED else Side.BUY)
    now: Book = tuple(  # type: ignore[assignment]
        _NOTHING[number]
        if number in slot.lacking
        else tuple((int(level["price"]), int(level["shares"])) for level in side[:DEPTH])
        for number, side in enumerate(levels)
    )
    before, was_fine = slot.book, slot.fine
    slot.book, slot.fine = now, int(top["reason"]) == Reason.OK and not slot.lacking
    if now == before or not slot.fine:
        return False
    flow = hold(_side_flow(before, now, 0) - _side_flow(before, now, 1), CLIP) if was_fine else 0
    slot.vector = _event(slot, top, now, flow)
    return True


def _side_flow(before: Book, now: Book, side: int) -> int:
    (old, old_shares), (price, shares) = before[side][0], now[side][0]
    better = price - old if side == Side.BUY else old - price
    return (shares if better >= 0 else 0) - (old_shares if better <= 0 else 0)


def _taken(top: Any) -> tuple[int, int]:
    """trade and pressure."""
    kind, shares = int(top["operation"]), min(int(top["operation_shares"]), CLIP)
    sign = 1 if top["operation_side"] == Side.BUY else -1
    trade = -sign * shares if kind in _TAKEN[:2] else 0
    if kind == Operation.ADD:
        return trade, sign * shares
    return trade, -sign * shares if kind in _TAKEN else 0


def _sample(slot: _Slot, time: int, middle: int) -> dict[str, int]:
    """The oldest middle of each sampler."""
    for name, length, count in SAMPLERS:
        bucket = time // length
        if name not in slot.samples:
            slot.samples[name], slot.bucket[name] = deque([middle] * count, count), bucket
        while slot.bucket[name] < bucket:
            if bucket - slot.bucket[name] > count:  # all are pushed out anyway
                slot.begun[name] = count
                slot.bucket[name] = bucket - count
            slot.samples[name].appendleft(slot.middles[-1])
            slot.begun[name] = slot.begun.get(name, 0) + 1
            slot.bucket[name] += 1
    return {name: slot.samples[name][-1] for name, _, _ in SAMPLERS}


def _event(slot: _Slot, top: Any, book: Book, flow: int) -> dict[str, int]:
    bids, asks = book
    time, first = int(top["timestamp"]), not slot.events
    middle, spread = bids[0][0] + asks[0][0], asks[0][0] - bids[0][0]
    oldest = _sample(slot, time, middle)
    move = 0 if first else middle - slot.middles[-1]
    passed = 0 if first else max(0, time - slot.time)
    trade, pressure = _taken(top)
    if move:
        slot.last_move = move
    slot.since = 0 if move else slot.since + 1
    past = [middle] * 16 if first else slot.middles

    def ago(events: int) -> int:
        return past[max(len(past) - events, 0)]

    def imbalance(level: int) -> int:
        return log(bids[level][1]) - log(asks[level][1])

    def gap(level: int) -> int:
        away = [
            squash(abs(side[level][0] - side[0][0]), 7) if side[level][0] else 0 for side in book
        ]
        return away[1] - away[0]

    sizes = hold(imbalance(0))
    offset = max(0, log(spread) + share(abs(sizes)) - 64)
    pause = log(passed // 1024) // 4
    vector = {
        "spread": squash(spread, 7),
        "spread_change": squash(spread - slot.level("spread", 5, spread), 7),
        "imbalance_1": sizes,
        "imbalance_2": hold(imbalance(1)),
        "imbalance_3": hold(imbalance(2)),
        "imbalance_5": hold(log(sum(b for _, b in bids)) - log(sum(a for _, a in asks))),
        "imbalance_mean": hold(slot.level("imbalance", 4, imbalance(0))),
        "micro_price": hold(offset if sizes >= 0 else -offset),
        "gap_1": gap(1),
        "gap_5": gap(4),
        "flow_1": squash(flow, 6),
        "flow_8": squash(slot.mean("flow_8", 3, flow), 7),
        "flow_32": squash(slot.mean("flow_32", 5, flow), 8),
        "flow_128": squash(slot.mean("flow_128", 7, flow), 9),
        "pressure_32": squash(slot.mean("pressure", 5, pressure), 8),
        "return_1": squash(middle - ago(1), 7),
        "return_4": squash(middle - ago(4), 7),
        "return_16": squash(middle - ago(16), 7),
        "trend_32": squash(middle - slot.level("trend_32", 5, middle), 7),
        "trend_128": squash(middle - slot.level("trend_128", 7, middle), 7),
        "momentum_1s": squash(middle - oldest["1s"], 7),
        "momentum_5s": squash(middle - oldest["5s"], 8),
        "momentum_1min": squash(middle - oldest["1min"], 9),
        "last_move": squash(slot.last_move, 7),
        "since_move": min(log(slot.since), TOP),
        "trade": squash(trade, 6),
        "trades_8": squash(slot.mean("trades_8", 3, trade), 7),
        "trades_64": squash(slot.mean("trades_64", 6, trade), 8),
        "pause": min(pause, TOP),
        "pace": min(slot.level("pace", 4, pause), TOP),
        "volatility_16": squash(slot.mean("volatility_16", 4, abs(move)), 8),
        "volatility_256": squash(slot.mean("volatility_256", 8, abs(move)), 11),
    }
    slot.middles = [*slot.middles[-16:], middle]
    slot.time, slot.events = time, slot.events + 1
    return vector
