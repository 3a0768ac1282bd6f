"""Golden model of path_registers: a register file that keeps to the register map, and beside it
what each slot is, from the records that came.
"""

from __future__ import annotations

import copy

from sim.golden.tick_pkg import NUMBERS, pack_some, reason_of, unpack, width
from sim.golden.tickwire_regs import RegisterFile

SLOTS = NUMBERS["SLOTS"]
OK, CLEARED = NUMBERS["REASON_OK"], NUMBERS["REASON_CLEARED"]
ORDER = ("pricing", "capped", "time_in_force", "display", "capacity", "marking")
STICKY = ("stale", "crossed", "locked", "halted")
ISSUED = [
    NUMBERS[f"OPERATION_{name}"] for name in ("ADD", "HALT", "RESUME", "CLEAR", "LOAD", "TRUST")
]
# A port of settings: the field of each feed or slot, and its bits; the first is in the lowest bits.
OF_FEEDS = {
    "feed_enable": ("control.enable", 1),
    "any_group": ("control.any_group", 1),
    "any_port": ("control.any_port", 1),
    "group": ("group.address", 32),
    "port": ("udp.port", 16),
}
OF_SLOTS = {
    "enable": ("control.enable", 1),
    "learn": ("control.learn", 1),
    "locate": ("locate.stock_locate", 16),
    "buy_threshold": ("buy_threshold.strength", 17),
    "sell_threshold": ("sell_threshold.strength", 17),
    "hysteresis": ("hysteresis.strength", 16),
    "minimum_interval": ("minimum_interval.time_units", 32),
}


