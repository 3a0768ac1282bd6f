"""Golden model of ouch42_encode: ouch_encode's, with the bytes of OUCH 4.2 as its specification
lays them out, which must be those of the host's codec."""

from __future__ import annotations

import struct

from sim.golden import ouch_encode
from sim.golden.ouch_encode import BUY, CAPACITIES, SHORT, SHOWN, Row
from sim.golden.tick_pkg import NUMBERS
from tickwire.wire.dialogue import Said
from tickwire.wire.ouch import CODEC_42

LENGTH = 49
TIMES = {NUMBERS["TIME_IN_FORCE_IMMEDIATE"]: 0, NUMBERS["TIME_IN_FORCE_DAY"]: 99_998}  # seconds


def message(order: Row, symbol: bytes) -> bytes:
    side = b"B" if order["side"] == BUY else b"T" if order["marking"] == SHORT else b"S"
    time, shown, capacity = (
        TIMES[order["time_in_force"]],
        SHOWN[order["display"]],
        CAPACITIES[order["capacity"]],
    )
    token = b"%08X" % order["token"]
    raw = struct.pack(
        ">c14scI8sII4scccIcc", b"O", token.ljust(14), side, order["shares"], symbol,
        order["price"], time, b"    ", shown, capacity, b"N", 0, b"N", b" ",
    )  # fmt: skip
    values: dict[str, int | bytes] = {
        "order_token": token, "buy_sell_indicator": side, "shares": order["shares"],
        "stock": symbol, "price": order["price"], "time_in_force": time, "firm": b"",
        "display": shown, "capacity": capacity, "intermarket_sweep_eligibility": b"N",
        "minimum_quantity": 0, "cross_type": b"N", "customer_type": b" ",
    }  # fmt: skip
    assert raw == CODEC_42.encode("client", Said("enter_order", values))
    return raw


class Ouch42Encode(ouch_encode.OuchEncode):
    length = LENGTH
    message = staticmethod(message)
