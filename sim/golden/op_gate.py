"""Golden model of op_gate: what happens in a cycle happens one after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sim.golden.order_table import EMPTIES, OPERATION, PAIRS, SLOTS, plain
from sim.golden.tick_pkg import NUMBERS, Reasons, pack, pack_some

EVERY = (1 << SLOTS) - 1
NONE, LOAD, TRUST = OPERATION["NONE"], OPERATION["LOAD"], OPERATION["TRUST"]
CLEAR = OPERATION["CLEAR"]
NO_START = NUMBERS["REASON_NO_START"]
LOUD = (
    "s_valid",
    "lost",
    "turned",
    "session_ended",
    "begins",
)  # the host waits while one of these comes
SESSION_ENDED, BAD_FRAME = NUMBERS["REASON_SESSION_ENDED"], NUMBERS["REASON_BAD_FRAME"]
DROPPED = NUMBERS["REASON_DROPPED"]
Op = dict[str, int]
EVENTS = ("book_drops", "kept_out", "refused_trusts")


def names(op: Op, session: int | None) -> bool:
    """Whether a trust names it: eight characters, and two."""
    if session is None:
        return False
    return (op["order_reference"], op["price"]) == divmod(session, 1 << 16)


@dataclass
class Slot:
    loading: bool = False
    last: int | None = None  # the newest number: of an operation, a trust, or what may be missing
    upto: int | None = None  # kept out since trust
    begun: bool = False  # this session had something of its book, or may have had
    missed: bool = False  # in the cycle before

    def keeps(self, number: int) -> bool:
        """Whether the slot keeps an operation of the feed out."""
        kept = self.loading or (self.upto is not None and number <= self.upto)
        if self.upto is None or number > self.upto:
            self.upto, self.last = None, number
        return kept

    def trusts(self, upto: int) -> bool:
        return self.loading and (self.last is None or self.last <= upto)


@dataclass
class Mask:
    """`reasons` is of every slot that became stale since none waited last, the first one's."""

    slots: int = 0
    reasons: dict[int, int] = field(default_factory=dict)

    def add(self, slots: int, why: int) -> None:
        for slot in range(SLOTS):
            if slots >> slot & 1:
                self.reasons.setdefault(slot, why)
        self.slots |= slots

    def next(self) -> Mask:
        """Of what comes behind it."""
        return Mask(0, self.reasons)


