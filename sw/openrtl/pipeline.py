"""Integer logic cut into clocked stages.

Each operation is placed in the earliest stage where it still ends within the period, by a delay
model. Inputs may enter later than stage 0 (a state is read after all that depends on x alone), and
some outputs may leave early (the next state).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from alkaid.trace.passes import dead_code_elimin
from alkaid.types import CombLogic, Op

INPUT, CONSTANT = -1, 5
ADDITIONS = (-2, 0, 1, 4, 11)
PRODUCT, LOOKUP = 7, 8
FREE = (-1, 3, 5)  # wires


@dataclass(frozen=True)
class DelayModel:
    """Nanoseconds of logic with the route into it, from critical paths of routed ECP5 designs.

    `scale` fits the model to one network: the period after routing, divided by the estimated one.
    """

    base: float = 1.75  # an adder of no width
    bit: float = 0.03  # and each bit of its carry chain
    gate: float = 1.2  # one LUT: a mux, a rectifier's mask, a bit operation
    lookup: float = 2.4  # a table of up to 7 address bits
    lookup_bit: float = 0.6  # each address bit more
    product: float = 5.0  # of two variables
    setup: float = 1.5  # clock to output, the longer first route, and the setup of the register
    scale: float = 1.0

    def of(self, op: Op, ops: list[Op]) -> float:
        width = sum(map(int, op.qint.kif))
        if op.opcode in FREE or width == 0:
            return 0.0
        if op.opcode in ADDITIONS:
            return self.scale * (self.base + self.bit * width)
        if op.opcode == LOOKUP:
            address = sum(map(int, ops[op.addr[0]].qint.kif))
            return self.scale * (self.lookup + self.lookup_bit * max(0, address - 7))
        return self.scale * (self.product if op.opcode == PRODUCT else self.gate)

    @property
    def overhead(self) -> float:
        return self.scale * self.setup


@dataclass(frozen=True)
class Staged:
    """Logic with a stage for every operation. `ready[i]` is the stage that ends with output i."""

    logic: CombLogic
    stage: list[int]
    enter: list[int]
    ready: list[int]

    @property
    def depth(self) -> int:
        return max(self.ready, default=0) + 1


def place(logic: CombLogic, period: float, model: DelayModel, enter: list[int]) -> Staged:
    """Earliest stages for a clock period in nanoseconds."""
    room = period - model.overhead
    stage: list[int] = []
    time: list[float] = []
    for op in logic.ops:
        if op.opcode == INPUT:
            stage.append(enter[op.data[0]])
            time.append(0.0)
            continue
        live = [a for a in op.addr if logic.ops[a].opcode != CONSTANT]
        at = max((stage[a] for a in live), default=0)
        begins = max((time[a] for a in live if stage[a] == at), default=0.0)
        takes = model.of(op, logic.ops)
        if begins > 0 and takes > 0 and begins + takes > room:
            at, begins = at + 1, 0.0
        stage.append(at)
        time.append(begins + takes)
    ready = [stage[i] if i >= 0 else 0 for i in logic.out_idxs]
    return Staged(logic, stage, enter, ready)


def shortest_period(logic: CombLogic, depth: int, model: DelayModel, enter: list[int]) -> float:
    """The shortest period, to 10 ps, at which the logic fits into so many stages."""
    low = model.overhead
    high = low + sum(model.of(op, logic.ops) for op in logic.ops) + 1.0
    while high - low > 0.01:
        middle = (low + high) / 2
        if place(logic, middle, model, enter).depth <= depth:
            high = middle
        else:
            low = middle
    return high


@dataclass(frozen=True)
class Loop:
    """The stages where a state enters the pipeline and where the next state leaves it."""

    read: int
    write: int

    @property
    def cycles(self) -> int:
        """Clocks between two ticks of one instrument: the stages, and one to write the state."""
        return self.write - self.read + 2


def place_loop(
    logic: CombLogic,
    period: float,
    model: DelayModel,
    state_inputs: Collection[int],
    state_outputs: Collection[int],
) -> tuple[Staged, Loop]:
    """Read the state as late as the latency allows: the fewest stages, then the shortest loop."""
    count = logic.shape[0]
    best: tuple[Staged, Loop] | None = None
    for read in range(64):
        enter = [read if i in state_inputs else 0 for i in range(count)]
        staged = place(logic, period, model, enter)
        loop = Loop(read, max([read, *(staged.ready[i] for i in state_outputs)]))
        if best is None or (staged.depth, loop.cycles) < (best[0].depth, best[1].cycles):
            best = staged, loop
        if staged.depth > best[0].depth:
            break
    assert best is not None
    return best


@dataclass(frozen=True)
class Stage:
    """One stage's logic. `values` are the operations whose results it takes and gives, in order."""

    logic: CombLogic
    takes: list[int]
    gives: list[int]


