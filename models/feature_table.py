"""The one table of the features: what the network's inputs are, and how each is had.

`models.features` computes them, `models.naive_features` says the same in plain Python, and
hw/rtl/features.sv in hardware. docs/reference/features.md and hw/gen/feature_pkg.sv are made from here:
`python -m models.feature_table` writes them; `--check` fails where one has drifted.

Everything is whole numbers. There is no division and no multiplication: sums, shifts, comparisons,
logarithms that are a leading-one search and the bits behind it, and one table of 128 entries.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hwtools.generate.files import drift, write
from hwtools.toolchain import ROOT
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


def page() -> str:
    """docs/reference/features.md."""
    rows = [
        f"| {index} | `{f.name}` | {BITS} | {'yes' if f.signed else 'no'} "
        f"| {f.low} to {TOP} | `{f.formula}` | {f.meaning} |"
        for index, f in enumerate(TABLE)
    ]
    samplers = [
        f"| {name} | 2^{exponent} ns ({2**exponent / 1e9:.3g} s) | {count} "
        f"| {(count - 1) * 2**exponent / 1e9:.1f} to {count * 2**exponent / 1e9:.1f} s |"
        for name, exponent, count in SAMPLERS
    ]
    shares = [
        "    " + ", ".join(str(value) for value in SHARE[at : at + 16])
        for at in range(0, len(SHARE), 16)
    ]
    lines = _PAGE.format(
        rows="\n".join(rows),
        samplers="\n".join(samplers),
        shares="\n".join(shares),
        elements=len(TABLE),
        bits=BITS,
        depth=DEPTH,
        clip=f"{CLIP:,}",
        most=f"{MOST_COUNT:,}",
        events=WARM_EVENTS,
        top=TOP,
        share=LOG_MICRO,
    )
    # pipes of absolute values would end a cell
    return lines.replace("[|imbalance_1|]", "[abs imbalance_1]").replace("(|move|)", "(abs move)")


_PAGE = """# Features

*Generated from models/feature_table.py by `python -m models.feature_table`. Don't edit.*

What the network sees: {elements} whole numbers of {bits} bits, made from `top_of_book` and
`depth`. They are the network's input integers as they stand; there is no scaling after them.
`models/features.py` computes them, `models/naive_features.py` says the same without haste.

## When

Every `top_of_book` record updates the state of its slot, by the first rule that applies:

1. Its operation is `none`: nothing changes.
2. The book is stale (a gap, an overflow, loading), or the operation is `clear`: the slot's state
   is as new, and all its features are 0. So a gap clears the history, and the slot is cold.
   `trust` does the same, and then the sides of the book are *lacking*, since a record shows the
   hardware one side only: the operation's, if it is add, execute, cancel, delete or replace, else
   the buy side. A side that is lacking counts as empty, until a record of that side comes.
3. Nothing changed within the best {depth} prices and sizes of either side: not an event. (What
   happens deeper, a feed of {depth} levels wouldn't tell; models trained on one see the other
   alike.) Only *previous was fine*, below, is set.
4. The book's reason isn't `ok` (halted, crossed, locked, one-sided), or a side is lacking: not an
   event either; its levels are remembered.
5. Else it is an **event**: the state takes it in, and every feature is made anew.

A vector goes to the network once a touched slot at the end of each packet (the default), or at
each book change; it is the slot's vector as it stands then. At the end of a packet the slot of its
last message comes first, the others follow upwards. `reason` is the book's reason; where that is
`ok` and the slot isn't warm, `warming_up`. A slot is **warm** after {events} events, when also
every sampler is full.

## Words

Prices are in 1/10,000 dollar. `middle` is best bid plus best ask, twice the middle price. Shifts
to the right round towards minus infinity.

- `log(x)`: sixteenths of an octave of x + 1. With y = x + 1 and e the place of its leading one,
  16 e plus the four bits behind the leading one (zeros where there are none). `log(0)` is 0.
- `squash(x, k)`: sign(x) times (16 (e - k) plus the four bits behind the leading one) of y = |x|
  + 2^k. About x / 2^(k - 4) near 0, sixteenths of an octave far out. At most {top}.
- `mean n(x)`: a running sum, s + x - (s >> n), of about 2^n events; it begins with 0. `level
  n(x)`: the same, shifted right by n; it begins with the first x.
- `flow`: bid shares now, if the bid price didn't fall, less bid shares before, if it didn't rise;
  less the same of the asks, the other way round. 0 where the record before wasn't fine (rules 3
  and 4).
- `trade`: shares of an execution, positive where a resting sell order was hit; else 0.
- `pressure`: shares added, less shares executed, cancelled or deleted, on the bid; the negative
  of it on the ask. A replace is 0.
- `flow`, `trade` and `pressure` are held within ±{clip}.
- `move`: middle less the middle of the event before; 0 at the first. Events since it moved: 0
  when it just did, at most {most}.
- `time`: since the event before, not below 0; 0 at the first.
- A level that isn't there has price and size 0; a gap to it is 0.

Every feature saturates at ±{top}, unsigned ones at 0 and {top}.

## Table

| element | feature | bits | signed | range | how | meaning |
| --- | --- | --- | --- | --- | --- | --- |
{rows}

## Samplers

The middle some time ago, by the exchange's time stamps: a few registers, and no search. Time is
cut into buckets of a power of two of nanoseconds. A sampler holds the middles in force as each of
its latest buckets began; when an event comes in a later bucket, those between begin with the
middle before that event. The momentum is against the oldest one. A sampler is full when as many
buckets have begun since the first event as it holds.

| sampler | bucket | buckets | looks back |
| --- | --- | --- | --- |
{samplers}

## SHARE

16 log2(tanh(d ln 2 / 32)): what share of half the spread the micro-price is off the middle, by
the difference of sizes. `micro_price` is 0 below {share} sixteenths of an octave of 1/10,000
dollar.

{shares}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.feature_table", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree that holds the files")
    told = parser.parse_args(arguments)
    from models.feature_package import package  # it reads this table

    texts = {"docs/reference/features.md": page(), "hw/gen/feature_pkg.sv": package()}
    if told.check:
        report = drift(texts, told.root)
        print("\n\n".join(report) or f"{' and '.join(texts)} are what the table makes")
        return bool(report)
    print("\n".join(f"wrote {name}" for name in write(texts, told.root)) or "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
