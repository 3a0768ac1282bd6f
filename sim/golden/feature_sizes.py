"""Golden model of feature_sizes: a book's best levels on both sides, and the page's formulas."""

from __future__ import annotations

from tickwire.features.naive import hold, log, share, squash
from tickwire.features.table import TABLE, WHOLE

Levels = list[tuple[int, int]]  # price and shares, the best first
GAPS = [TABLE[at].numbers for at in WHOLE.group("gap")]
IMBALANCES = [TABLE[at].numbers["level"] for at in WHOLE.group("imbalance")]
ALL = WHOLE.number("imbalance_sum", "level")
SHIFT = WHOLE.number("imbalance_mean", "shift")
LESS = WHOLE.number("micro_price", "less")
KNEE = WHOLE.number("spread", "knee")


class Sizes:
    def __init__(self) -> None:
        self.sums: dict[int, int] = {}  # by slot: of the first imbalance

    def event(self, slot: int, first: bool, bids: Levels, asks: Levels) -> dict[str, list[int]]:
        """The features, by the module's ports."""
        spread = asks[0][0] - bids[0][0]
        best = log(bids[0][1]) - log(asks[0][1])
        if first:
            self.sums[slot] = best << SHIFT
        else:
            self.sums[slot] += best - (self.sums[slot] >> SHIFT)
        held = hold(best)
        offset = hold(max(log(spread) + share(abs(held)) - LESS, 0))
        total = [sum(shares for _, shares in side[:ALL]) for side in (bids, asks)]
        return {
            "spread3": [squash(spread, KNEE)],
            "imbalance3": [hold(log(bids[at - 1][1]) - log(asks[at - 1][1])) for at in IMBALANCES],
            "imbalance_sum3": [hold(log(total[0]) - log(total[1]))],
            "imbalance_mean3": [hold(self.sums[slot] >> SHIFT)],
            "micro_price3": [offset if held >= 0 else -offset],
            "gap3": [_gap(asks, **each) - _gap(bids, **each) for each in GAPS],
        }


def _gap(side: Levels, level: int, knee: int) -> int:
    price = side[level - 1][0]
    return squash(abs(price - side[0][0]), knee) if price else 0