def split(staged: Staged, early: Collection[int] = ()) -> list[Stage]:
    """The stages as separate logic. `early` outputs leave at the end of their own stage."""
    logic, stage = staged.logic, staged.stage
    needed = _last_use(staged, early)
    stages = []
    for at in range(staged.depth):
        takes = _live(staged, needed, at)
        later = _live(staged, needed, at + 1) if at + 1 < staged.depth else []
        gives = [i for i in later if not (logic.ops[i].opcode == INPUT and stage[i] == at + 1)]
        own = [
            i
            for i, op in enumerate(logic.ops)
            if stage[i] == at and op.opcode not in (INPUT, CONSTANT)
        ]
        last = at + 1 == staged.depth
        leaving = [
            n
            for n, i in enumerate(logic.out_idxs)
            if (n in early and staged.ready[n] == at) or (last and n not in early)
        ]
        stages.append(Stage(_part(logic, takes, own, gives, leaving), takes, gives))
    return stages


def _last_use(staged: Staged, early: Collection[int]) -> list[int]:
    logic, stage = staged.logic, staged.stage
    needed = [-1] * len(logic.ops)
    for i, op in enumerate(logic.ops):
        for a in op.addr:
            needed[a] = max(needed[a], stage[i])
    for n, i in enumerate(logic.out_idxs):
        if i >= 0:
            needed[i] = max(needed[i], staged.ready[n] if n in early else staged.depth - 1)
    return needed


def _live(staged: Staged, needed: list[int], at: int) -> list[int]:
    """Values that are in registers when stage `at` begins, inputs of that stage included."""
    ops, stage = staged.logic.ops, staged.stage
    live = []
    for i, op in enumerate(ops):
        if op.opcode == CONSTANT or sum(map(int, op.qint.kif)) == 0:
            continue
        arrives = stage[i] if op.opcode == INPUT else stage[i] + 1
        if needed[i] >= at >= arrives:
            live.append(i)
    return live


def _part(
    logic: CombLogic, takes: list[int], own: list[int], gives: list[int], leaving: list[int]
) -> CombLogic:
    """One stage as alkaid logic: it takes registers; it gives registers, then leaving outputs."""
    ops: list[Op] = []
    place_of: dict[int, int] = {}
    for position, i in enumerate(takes):
        place_of[i] = len(ops)
        ops.append(Op((), INPUT, (position,), logic.ops[i].qint, 0.0, 0.0))
    results = [*gives, *(logic.out_idxs[n] for n in leaving)]
    needed = {a for i in own for a in logic.ops[i].addr} | {i for i in results if i >= 0}
    absent = [i for i in sorted(needed) if i not in place_of and i not in set(own)]
    for i in absent:  # constants, and inputs of no bits
        place_of[i] = len(ops)
        op = logic.ops[i]
        data = op.data if op.opcode == CONSTANT else (0,)
        ops.append(Op((), CONSTANT, data, op.qint, 0.0, 0.0))
    for i in own:
        place_of[i] = len(ops)
        op = logic.ops[i]
        ops.append(
            Op(tuple(place_of[a] for a in op.addr), op.opcode, op.data, op.qint, 0.0, op.cost)
        )
    shifts = [0] * len(gives) + [logic.out_shifts[n] for n in leaving]
    negs = [False] * len(gives) + [logic.out_negs[n] for n in leaving]
    part = CombLogic(
        (len(takes), len(results)),
        [0] * len(takes),
        [place_of[i] if i >= 0 else -1 for i in results],
        shifts,
        negs,
        ops,
        logic.carry_size,
        logic.adder_size,
        logic.lookup_tables,
    )
    return dead_code_elimin(part, keep_dead_inputs=True)
