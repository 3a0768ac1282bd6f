"""The one table of the features: what the network's inputs are, and how each is had.

`tickwire.features.kernel` computes them, `tickwire.features.naive` says the same in plain Python,
and hw/rtl/features.sv in hardware. docs/reference/features.md and hw/gen/feature_pkg.sv are made
from here: `python -m tickwire.features` writes them; `--check` fails where one has drifted.

Everything is whole numbers. There is no division and no multiplication: sums, shifts, comparisons,
logarithms that are a leading-one search and the bits behind it, and one table of 128 entries.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Final

from tickwire.gen.records import FEATURE_W, FEATURES

BITS: Final = 8  # of every feature; the network's input format
TOP: Final = 127  # where every feature saturates; -TOP for the signed ones
FRACTION: Final = 4  # bits of a logarithm behind the point: sixteenths of an octave
DEPTH: Final = 5  # levels of each side that are looked at
CLIP: Final = (1 << 16) - 1  # shares of a flow or a trade beyond which it counts as this
LAGS: Final = (1, 4, 16)  # events
# Name, exponent of a bucket in ns, buckets: the price of that many buckets ago, by exchange time.
SAMPLERS: Final = (("1s", 28, 4), ("5s", 30, 5), ("1min", 34, 4))
WARM_EVENTS: Final = 256
MOST_COUNT: Final = 4095  # events since the middle moved
TIME_SHIFT: Final = 10  # nanoseconds to about microseconds
LOG_MICRO: Final = 64  # sixteenths of an octave below which a micro-price offset is 0
NEVER: Final = -1024  # the share's logarithm where there is no imbalance

# 16 * log2(tanh(d / 32 * ln 2)): how far the micro-price lies from the middle, as a share of half
# the spread, when the sizes differ by d sixteenths of an octave.
SHARE: Final = (
    NEVER,
    *(
        round((1 << FRACTION) * math.log2(math.tanh(d * math.log(2) / (2 << FRACTION))))
        for d in range(1, TOP + 1)
    ),
)


@dataclass(frozen=True)
class Feature:
    """`formula` in the words of docs/reference/features.md; `knee` where it ends in a squash."""

    name: str
    signed: bool
    formula: str
    meaning: str
    knee: int | None = None
    shift: int | None = None  # of its running mean

    @property
    def low(self) -> int:
        return -TOP if self.signed else 0


def _mean(name: str, shift: int, knee: int, of: str, meaning: str, signed: bool = True) -> Feature:
    formula = f"squash(mean{shift}({of}), {knee})"
    return Feature(name, signed, formula, meaning, knee, shift)


TABLE: Final[tuple[Feature, ...]] = (
    Feature("spread", False, "squash(ask1 - bid1, 7)", "best ask less best bid", 7),
    Feature(
        "spread_change", True, "squash(spread - level5(spread), 7)", "against its mean", 7, 5
    ),
    Feature("imbalance_1", True, "log(bid shares 1) - log(ask shares 1)", "queue imbalance, best"),
    Feature("imbalance_2", True, "log(bid shares 2) - log(ask shares 2)", "second level"),
    Feature("imbalance_3", True, "log(bid shares 3) - log(ask shares 3)", "third level"),
    Feature("imbalance_5", True, "log(sum of 5 bids) - log(sum of 5 asks)", "five levels together"),
    Feature("imbalance_mean", True, "level4(imbalance_1)", "mean of about 16 events", None, 4),
    Feature(
        "micro_price", True,
        f"sign * max(0, log(spread) + SHARE[|imbalance_1|] - {LOG_MICRO})",
        "micro-price less middle: half the spread times tanh of half the logarithm of the sizes",
    ),
    Feature(
        "gap_1", True, "squash(ask2 - ask1, 7) - squash(bid1 - bid2, 7)",
        "how far the second levels are, ask less bid", 7,
    ),
    Feature(
        "gap_5", True, "squash(ask5 - ask1, 7) - squash(bid1 - bid5, 7)",
        "how far the fifth levels are, ask less bid", 7,
    ),
    Feature("flow_1", True, "squash(flow, 6)", "order-flow imbalance of this event", 6),
    _mean("flow_8", 3, 7, "flow", "order-flow imbalance of about 8 events"),
    _mean("flow_32", 5, 8, "flow", "of about 32"),
    _mean("flow_128", 7, 9, "flow", "of about 128"),
    _mean("pressure_32", 5, 8, "pressure", "shares added less shares taken off, bid less ask"),
    Feature("return_1", True, "squash(middle - middle 1 ago, 7)", "move of the middle", 7),
    Feature("return_4", True, "squash(middle - middle 4 ago, 7)", "in 4 events", 7),
    Feature("return_16", True, "squash(middle - middle 16 ago, 7)", "in 16 events", 7),
    Feature("trend_32", True, "squash(middle - level5(middle), 7)", "against its mean", 7, 5),
    Feature("trend_128", True, "squash(middle - level7(middle), 7)", "against a longer mean", 7, 7),
    Feature("momentum_1s", True, "squash(middle - sample 1s, 7)", "in 0.8 to 1.1 s", 7),
    Feature("momentum_5s", True, "squash(middle - sample 5s, 8)", "in 4.3 to 5.4 s", 8),
    Feature("momentum_1min", True, "squash(middle - sample 1min, 9)", "in 52 to 69 s", 9),
    Feature("last_move", True, "squash(last move that wasn't 0, 7)", "where the middle went", 7),
    Feature("since_move", False, "log(events since the middle moved)", "how long it stands"),
    Feature("trade", True, "squash(trade, 6)", "this event's trade; a buyer's is positive", 6),
    _mean("trades_8", 3, 7, "trade", "signed trades of about 8 events"),
    _mean("trades_64", 6, 8, "trade", "of about 64"),
    Feature("pause", False, "log(time / 1,024) / 4", "time since the last event, in 1/4 octaves"),
    Feature("pace", False, "level4(pause)", "mean of about 16 events", None, 4),
    _mean("volatility_16", 4, 8, "|move|", "absolute moves of about 16 events", False),
    _mean("volatility_256", 8, 11, "|move|", "of about 256", False),
)  # fmt: skip

NAMES: Final = tuple(feature.name for feature in TABLE)
if len(TABLE) > FEATURES or BITS > FEATURE_W or len(set(NAMES)) != len(NAMES):
    raise ImportError("the feature table doesn't fit the feature_vector record")


def table_hash() -> str:
    """What of the table a model depends on: part of its id."""
    parts = [(f.name, f.signed, f.formula) for f in TABLE]
    constants = (BITS, TOP, FRACTION, DEPTH, CLIP, LAGS, SAMPLERS, TIME_SHIFT, LOG_MICRO, SHARE)
    return hashlib.sha256(repr((parts, constants)).encode()).hexdigest()
