"""Golden model of ouch_encode, an order at a time: bytes as the specification lays them out, which
must be those of the host's codec."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence

from sim.golden.tick_pkg import NUMBERS, pack_some, unpack
from tickwire.wire.dialogue import Said
from tickwire.wire.ouch import CODEC

LATENCY = 1
LENGTH = 47
MOST_SHARES, MOST_PRICE = 999_999, 1_999_999_900
BUY, SHORT = NUMBERS["SIDE_BUY"], NUMBERS["MARKING_SHORT"]
TIMES = {NUMBERS["TIME_IN_FORCE_IMMEDIATE"]: b"3", NUMBERS["TIME_IN_FORCE_DAY"]: b"0"}
SHOWN = {NUMBERS["DISPLAY_VISIBLE"]: b"Y", NUMBERS["DISPLAY_HIDDEN"]: b"N"}
CAPACITIES = {
    NUMBERS["CAPACITY_AGENCY"]: b"A",
    NUMBERS["CAPACITY_PRINCIPAL"]: b"P",
    NUMBERS["CAPACITY_RISKLESS"]: b"R",
}
Row = dict[str, int]


def refused(order: Row, symbol: bytes) -> str:
    """Why OUCH can't carry it; empty: it can."""
    why = {
        "token": order["token"] == 0,
        "no shares": order["shares"] == 0,
        "many shares": order["shares"] > MOST_SHARES,
        "no price": order["price"] == 0,
        "high price": order["price"] > MOST_PRICE,
        "time in force": order["time_in_force"] not in TIMES,
        "capacity": order["capacity"] not in CAPACITIES,
        "empty symbol": symbol[:1] == b" ",
        "symbol": not all(0x20 <= byte <= 0x7E for byte in symbol),
    }
    return next((name for name, true in why.items() if true), "")


def message(order: Row, symbol: bytes) -> bytes:
    side = b"B" if order["side"] == BUY else b"T" if order["marking"] == SHORT else b"S"
    time, shown, capacity = (
        TIMES[order["time_in_force"]],
        SHOWN[order["display"]],
        CAPACITIES[order["capacity"]],
    )
    text = b"%08X" % order["token"]
    raw = struct.pack(
        ">cIcI8sQccccc14sH", b"O", order["token"], side, order["shares"], symbol, order["price"],
        time, shown, capacity, b"N", b"N", text.ljust(14), 0,
    )  # fmt: skip
    values: dict[str, int | bytes] = {
        "user_ref_num": order["token"], "side": side, "quantity": order["shares"],
        "symbol": symbol, "price": order["price"], "time_in_force": time, "display": shown,
        "capacity": capacity, "intermarket_sweep_eligibility": b"N", "cross_type": b"N",
        "cl_ord_id": text,
    }  # fmt: skip
    assert raw == CODEC.encode("client", Said("enter_order", values))
    return raw


class OuchEncode:
    """`met` counts the messages by side and the refusals by cause."""

    inputs: Sequence[str] = ("s_valid", "s_order")
    length = LENGTH
    message = staticmethod(message)

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.order: Row | None = None
        self.symbol = b""

    def outputs(self) -> dict[str, int]:
        events: Row = {}
        out = {"m_valid": 0, "m_refused": 0, "m_length": self.length}
        if self.order is None:
            return {**out, "m_events": pack_some("ouch_events", events)}
        why = refused(self.order, self.symbol)
        self.met[why or f"side {self.order['side']}{self.order['marking']}"] += 1
        if why:
            said = {"outcome": NUMBERS["OUTCOME_REJECTED"], "token": self.order["token"]}
            out |= {"m_refused": 1, "m_refusal": pack_some("confirmation", said)}
            events["refused_orders"] = 1
        else:
            raw = self.message(self.order, self.symbol)
            out |= {"m_valid": 1, "m_message": int.from_bytes(raw, "big")}
            events["orders"] = 1
        return {**out, "m_events": pack_some("ouch_events", events)}

    def step(self, s_valid: int, s_order: int) -> None:
        self.order = None
        if s_valid:
            fields = unpack("order", s_order).items()
            self.order = {name: value for name, value in fields if isinstance(value, int)}
            self.symbol = self.order["symbol"].to_bytes(8, "big")
