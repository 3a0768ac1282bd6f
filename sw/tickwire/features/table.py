"""The one table of the features: every number on which the network's inputs depend.

`tickwire.features.kernel` computes them from here, hw/rtl/features.sv in hardware from
hw/gen/feature_table_pkg.sv, and docs/reference/features.md tells them; `python -m
tickwire.features` writes the last two, `--check` fails where one has drifted. The judge of them
all, `tickwire.features.naive`, states the same numbers once more, and nothing else does.

Everything is whole numbers. There is no division and no multiplication: sums, shifts, comparisons,
logarithms that are a leading-one search and the bits behind it, and one table of 128 entries.

A line more of a group (another window, lag or sampler) is a feature more on the host, in hardware
and on the page; what isn't like any other needs its arithmetic in the kernel and in hw/rtl too.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tickwire.gen.records import FEATURE_W, FEATURES

# Features that are computed alike and differ in their numbers only.
GROUPS: Final = ("imbalance", "gap", "sum", "return", "trend", "momentum")
# What a sum is of.
SOURCES: Final = ("flow", "pressure", "trade", "|move|")


@dataclass(frozen=True)
class Feature:
    """One of the network's inputs. Its texts are patterns: {x} is its number x, {2^x} two to that.

    `key` is the name of its group, or its own; `of` is the source of a sum, the name of a sampler.
    Its numbers: `knee` of a squash, `shift` of a running mean of about 2^shift events, `lag` in
    events, `level` of a side of the book, from 1, `exponent` of a sampler's bucket in ns and how
    many `buckets` it holds, `less`, what a logarithm loses, `unit` of time as a shift, `step` of a
    logarithm as a shift.
    """

    key: str
    signed: bool
    _name: str
    _formula: str
    _meaning: str
    of: str
    numbers: Mapping[str, int]

    @property
    def name(self) -> str:
        return self._name.format_map(self._words())

    @property
    def formula(self) -> str:
        """In the words of docs/reference/features.md."""
        return self._formula.format_map(self._words())

    @property
    def meaning(self) -> str:
        return self._meaning.format_map(self._words())

    @property
    def low(self) -> int:
        return -WHOLE.top if self.signed else 0

    @property
    def sampler(self) -> tuple[str, int, int]:
        """Name, exponent and number of the buckets."""
        return self.of, self.numbers["exponent"], self.numbers["buckets"]

    def _words(self) -> dict[str, str]:
        words = {name: str(value) for name, value in self.numbers.items()}
        words |= {f"2^{name}": f"{1 << value:,}" for name, value in self.numbers.items()}
        if "buckets" in self.numbers:
            words["span"] = span(*self.sampler[1:])
        return words | {"of": self.of}


def span(exponent: int, buckets: int) -> str:
    """How long ago the middle is that a sampler tells."""
    return f"{(buckets - 1) * 2**exponent / 1e9:.1f} to {buckets * 2**exponent / 1e9:.1f} s"


@dataclass(frozen=True)
class Table:
    """The features in the order of the vector's elements, and the numbers that they share."""

    features: tuple[Feature, ...]
    share: tuple[int, ...]
    bits: int = 8  # of every feature; the network's input format
    fraction: int = 4  # bits of a logarithm behind the point: sixteenths of an octave
    clip: int = (1 << 16) - 1  # shares of a flow or a trade beyond which it counts as this
    warm_events: int = 256

    @property
    def top(self) -> int:
        """Where every feature saturates; less than 0 for the signed ones."""
        return (1 << self.bits - 1) - 1

    @property
    def depth(self) -> int:
        """Levels of each side that are looked at."""
        return max(feature.numbers.get("level", 1) for feature in self.features)

    def group(self, key: str) -> list[int]:
        """Elements of a group."""
        return [index for index, feature in enumerate(self.features) if feature.key == key]

    def number(self, key: str, name: str) -> int:
        """A number of a feature that is in no group."""
        (index,) = self.group(key)
        return self.features[index].numbers[name]

    def column(self, name: str) -> list[int]:
        """This number of every feature; 0 where it has none."""
        return [feature.numbers.get(name, 0) for feature in self.features]


def _feature(
    key: str,
    signed: bool,
    formula: str,
    meaning: str,
    *,
    name: str = "",
    of: str = "",
    **numbers: int,
) -> Feature:
    return Feature(key, signed, name or key, formula, meaning, of, numbers)


def _imbalance(*, level: int) -> Feature:
    formula, meaning = (
        "log(bid shares {level}) - log(ask shares {level})",
        "queues of level {level}",
    )
    return _feature("imbalance", True, formula, meaning, name="imbalance_{level}", level=level)


def _gap(name: str, *, level: int, knee: int) -> Feature:
    formula = "squash(ask{level} - ask1, {knee}) - squash(bid1 - bid{level}, {knee})"
    meaning = "how far level {level} is from the best, ask less bid"
    return _feature("gap", True, formula, meaning, name=name, level=level, knee=knee)


def _sum(name: str, of: str, meaning: str, *, shift: int, knee: int) -> Feature:
    formula, signed = "squash(mean{shift}({of}), {knee})", of != "|move|"
    return _feature("sum", signed, formula, meaning, name=name, of=of, shift=shift, knee=knee)