class OpGate:
    """`met` counts what happened; `left` are the operations that left."""

    inputs = (
        *("s_valid", "s_op", "lost", "lost_reason", "turned", "turned_reason"),
        *("session_ended", "begins", "bad_frame", "host_valid", "host_op", "sweeping"),
        *("n_sequence_number", "follows", "in_session", "session"),
    )

    def __init__(self, spacing: int, depth: int, books: int) -> None:
        self.spacing, self.depth, self.books = spacing, depth, books
        self.met: Counter[str] = Counter()
        self.left: list[Op] = []
        self.reset()

    def reset(self) -> None:
        self.slots = [Slot() for _ in range(self.books)]
        self.queue: list[tuple[Op, bool, Mask]] = []  # the flag: kept out
        self.behind = Mask()
        self.wait = 0  # cycles until one may be taken
        self.asked = 0  # cycles in which the host asked and the feed was silent
        self.touched, self.frame = 0, -1
        self.follows = [0, 0]  # before, and before that
        self.session: list[int | None] = [None, None]  # that goes on, likewise
        self.out = self._nothing()

    def _nothing(self) -> dict[str, int]:
        return dict.fromkeys(("m_valid", "m_stale", *EVENTS), 0)

    def outputs(self) -> dict[str, int]:
        ports = {name: value for name, value in self.out.items() if name not in EVENTS}
        events = {name: self.out[name] for name in EVENTS}
        return ports | {"path_events": pack_some("path_events", events)}

    def beside(self, **inputs: int) -> dict[str, int]:
        silent = self.asked and not any(inputs[name] for name in LOUD)
        silent = silent and not (self.queue or self.wait)
        if not (inputs["host_valid"] and silent):
            return {"host_ready": 0}
        op = plain("book_op", inputs["host_op"])
        if op["operation"] == TRUST and self.asked < 2:
            return {"host_ready": 0}
        held = op["operation"] in EMPTIES and inputs["sweeping"] >> op["slot"] & 1
        self.met["held"] += held
        return {"host_ready": int(not held)}

    def step(self, **inputs: int) -> None:
        taken = self.beside(**inputs)["host_ready"]
        self.out = self._nothing()
        may, waits = not self.wait, bool(self.queue)
        self.wait = max(0, self.wait - 1)
        self._missing(inputs)
        if inputs["session_ended"]:
            self.behind.add(EVERY, SESSION_ENDED)
            self._anew()
        if inputs["begins"]:  # what is there was there before the session
            given = [n for n, slot in enumerate(self.slots) if slot.loading or slot.begun]
            self.met["given before"] += bool(given)
            self.behind.add(sum(1 << n for n in given), SESSION_ENDED)
            self._anew()
        full = len(self.queue) == self.depth
        now = Mask()
        if waits and may:
            self._leave(*self.queue.pop(0))
        elif not waits:
            now, self.behind = self.behind, Mask()
        if inputs["s_valid"]:
            self._feed(plain("book_op", inputs["s_op"]), may and not waits, full)
        elif taken:
            self._host(plain("book_op", inputs["host_op"]))
        alone = not (waits or inputs["s_valid"] or inputs["host_valid"])
        if inputs["bad_frame"]:
            (now if alone else self.behind).add(self.touched, BAD_FRAME)
        if now.slots:
            self.met["alone"] += alone
            self._stale(now)
        silent = inputs["host_valid"] and not (taken or any(inputs[name] for name in LOUD))
        self.asked = self.asked + 1 if silent else 0
        self.follows = [inputs["follows"], self.follows[0]]
        goes_on = inputs["session"] if inputs["in_session"] else None
        self.session = [goes_on, self.session[0]]

    def _anew(self) -> None:
        for slot in self.slots:
            slot.last = slot.upto = None
            slot.begun = slot.missed = False

    def _missing(self, inputs: dict[str, int]) -> None:
        """Every slot may lack messages, or some; how many is known a cycle later."""
        for slot in self.slots:
            if slot.missed:
                slot.last = (inputs["n_sequence_number"] - 1) % (1 << 64)
            slot.missed = False
        which = inputs["turned"]
        if inputs["lost"]:
            self.behind.add(EVERY, inputs["lost_reason"])
        if which:
            self.behind.add(which, inputs["turned_reason"])
        for number, slot in enumerate(self.slots):
            if inputs["lost"] or which >> number & 1:
                slot.missed = slot.begun = True
                slot.last, slot.upto = slot.last or 0, None

    def _feed(self, op: Op, at_once: bool, full: bool) -> None:
        if op["frame_cycle"] != self.frame:
            self.frame, self.touched = op["frame_cycle"], 0
        kept = False
        if op["operation"] != NONE:
            self.touched |= 1 << op["slot"]
            if op["slot"] < self.books:
                self.slots[op["slot"]].begun = True
            if op["slot"] < self.books and self.slots[op["slot"]].keeps(op["sequence_number"]):
                self.out["kept_out"] = 1
                self.met["loading" if self.slots[op["slot"]].loading else "guarded"] += 1
                self.met["ends"] += op["last_of_packet"]
                kept = True
        if at_once:
            self._leave(op, kept, Mask())
        elif full:
            self.out["book_drops"] = 1
            self.met["dropped"] += 1
            if op["operation"] != NONE and not kept:
                self.behind.add(1 << op["slot"], DROPPED)
        else:
            self.queue.append((op, kept, self.behind))
            self.met["queued"] += 1
            self.met["queued_kept"] += kept
            self.met["queued_mask"] += bool(self.behind.slots)
            self.behind = self.behind.next()

    def _host(self, op: Op) -> None:
        slot = self.slots[op["slot"]] if op["slot"] < self.books else Slot()
        if op["operation"] in EMPTIES:
            slot.loading, slot.upto = op["operation"] == LOAD, None
        if op["operation"] == CLEAR:
            op = op | {"reason": NO_START if slot.begun else 0}
            self.met["clears_untrusted" if slot.begun else "clears"] += 1
        if op["operation"] == TRUST:
            whole = slot.trusts(op["sequence_number"])
            followed = self.follows[1] >> op["slot"] & 1
            of_it = names(op, self.session[1])
            self.met["trust of nobody"] += whole and not followed
            self.met["trust of another session"] += whole and followed and not of_it
            if not (whole and followed and of_it):
                self.out["refused_trusts"] = 1
                self.met["refused"] += 1
                return
            self.met["equal"] += slot.last == op["sequence_number"]
            self.met["trusted"] += 1
            slot.loading, slot.begun = False, True
            slot.last = slot.upto = op["sequence_number"]
        self.met["host"] += 1
        self._leave(op, False, Mask())

    def _leave(self, op: Op, kept: bool, mask: Mask) -> None:
        self.wait = self.spacing - 1 + 2 * (op["operation"] in PAIRS)
        self._stale(mask)
        if kept:
            op = op | {"operation": NONE, "slot": 0}
        if not kept or op["last_of_packet"]:
            self.left.append(op)
            self.out |= {"m_valid": 1, "m_op": pack("book_op", op)}

    def _stale(self, mask: Mask) -> None:
        self.out["m_stale"] = mask.slots
        given = {slot: why for slot, why in mask.reasons.items() if mask.slots >> slot & 1}
        self.out["m_stale_reasons"] = Reasons.of(given)
        for why in given.values():
            self.met[f"stale_{why:#x}"] += 1
        self.met["several_reasons"] += len(set(given.values())) > 1
