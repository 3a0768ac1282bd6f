"""Orders as another reads them: the stream of bytes by Nasdaq's own library, `nasdaq_protocols`.

It has SoupBinTCP and the kinds of fields that OUCH is of; which fields a message has its user says,
and here that is done from NASDAQ's specification once more, not from hw/regs/ouch.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nasdaq_protocols import ouch, soup
from nasdaq_protocols.common.message import (
    CharAscii,
    Field,
    FixedAsciiString,
    Record,
    UnsignedIntBE,
    UnsignedLongBE,
    UnsignedShortBE,
)

from tickwire.gen.records import Capacity, Display, Marking, Side, TimeInForce

TIMES = {"IMMEDIATE": "3", "DAY": "0"}
DISPLAYS = {"VISIBLE": "Y", "HIDDEN": "N"}
CAPACITIES = {"AGENCY": "A", "PRINCIPAL": "P", "RISKLESS": "R"}


class _Application(ouch.Message, app_name="ouch_5_0"):  # type: ignore[call-arg, misc]
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs | {"app_name": "ouch_5_0"})


class EnterOrder(_Application, indicator=ord("O"), direction="outgoing"):
    class BodyRecord(Record):  # type: ignore[misc]
        Fields = (
            Field("user_ref_num", UnsignedIntBE),
            Field("side", CharAscii),
            Field("quantity", UnsignedIntBE),
            Field("symbol", FixedAsciiString(8)),
            Field("price", UnsignedLongBE),
            Field("time_in_force", CharAscii),
            Field("display", CharAscii),
            Field("capacity", CharAscii),
            Field("sweep", CharAscii),
            Field("cross", CharAscii),
            Field("client_order", FixedAsciiString(14)),
            Field("appendage_length", UnsignedShortBE),
        )


def asked(order: Mapping[str, int]) -> dict[str, Any]:
    """What is to be read of an order, a row of the message table."""
    sale = "T" if order["marking"] == Marking.SHORT else "S"
    token = int(order["token"])
    return {
        "user_ref_num": token,
        "side": "B" if order["side"] == Side.BUY else sale,
        "quantity": int(order["shares"]),
        "symbol": int(order["symbol"]).to_bytes(8, "big").decode("ascii").strip(),
        "price": int(order["price"]),
        "time_in_force": TIMES[TimeInForce(int(order["time_in_force"])).name],
        "display": DISPLAYS[Display(int(order["display"])).name],
        "capacity": CAPACITIES[Capacity(int(order["capacity"])).name],
        "sweep": "N",
        "cross": "N",
        "client_order": f"{token:08X}",
        "appendage_length": 0,
    }


def orders(stream: bytes) -> list[dict[str, Any]]:
    """Of each packet its message's fields; a packet that is no order is an error."""
    found, at = list[dict[str, Any]](), 0
    while at < len(stream):
        end = at + 2 + int.from_bytes(stream[at : at + 2], "big")
        _, packet = soup.SoupMessage.from_bytes(stream[at:end])
        assert isinstance(packet, soup.UnSequencedData), packet
        length, message = EnterOrder.from_bytes(packet.data)
        assert length == len(packet.data) and isinstance(message, EnterOrder), packet.data
        found.append(message.record.values)
        at = end
    return found
