"""Golden model of slot_follow: what each slot follows, cycle by cycle, and when that changed."""

from __future__ import annotations

from collections import Counter

from sim.golden.itch_parse import fields, number
from sim.golden.tick_pkg import NUMBERS, pack_some

SLOTS = NUMBERS["SLOTS"]
REASONS = [NUMBERS[f"REASON_{name}"] for name in ("NOT_ENABLED", "NO_START", "RELOCATED")]
NOT_ENABLED, NO_START, RELOCATED = REASONS
BLANKS = (b" " * 8, bytes(8))
LATE = 2  # cycles after a change within which an order still counts; a halt one more
Follows = tuple[bool, int, bytes]  # enabled, its locate, its symbol


def change(before: Follows, now: Follows) -> int | None:
    if before[0] != now[0]:
        return NO_START if now[0] else NOT_ENABLED
    return RELOCATED if now[0] and now[1:] != before[1:] else None


class SlotFollow:
    """`told` counts the slots that were turned, by reason; `met` what was seldom met."""

    inputs = (
        *("enable", "learn", "locate", "symbol", "order", "lost", "over", "opens", "undone"),
        *("s_valid", "s_message"),
    )

    def __init__(self) -> None:
        self.told = dict.fromkeys(REASONS, 0)
        self.met = Counter[str]()
        self.before: list[Follows] | None = None
        self.reset()

    def reset(self) -> None:
        self._forget()
        self.teaches: dict[int, int] = {}  # what `learned` says now
        self.taught: dict[int, int] = {}  # what slots had that learned since a frame opened
        self.then: tuple[list[int], set[int]] = ([0] * SLOTS, set())  # locates and doubts then
        self.wrote: set[int] = set()  # slots whose locate is what was learned
        self.wrote_what: dict[int, int] = {}
        self.robbed: list[set[int]] = [set(), set()]  # or was taken from them
        self.out = {"learned": 0, "m_locate": 0, "turned": 0, "path_events": 0}

    def _forget(self) -> None:
        self.flows = self.heard = self.halts = False
        # Slot to reason, and whether it was the host's doing, the newest cycle last.
        self.changes: list[dict[int, tuple[int, bool]]] = []
        self.doubted: set[int] = set()

    def outputs(self) -> dict[str, int]:
        return self.out

    def step(self, **inputs: int) -> None:
        symbols = [(inputs["symbol"] >> 64 * slot & (1 << 64) - 1).to_bytes(8, "big")
                   for slot in range(SLOTS)]  # fmt: skip
        enabled = [bool(inputs["enable"] >> slot & 1) for slot in range(SLOTS)]
        locates = [inputs["locate"] >> 16 * slot & 0xFFFF for slot in range(SLOTS)]
        now = [*zip(enabled, locates, symbols, strict=True)]
        learns = [slot for slot in range(SLOTS) if inputs["learn"] >> slot & 1]
        self.flows |= bool(inputs["order"] or inputs["lost"])
        before = self.before or now
        every = {slot: why for slot in range(SLOTS) if (why := change(before[slot], now[slot]))}
        # What the host writes in the cycle in which a slot is told its locate is its own change.
        stays = {slot for slot in range(SLOTS) if before[slot][0] and now[slot][0]}
        other = {slot for slot in self.wrote & stays if self.wrote_what[slot] != locates[slot]}
        every |= dict.fromkeys(other, RELOCATED)
        self.wrote -= other
        self.robbed[1] = self.robbed[1] - other
        self.met["written, not learned"] += len(other)
        moved = {slot for slot, why in every.items()
                 if why == RELOCATED and before[slot][2] == symbols[slot]}  # fmt: skip
        new = {slot: (why, not (slot in moved and slot in self.wrote))
               for slot, why in every.items() if slot not in moved & self.robbed[1]}  # fmt: skip
        self.met["renamed"] += sum(why == RELOCATED for why in every.values()) - len(moved)
        self.robbed = [set(), self.robbed[0]]
        self.before = now
        has = [self.teaches.get(slot, now[slot][1]) for slot in range(SLOTS)]
        self.wrote, self.wrote_what = set(self.teaches), dict(self.teaches)
        if inputs["opens"]:
            self.then, self.taught = (has, set(self.doubted)), {}
        self.changes = [*self.changes, new][-2 - LATE :]
        self.halts = False
        at_once, fresh, self.teaches = set[int](), set[int](), {}
        message = inputs["s_message"].to_bytes(40, "big")
        if inputs["s_valid"] and message[:1] == b"R":
            stock, locate = fields(message)["stock"], number(message[1:3])
            named = {slot for slot in range(SLOTS) if symbols[slot] == stock}
            known = {slot for slot in range(SLOTS) if symbols[slot] not in (stock, *BLANKS)}
            robbed = {slot for slot in known if now[slot][1] == locate}
            self.robbed[0] = robbed & set(learns)
            self.teaches = dict.fromkeys(robbed, 0) | dict.fromkeys(named, locate)
            self.teaches = {slot: to for slot, to in self.teaches.items() if slot in learns}
            self.taught |= {slot: self.then[0][slot] for slot in self.teaches}
            others = {slot for slot in robbed if now[slot][0]}
            elsewhere = {slot for slot in named if now[slot][0] and now[slot][1] != locate}
            at_once = {slot for slot in others | elsewhere if slot not in learns}
            fresh = others - at_once
            self.doubted = (self.doubted | fresh) - named
            self.heard = True
        self.flows |= bool(inputs["s_valid"]) and message[:1] == b"W"
        if inputs["s_valid"] and message[:1] in (b"h", b"H"):
            if message[:1] == b"h" or message[19:20] != b"T":
                self.heard = self.halts = True
            stock, locate = message[11:19], number(message[1:3])
            named = {slot for slot in range(SLOTS) if symbols[slot] == stock}
            elsewhere = {slot for slot in named if has[slot] != locate}
            nameless = {slot for slot in range(SLOTS) if symbols[slot] in BLANKS}
            others = {slot for slot in range(SLOTS) if has[slot] == locate} - named - nameless
            at_once = {slot for slot in elsewhere | others if now[slot][0]}
            self.met["its locate another's"] += len(at_once - elsewhere)
            self.met["untold"] += len(at_once)
            self.met["untold, but just learned"] += len(named & self.wrote - elsewhere)
        if inputs["undone"]:
            self.teaches |= self.taught
            self.robbed[0] -= set(self.taught)
            self.taught, self.doubted = {}, self.then[1] | fresh
        told = sum(locate << 16 * slot for slot, locate in self.teaches.items())
        self.out = {"learned": sum(1 << slot for slot in self.teaches), "m_locate": told}
        self.out |= {"turned": 0, "path_events": 0}
        if inputs["over"]:
            self._forget()
        else:
            self._turn(at_once)

    def _turn(self, at_once: set[int]) -> None:
        turns = [(slot, RELOCATED) for slot in at_once]
        for age, changes in enumerate(reversed(self.changes)):
            for slot, (why, by_host) in list(changes.items()):
                unheard = by_host and why != NOT_ENABLED
                due = (self.flows or (self.heard and unheard)) and age <= LATE
                if due or (self.halts and unheard):
                    turns.append((slot, why))
                    del changes[slot]
                    self.met["a halt just behind"] += not due
        if self.flows:
            turns += [(slot, RELOCATED) for slot in self.doubted]
            self.doubted = set()
        slots = {slot for slot, _ in turns}
        reasons = {why for _, why in turns}
        self.out["turned"] = sum(1 << slot for slot in slots)
        self.out["path_events"] = pack_some("path_events", {"late_slots": len(slots)})
        if slots:
            self.out["turned_reason"] = next(why for why in REASONS if why in reasons)
            self.told[self.out["turned_reason"]] += len(slots)
