"""Golden model of market_state: of each slot, all that was said since nothing was known."""

from __future__ import annotations

from collections import Counter

from sim.golden.itch_parse import MESSAGES, fields, number
from sim.golden.tick_pkg import NUMBERS, reasons_word

SLOTS = NUMBERS["SLOTS"]
# In order: open, closed, breach, trading, halt, goes_on, and lost, turned, host (the host's word),
# unsaid (that it trades), named (as one that trades)
Said = tuple[str, ...]
UNKNOWN: Said = ("lost",)
BEGUN: Said = ("unsaid",)
BLANKS = (int.from_bytes(b" " * 8, "big"), 0)  # what no instrument is called
_WORD = (1 << 64) - 1
RECENT = 3  # cycles before a turn in which an h counts as said since


def itch(message: bytes) -> tuple[str, int | None] | None:
    """What a message says, and of which locate, or of all; nothing."""
    kind = chr(message[0])
    if kind not in MESSAGES:
        return None
    whole = message.ljust(MESSAGES[kind]["length"])[: MESSAGES[kind]["length"]]
    parts, locate = fields(whole), number(message[1:3])
    if kind == "S":
        return ("open" if parts["event_code"] == b"Q" else "closed"), None
    if kind == "W":
        return "breach", None
    if kind == "H" and parts["trading_state"] == b"T":
        return "trading", locate
    if kind == "h" and parts["market_code"] == b"Q":
        goes_on = parts["operational_halt_action"] == b"T"
        return ("goes_on" if goes_on else "halt"), locate
    return None


def deep(message: bytes) -> tuple[str, int | None] | None:
    if message[:1] != b"S":
        return None
    return ("open" if message[1:2] == b"R" else "closed"), None


def since(said: Said, *kinds: str) -> Said:
    """What came after the last of these; all, if none did."""
    places = [at for at, one in enumerate(said) if one in kinds]
    return said[places[-1] + 1 :] if places else said


def last(said: Said, *kinds: str) -> str | None:
    return next((one for one in reversed(said) if one in kinds), None)


def turned(said: Said, lately: bool) -> Said:
    """In doubt; with `lately` what was last said of an interruption holds."""
    still = last(since(said, "turned", "lost"), "halt", "goes_on")
    return (*said, "turned", still) if lately and still else (*said, "turned")


def reason(said: Said, any_hours: bool) -> str:
    """The first that applies."""
    known = since(said, "lost")
    if last(since(known, "turned"), "halt", "goes_on") == "halt":
        return "INTERRUPTED"
    if last(known, "breach", "trading") == "breach":
        return "BREACHED"
    if last(said, "lost", "turned", "host") in ("lost", "turned"):
        return "MARKET_CLOSED"
    heard = last(known, "open", "closed") or ("open" if "lost" in said else "closed")
    if heard != "open" and not any_hours:
        return "MARKET_CLOSED"
    unsaid = last(since(known, "turned"), "unsaid", "named") == "unsaid"
    return "HALTED" if unsaid and not any_hours else "OK"


class MarketState:
    """`met` counts the reasons shown, and what was undone."""

    inputs = (
        *("any_hours", "open_market", "learn", "locate", "symbol", "s_valid", "s_message"),
        *("resumed", "opens", "bad_frame", "lost", "session_ended", "begins", "turned"),
    )

    def __init__(self, is_deep: bool) -> None:
        self.read = deep if is_deep else itch
        self.is_deep = is_deep
        self.names: list[tuple[int, int]] = []  # of each slot locate and symbol, a cycle ago
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.doubts = 0
        self.said = [UNKNOWN] * SLOTS
        self.before = [UNKNOWN] * SLOTS
        self.halts: list[list[str]] = [[""] * RECENT for _ in range(SLOTS)]  # of the last cycles

    def outputs(self) -> dict[str, int]:
        return {"doubts": self.doubts}

    def beside(self, **inputs: int) -> dict[str, int]:
        names = [reason(said, bool(inputs["any_hours"])) for said in self.said]
        self.met.update(names)
        return {"market": reasons_word([NUMBERS[f"REASON_{name}"] for name in names])}

    def step(self, **inputs: int) -> None:
        if inputs["lost"] or inputs["session_ended"] or inputs["turned"]:
            self.doubts = (self.doubts + 1) % (1 << 16)
        if inputs["opens"]:
            self.before = list(self.said)
        now = list(self.said)
        names = [(inputs["locate"] >> 16 * slot & 0xFFFF, inputs["symbol"] >> 64 * slot & _WORD)
                 for slot in range(SLOTS)]  # fmt: skip
        heard = [""] * SLOTS
        if inputs["s_valid"]:
            message = inputs["s_message"].to_bytes(40, "big")
            what = self.read(message)
            for slot in range(SLOTS) if what else ():
                assert what is not None
                locate, symbol = names[slot]
                its = locate == what[1]
                by_name = its if symbol in BLANKS else symbol == number(message[11:19])
                if what[0] == "trading" and by_name:
                    now[slot] = (*now[slot], "named")
                if what[1] is None or its:
                    now[slot] = (*now[slot], what[0])
                    heard[slot] = what[0] if what[0] in ("halt", "goes_on") else ""
        for slot in range(SLOTS) if self.is_deep else ():
            if inputs["resumed"] >> slot & 1:
                now[slot] = (*now[slot], "named")
        for slot, (old, new) in enumerate(zip(self.names, names, strict=bool(self.names))):
            by_number = new[1] in BLANKS and not inputs["learn"] >> slot & 1 and not self.is_deep
            if old[1] != new[1] or (by_number and old != new):
                now[slot] = (*now[slot], "unsaid")
                self.before[slot] = (*self.before[slot], "unsaid")
                self.met["renamed"] += 1
        self.names = names
        if inputs["open_market"]:
            now = [(*said, "host") for said in now]
            self.before = [(*said, "host") for said in self.before]
        if inputs["bad_frame"]:
            self.met["undone"] += now != self.before
            now = list(self.before)
        for slot in range(SLOTS):
            if inputs["turned"] >> slot & 1:
                lately = [one for one in (*self.halts[slot], heard[slot]) if one]
                now[slot] = turned(now[slot], bool(lately))
                self.before[slot] = turned(self.before[slot], bool(lately))
            if inputs["session_ended"]:
                now[slot] = self.before[slot] = UNKNOWN
            if inputs["begins"]:
                now[slot] = BEGUN
            if inputs["lost"]:
                now[slot] = self.before[slot] = UNKNOWN
            self.halts[slot] = [*self.halts[slot][1:], heard[slot]]
        # Of each kind the last counts.
        self.said = [tuple(dict.fromkeys(reversed(said)))[::-1] for said in now]