def _return(meaning: str, *, lag: int, knee: int) -> Feature:
    formula = "squash(middle - middle {lag} ago, {knee})"
    return _feature("return", True, formula, meaning, name="return_{lag}", lag=lag, knee=knee)


def _trend(meaning: str, *, shift: int, knee: int) -> Feature:
    formula = "squash(middle - level{shift}(middle), {knee})"
    return _feature("trend", True, formula, meaning, name="trend_{2^shift}", shift=shift, knee=knee)


def _momentum(sampler: str, *, exponent: int, buckets: int, knee: int) -> Feature:
    formula, numbers = "squash(middle - sample {of}, {knee})", {"knee": knee}
    numbers |= {"exponent": exponent, "buckets": buckets}
    name = "momentum_{of}"
    return _feature("momentum", True, formula, "in {span}", name=name, of=sampler, **numbers)


# 16 * log2(tanh(d / 32 * ln 2)): how far the micro-price lies from the middle, as a share of half
# the spread, when the sizes differ by d sixteenths of an octave. Without a difference it is never
# off the middle.
_SHARE = (
    -1024,
    *(round(16 * math.log2(math.tanh(d * math.log(2) / 32))) for d in range(1, 128)),
)

WHOLE: Final = Table(share=_SHARE, features=(
    _feature("spread", False, "squash(ask1 - bid1, {knee})", "best ask less best bid", knee=7),
    _feature(
        "spread_change", True, "squash(spread - level{shift}(spread), {knee})", "against its mean",
        shift=5, knee=7,
    ),
    _imbalance(level=1),
    _imbalance(level=2),
    _imbalance(level=3),
    _feature(
        "imbalance_sum", True, "log(sum of {level} bids) - log(sum of {level} asks)",
        "{level} levels together", name="imbalance_{level}", level=5,
    ),
    _feature(
        "imbalance_mean", True, "level{shift}(imbalance_1)", "mean of about {2^shift} events",
        shift=4,
    ),
    _feature(
        "micro_price", True, "sign * max(0, log(spread) + SHARE[|imbalance_1|] - {less})",
        "micro-price less middle: half the spread times tanh of half the logarithm of the sizes",
        less=64,
    ),
    _gap("gap_1", level=2, knee=7),
    _gap("gap_5", level=5, knee=7),
    _feature("flow_1", True, "squash(flow, {knee})", "order-flow imbalance of this event", knee=6),
    _sum("flow_{2^shift}", "flow", "order-flow imbalance of about {2^shift} events", shift=3,
         knee=7),
    _sum("flow_{2^shift}", "flow", "of about {2^shift}", shift=5, knee=8),
    _sum("flow_{2^shift}", "flow", "of about {2^shift}", shift=7, knee=9),
    _sum("pressure_{2^shift}", "pressure", "shares added less shares taken off, bid less ask",
         shift=5, knee=8),
    _return("move of the middle", lag=1, knee=7),
    _return("in {lag} events", lag=4, knee=7),
    _return("in {lag} events", lag=16, knee=7),
    _trend("against its mean", shift=5, knee=7),
    _trend("against a longer mean", shift=7, knee=7),
    _momentum("1s", exponent=28, buckets=4, knee=7),
    _momentum("5s", exponent=30, buckets=5, knee=8),
    _momentum("1min", exponent=34, buckets=4, knee=9),
    _feature(
        "last_move", True, "squash(last move that wasn't 0, {knee})", "where the middle went",
        knee=7,
    ),
    _feature("since_move", False, "log(events since the middle moved)", "how long it stands"),
    _feature(
        "trade", True, "squash(trade, {knee})", "this event's trade; a buyer's is positive", knee=6,
    ),
    _sum("trades_{2^shift}", "trade", "signed trades of about {2^shift} events", shift=3, knee=7),
    _sum("trades_{2^shift}", "trade", "of about {2^shift}", shift=6, knee=8),
    _feature(
        "pause", False, "log(time / {2^unit}) / {2^step}",
        "time since the last event, in 1/{2^step} octaves", unit=10, step=2,
    ),
    _feature("pace", False, "level{shift}(pause)", "mean of about {2^shift} events", shift=4),
    _sum("volatility_{2^shift}", "|move|", "absolute moves of about {2^shift} events", shift=4,
         knee=8),
    _sum("volatility_{2^shift}", "|move|", "of about {2^shift}", shift=8, knee=11),
))  # fmt: skip

TABLE: Final = WHOLE.features
NAMES: Final = tuple(feature.name for feature in TABLE)
TOP: Final = WHOLE.top
if len(TABLE) > FEATURES or WHOLE.bits > FEATURE_W or len(set(NAMES)) != len(NAMES):
    raise ImportError("the feature table doesn't fit the feature_vector record")


def table_hash() -> str:
    """What of the table a model depends on: part of its id."""
    parts = [(f.name, f.signed, f.formula) for f in TABLE]
    lags = tuple(TABLE[at].numbers["lag"] for at in WHOLE.group("return"))
    samplers = tuple(TABLE[at].sampler for at in WHOLE.group("momentum"))
    unit, less = WHOLE.number("pause", "unit"), WHOLE.number("micro_price", "less")
    shared = (WHOLE.bits, WHOLE.top, WHOLE.fraction, WHOLE.depth, WHOLE.clip)
    constants = (*shared, lags, samplers, unit, less, WHOLE.share)
    return hashlib.sha256(repr((parts, constants)).encode()).hexdigest()
