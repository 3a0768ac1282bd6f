"""How late each stage of the path is, and what held a signal up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.lib import feed_judge
from sim.run_path.judge import align
from sim.run_path.orders import Ordered
from tickwire.board.virtual.observed import Observed
from tickwire.replay.path import Expected

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Stages:
    """Cycles of each stage, of what passed it, and from a message's last byte to its signal: of the
    message's own instrument, and of the others of its packet, which follow. `own` says which a
    signal is, in the order of the slots."""

    cycles: dict[str, Array]
    own: Array
    message: Array  # the sequence number of each signal


def stages(observed: Observed, expected: Expected, ordered: Ordered | None = None) -> Stages | None:
    """Nothing where rows are lacking: then no row is known to be of another."""
    counts = {name: len(cycles) for name, (cycles, _) in observed.records.items()}
    if {counts["operations"], counts["tops"]} != {len(expected.operations)}:
        return None
    if {counts[name] for name in ("vectors", "network", "signals")} != {len(expected.vectors)}:
        return None
    operations, tops = observed.cycles_of("operations"), observed.cycles_of("tops")
    stamps = observed.rows("operations")["message_cycle"].astype(np.int64)
    vectors, network, signals = (
        observed.cycles_of(name) for name in ("vectors", "network", "signals")
    )
    rows = observed.rows("vectors")
    order = align(rows["slot"], expected.vectors["slot"])
    sends = expected.sends[order.expected]
    own = expected.outcome.tops["slot"][sends] == expected.vectors["slot"][order.expected]
    ready = vectors[order.observed] - tops[sends]
    whole = (signals - rows["message_cycle"].astype(np.int64))[order.observed]
    way_out = _way_out(ordered)
    whole_way = {name: way_out.pop(name) for name in [*way_out] if name.startswith("tick")}
    cycles = {
        "operations": operations - stamps,
        "book": tops - operations,
        "features": ready[own],
        "network": network - vectors,
        "signal": signals - network,
        **way_out,
        "tick to signal": whole[own],
    }
    if (~own).any():
        cycles["tick to signal, others"] = whole[~own]
    cycles |= whole_way
    return Stages(cycles, own, expected.vectors["sequence_number"][order.expected])


def _way_out(ordered: Ordered | None) -> dict[str, Array]:
    """Each in its cycle, where all are as they were expected."""
    if ordered is None or any(level.mismatches for level in ordered.levels):
        return {}
    orders = ordered.expected
    passed = np.isin(orders.decided + 1, orders.sent)
    ticks = orders.orders["message_cycle"].astype(np.int64)
    left, frames = ordered.left, ordered.frames
    if len(frames) != len(left):  # there is no session
        left = left[:0]
    return {
        "order": orders.decided - ordered.signals,
        "wire": orders.sent - orders.decided[passed],
        "frame": frames["cycle"] - orders.sent[left],
        "tick to order": orders.sent - ticks,
        "tick to frame": frames["cycle"] - ticks[left],
        "tick to its end": frames["last"] - ticks[left],
    }


def spread(values: Array) -> tuple[int, int, int, int]:
    """Min, p50, p99, max, each a value that occurs."""
    kinds = np.percentile(values, [0, 50, 99, 100], method="inverted_cdf")
    return tuple(int(one) for one in kinds)  # type: ignore[return-value]


@dataclass(frozen=True)
class Waits:
    """Signals of a message's own instrument: the latency of those that nothing held up, and how
    many others had each cause. `unknown`: those that didn't take exactly that and their waits."""

    all: int
    unwaited: int
    least: int
    most: int
    causes: dict[str, int]
    unknown: int


def waits(observed: Observed, expected: Expected, spacing: int, loop: int) -> Waits:
    """When each operation leaves op_gate, and each vector nn's queue, follows from when they came:
    operations are `spacing` cycles apart, a replace is 2 longer, vectors are 2 cycles apart and
    `loop` from the last step of their slot (1: the network has no state)."""
    cycles = stages(observed, expected)
    assert cycles is not None
    order = align(observed.rows("vectors")["slot"], expected.vectors["slot"])
    sends = expected.sends[order.expected][cycles.own]
    came, causes = observed.cycles_of("operations"), observed.rows("causes")
    before, longer = (
        waited[sends] for waited in feed_judge.waits(came, causes, expected.operations, spacing)
    )
    steps = np.zeros(len(expected.steps), np.bool_)
    steps[order.observed] = expected.steps[order.expected]
    paced, looped = (
        waited[order.observed][cycles.own] for waited in _in_network(observed, steps, loop)
    )
    whole = cycles.cycles["tick to signal"]
    free = (before == 0) & (longer == 0) & (paced == 0) & (looped == 0)
    least = int(whole[free].min()) if free.any() else 0
    causes_of = {
        "a_replace": longer,
        "operations_before": before,
        "vectors_before": paced,
        "its_slots_last_step": looped,
    }
    return Waits(
        len(whole),
        int(free.sum()),
        least,
        int(whole[free].max()) if free.any() else 0,
        {name: int((waited > 0).sum()) for name, waited in causes_of.items()},
        int((whole != least + before + longer + paced + looped).sum()),
    )


def _in_network(observed: Observed, steps: Array, loop: int) -> tuple[Array, Array]:
    """Of each vector, in the order in which they came: cycles that it waited for the one before,
    and from then on for the last step of its slot."""
    came, vectors = observed.cycles_of("vectors"), observed.rows("vectors")
    paced, looped = np.zeros(len(came), np.int64), np.zeros(len(came), np.int64)
    last, stepped = -2, dict[int, int]()
    columns = (came, vectors["slot"], vectors["warm"], steps)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for row, (cycle, slot, warm, step) in enumerate(rows):
        goes = max(cycle, last + 2)
        paced[row] = goes - cycle
        if step or not warm:
            looped[row] = max(0, stepped.get(slot, goes - loop) + loop - goes)
        last = goes + int(looped[row])
        if step:
            stepped[slot] = last
    return paced, looped
