"""An order as OUCH 5.0 carries it, and what a venue's message means for the gate, by the host's
codec: docs/risk.md, *How an order leaves* and *What comes back*."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from hwtools.bits import Records
from tickwire.gen.ouch_table import CODES
from tickwire.gen.records import (
    CONFIRMATION,
    Capacity,
    Display,
    Marking,
    Outcome,
    Side,
    TimeInForce,
)
from tickwire.wire.chunks import WireError
from tickwire.wire.dialogue import Said
from tickwire.wire.ouch import CODEC

LENGTH = CODEC.by_name["enter_order"].length  # bytes of an order's message
_MOST_SHARES, _MOST_PRICE = 999_999, 199_999_9900
_NAMED: dict[str, type[IntEnum]] = {
    "time_in_force": TimeInForce,
    "display": Display,
    "capacity": Capacity,
}
_GONE = {"order_canceled": "quantity", "aiq_canceled": "decrement_shares"}  # shares
_UNFOLLOWED = ("order_replaced", "order_modified")


class DoubtError(ValueError):
    """A message after which it may not be known what became of an order."""


def message(order: Any) -> bytes | None:
    """One row of ORDER as its Enter Order; None where OUCH can't carry it."""
    symbol = int(order["symbol"]).to_bytes(8, "big")
    shares, price, token = (int(order[name]) for name in ("shares", "price", "token"))
    named = all(int(order[name]) in [int(one) for one in kind] for name, kind in _NAMED.items())
    fits = token > 0 and 1 <= shares <= _MOST_SHARES and 1 <= price <= _MOST_PRICE
    printable = symbol[:1] != b" " and all(0x20 <= byte <= 0x7E for byte in symbol)
    return _entered(order, token, symbol) if named and fits and printable else None


def _entered(order: Any, token: int, symbol: bytes) -> bytes:
    side = "buy"
    if order["side"] == Side.SELL:
        side = "sell_short" if order["marking"] == Marking.SHORT else "sell"
    values: dict[str, int | bytes] = {
        "user_ref_num": token,
        "side": CODES["side"][side],
        "quantity": int(order["shares"]),
        "symbol": symbol,
        "price": int(order["price"]),
        "intermarket_sweep_eligibility": CODES["sweep"]["not_eligible"],
        "cross_type": CODES["cross"]["continuous"],
        "cl_ord_id": b"%08X" % token,
    }
    for name, kind in _NAMED.items():
        values[name] = CODES[name][kind(int(order[name])).name.lower()]
    return CODEC.encode("client", Said("enter_order", values))


def confirmation(raw: bytes) -> Records | None:
    """What a venue's message confirms, one row; None where it says nothing of an order's shares."""
    try:
        said = CODEC.decode("venue", raw)
    except WireError as error:
        raise DoubtError(str(error)) from None
    if said.name in _UNFOLLOWED:
        raise DoubtError(f"{said.name}: nobody here asks for that")
    made = _confirmation(said)
    if made is None:
        return None
    if (said.tags or said.unknown) and made[0] != Outcome.ACCEPTED:
        raise DoubtError(f"{said.name}: its appendages may mean another order")
    row = CONFIRMATION.empty(1)
    row["token"] = said.values["user_ref_num"]
    row["outcome"], row["shares"], row["price"] = made
    return row


def _confirmation(said: Said) -> tuple[Outcome, Any, Any] | None:
    """Outcome, shares, price."""
    values = said.values
    if said.name == "order_accepted":
        if values["order_state"] == CODES["order_state"]["live"]:
            return Outcome.ACCEPTED, 0, 0
        if values["order_state"] == CODES["order_state"]["dead"]:
            return Outcome.CANCELLED, values["quantity"], 0
        raise DoubtError(f"an order accepted in the state {values['order_state']!r}")
    if said.name == "order_executed":
        if int(values["price"]) >= 1 << 32:
            raise DoubtError(f"an execution at {values['price']!r}")
        return Outcome.EXECUTED, values["quantity"], values["price"]
    if said.name in _GONE:
        return Outcome.CANCELLED, values[_GONE[said.name]], 0
    outcomes = {"order_rejected": Outcome.REJECTED, "broken_trade": Outcome.BROKEN}
    return (outcomes[said.name], 0, 0) if said.name in outcomes else None