class PathRegisters:
    """`file` is what software sees; the block's other ports follow from it and from the records."""

    inputs = (
        *("followed", "session", "next", "gap_first", "gap_count", "learned", "learned_locate"),
        *(
            "hears",
            "stale_slots",
            "stale_reasons",
            "market",
            "doubts",
            "book_valid",
            "top",
            "vector_valid",
            "vector",
        ),
        *("signal_valid", "signal_record"),
    )

    def __init__(self, width: int, books: int, order_rows: int, build: int, model: int) -> None:
        self.width, self.books = width, books
        self.fresh = RegisterFile()
        constant = {
            "build.hash": build,
            "model.hash": model,
            "capabilities.width": width,
            "capabilities.slots": books,
            "capabilities.levels": NUMBERS["LEVELS"],
            "capabilities.orders_log2": (8 * order_rows).bit_length() - 1,
        }
        self.fresh.inputs |= constant
        self.events = 0  # cycles that had any
        self.reset()

    def reset(self) -> None:
        self.file = copy.deepcopy(self.fresh)
        self.cycles = self.hears = self.stale = self.stale_reasons = self.market = 0
        self.slots = [dict.fromkeys((*STICKY, "warm", "learned"), 0) for _ in range(SLOTS)]
        self.book_reason, self.signal_reason = [CLEARED] * SLOTS, [CLEARED] * SLOTS

    def outputs(self) -> dict[str, int]:
        flags = {
            name: sum(slot[name] << at for at, slot in enumerate(self.slots))
            for name in ("crossed", "locked", "halted")
        }
        return {"cycle": self.cycles, **flags}

    def beside(self, **inputs: int) -> dict[str, int]:
        top = unpack("top_of_book", inputs["top"]) if inputs["book_valid"] else {}
        slot = self.slots[int(top["slot"])] if top else {}  # type: ignore[arg-type]
        events = {
            f"{name}_books": int(bool(top) and bool(top[name]) and not slot[name])
            for name in ("crossed", "locked")
        }
        events["stale_books"] = (inputs["stale_slots"] & ~self.stale).bit_count()
        self.events += any(events.values())
        return {"path_events": pack_some("path_events", events)}

    def step(self, **inputs: int) -> None:
        self.cycles += 1
        self.hears = inputs["hears"]
        self.stale, self.stale_reasons = inputs["stale_slots"], inputs["stale_reasons"]
        self.market = inputs["market"]
        if inputs["book_valid"]:
            top = unpack("top_of_book", inputs["top"])
            at = int(top["slot"])  # type: ignore[arg-type]
            for name in ("crossed", "locked", "halted"):
                self.slots[at][name] = int(top[name])  # type: ignore[arg-type]
            self.book_reason[at] = int(top["reason"])  # type: ignore[arg-type]
        if inputs["vector_valid"]:
            vector = unpack("feature_vector", inputs["vector"])
            self.slots[int(vector["slot"])]["warm"] = int(vector["warm"])  # type: ignore[arg-type]
        if inputs["signal_valid"]:
            signal = unpack("signal", inputs["signal_record"])
            self.signal_reason[int(signal["slot"])] = int(signal["reason"])  # type: ignore[arg-type]
        for at, slot in enumerate(self.slots):
            slot["stale"] = inputs["stale_slots"] >> at & 1
            came = inputs["learned"] >> at & 1
            if came:
                locate = inputs["learned_locate"] >> 16 * at & 0xFFFF
                self.file.load(f"slots[{at}].locate.stock_locate", locate)
                slot["learned"] = int(bool(locate))
            slot["learned"] &= self._of_slot("learn", at)
            for name in STICKY:
                self.file.drive(f"slots[{at}].sticky.{name}", slot[name])
        self._drive(inputs)

    def hidden_reasons(self) -> int:
        """Slots in which the book's reason hides another one of the last signal."""
        pairs = zip(self.book_reason, self.signal_reason, strict=True)
        reasons = [book != OK and signal not in (OK, book) for book, signal in pairs]
        return sum(hides and self.hears >> at & 1 for at, hides in enumerate(reasons))

    def _drive(self, inputs: dict[str, int]) -> None:
        """What software reads of all that."""
        session = inputs["session"]
        values = {
            "mold.session.characters": session >> 16,
            "mold.session_end.characters": session & 0xFFFF,
            "mold.session_end.valid": inputs["followed"],
            "mold.next.sequence_number": inputs["next"],
            "mold.gap_first.sequence_number": inputs["gap_first"],
            "mold.gap_count.messages": inputs["gap_count"],
            "market.doubts": inputs["doubts"],
        }
        for at, slot in enumerate(self.slots):
            values |= {f"slots[{at}].status.{name}": value for name, value in slot.items()}
            reason = self.book_reason[at] if self.book_reason[at] != OK else self.signal_reason[at]
            if slot["stale"]:
                reason = reason_of(self.stale_reasons, at)
            if not self.hears >> at & 1:
                reason = NUMBERS["REASON_NOT_ENABLED"]
            values[f"slots[{at}].status.reason"] = reason
            shut = reason_of(self.market, at)
            values[f"slots[{at}].status.market"] = shut
        self.file.inputs |= values

    def _of_slot(self, port: str, slot: int) -> int:
        """A setting; slots without a book are neither enabled nor learn."""
        has_none = port in ("enable", "learn") and slot >= self.books
        return 0 if has_none else self.file.state[f"slots[{slot}].{OF_SLOTS[port][0]}"]

    def settings(self) -> dict[str, int]:
        """The ports that the path reads, with what was written last."""
        state = self.file.state
        ports = {"each_change": int(self.width == 8 and state["control.trigger"])}
        for name in ("any_start", "any_hours"):
            ports[name] = state[f"control.{name}"]
        ports["window"] = state["reorder.window"]
        for name, (field, bits) in OF_FEEDS.items():
            ports[name] = sum(state[f"feeds[{one}].{field}"] << bits * one for one in (0, 1))
        for name, (_, bits) in OF_SLOTS.items():
            ports[name] = sum(self._of_slot(name, slot) << bits * slot for slot in range(SLOTS))
        ports["symbol"] = sum(
            state[f"slots[{slot}].symbol_{half}.characters"] << 64 * slot + 32 * (half == "first")
            for slot in range(SLOTS)
            for half in ("first", "last")
        )
        words = [self._order_settings(slot, ports["symbol"]) for slot in range(SLOTS)]
        ports["order_settings"] = sum(
            word << width("order_settings") * slot for slot, word in enumerate(words)
        )
        return ports

    def _order_settings(self, slot: int, symbols: int) -> int:
        state, where = self.file.state, f"slots[{slot}]."
        values = {name: state[f"{where}order.{name}"] for name in ORDER}
        values["offset"] = state[f"{where}order_offset.price"]
        values["shares"] = state[f"{where}order_shares.shares"]
        values["symbol"] = symbols >> 64 * slot & 0xFFFF_FFFF_FFFF_FFFF
        return pack_some("order_settings", values)

    def host_op(self) -> int | None:
        """The operation that a write of `issue` makes now, as the record's word; None: nothing."""
        state, issue = (
            self.file.state,
            {name: self.file.state[f"host.issue.{name}"] for name in ("slot", "operation", "side")},
        )
        if issue["operation"] not in ISSUED or issue["slot"] >= self.books:
            return None

        def double(name: str) -> int:
            return state[f"host.{name}_high.word"] << 32 | state[f"host.{name}_low.word"]

        return pack_some(
            "book_op",
            issue
            | {
                "price": state["host.price.price"],
                "shares": state["host.shares.shares"],
                "order_reference": double("reference"),
                "sequence_number": double("sequence"),
                "last_of_packet": 1,
            },
        )
