"""As `ouch_reader`, of OUCH 4.2: an order's fields from NASDAQ's specification once more."""

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
)

from sim.lib.ouch_reader import asked as asked_in_5

SECONDS = {"3": 0, "0": 99_998}  # of 5.0's times in force


class _Application(ouch.Message, app_name="ouch_4_2"):  # type: ignore[call-arg, misc]
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs | {"app_name": "ouch_4_2"})


class EnterOrder(_Application, indicator=ord("O"), direction="outgoing"):
    class BodyRecord(Record):  # type: ignore[misc]
        Fields = (
            Field("token", FixedAsciiString(14)),
            Field("side", CharAscii),
            Field("shares", UnsignedIntBE),
            Field("stock", FixedAsciiString(8)),
            Field("price", UnsignedIntBE),
            Field("time_in_force", UnsignedIntBE),
            Field("firm", FixedAsciiString(4)),
            Field("display", CharAscii),
            Field("capacity", CharAscii),
            Field("sweep", CharAscii),
            Field("minimum", UnsignedIntBE),
            Field("cross", CharAscii),
            Field("customer", CharAscii),
        )


def asked(order: Mapping[str, int]) -> dict[str, Any]:
    """What is to be read of an order, a row of the message table."""
    said = asked_in_5(order)
    same = ("side", "price", "display", "capacity", "sweep", "cross")
    return {name: said[name] for name in same} | {
        "token": said["client_order"],
        "shares": said["quantity"],
        "stock": said["symbol"],
        "time_in_force": SECONDS[said["time_in_force"]],
        "firm": "",
        "minimum": 0,
        "customer": " ",
    }


def order(packet: bytes) -> dict[str, Any]:
    """The fields of the order in a packet; one that holds something else is an error."""
    _, read = soup.SoupMessage.from_bytes(packet)
    assert isinstance(read, soup.UnSequencedData), read
    length, message = EnterOrder.from_bytes(read.data)
    assert length == len(read.data) and isinstance(message, EnterOrder), read.data
    values: dict[str, Any] = message.record.values
    return values
