"""docs/reference/features.md, made from the table."""

from __future__ import annotations

from tickwire.features.table import WHOLE, Table, span


def page(table: Table = WHOLE) -> str:
    """docs/reference/features.md."""
    rows = [
        f"| {index} | `{f.name}` | {table.bits} | {'yes' if f.signed else 'no'} "
        f"| {-table.top if f.signed else 0} to {table.top} | `{f.formula}` | {f.meaning} |"
        for index, f in enumerate(table.features)
    ]
    samplers = [
        f"| {name} | 2^{exponent} ns ({2**exponent / 1e9:.3g} s) | {buckets} "
        f"| {span(exponent, buckets)} |"
        for name, exponent, buckets in (
            table.features[at].sampler for at in table.group("momentum")
        )
    ]
    shares = [
        "    " + ", ".join(str(value) for value in table.share[at : at + 16])
        for at in range(0, len(table.share), 16)
    ]
    lines = _PAGE.format(
        rows="\n".join(rows),
        samplers="\n".join(samplers),
        shares="\n".join(shares),
        elements=len(table.features),
        bits=table.bits,
        fraction=table.fraction,
        parts=1 << table.fraction,
        halves=2 << table.fraction,
        depth=table.depth,
        clip=f"{table.clip:,}",
        events=table.warm_events,
        top=table.top,
        less=table.number("micro_price", "less"),
    )
    # pipes of absolute values would end a cell
    return lines.replace("[|imbalance_1|]", "[abs imbalance_1]").replace("(|move|)", "(abs move)")


_PAGE = """# Features

*Generated from sw/tickwire/features/table.py by `python -m tickwire.features`. Don't edit.*

What the network sees: {elements} whole numbers of {bits} bits, made from `top_of_book` and
`depth`. They are the network's input integers as they stand; there is no scaling after them.
`sw/tickwire/features/kernel.py` computes them, `sw/tickwire/features/naive.py` says the same
without haste, and `hw/rtl/features.sv` does it in hardware.

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

- `log(x)`: x + 1 in octaves, counted in 1/{parts} of one. With y = x + 1 and e the place of its
  leading one, {parts} e plus the {fraction} bits behind the leading one (zeros where there are
  none). `log(0)` is 0.
- `squash(x, k)`: sign(x) times ({parts} (e - k) plus the {fraction} bits behind the leading one) of
  y = |x| + 2^k. About x / 2^(k - {fraction}) near 0, 1/{parts} octaves far out. At most {top}.
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
  when it just did.
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

{parts} log2(tanh(d ln 2 / {halves})): what share of half the spread the micro-price is off the
middle, by the difference of sizes. `micro_price` is 0 below {less}/{parts} octaves of 1/10,000
dollar.

{shares}
"""
