"""What benches say and read of orders in OUCH 5.0 or 4.2, by the names that 5.0 has."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from sim.golden import order_queue, ouch42_decode, ouch_decode
from sim.stimulus.ouch import message
from tickwire.gen.ouch42_table import CODES
from tickwire.wire.dialogue import Said, Value
from tickwire.wire.fields import Field
from tickwire.wire.ouch import CODEC, CODEC_42


@dataclass(frozen=True)
class Order:
    """As its bytes say."""

    token: int
    symbol: bytes
    buys: bool
    shares: int
    price: int


class Speech:
    """OUCH 5.0."""

    order_bytes, longest = order_queue.ORDER, ouch_decode.LONGEST
    doubts: tuple[str, ...] = ouch_decode.DOUBTS

    def said(self, rng: random.Random, name: str, **values: Any) -> bytes:
        """A message; what isn't said is drawn."""
        return message(rng, CODEC.by_name[name], **values)

    def order(self, raw: bytes) -> Order:
        said: Any = CODEC.decode("client", raw).values
        names = ("user_ref_num", "symbol", "side", "quantity", "price")
        return self._order(*(said[name] for name in names))

    def _order(self, token: int, symbol: bytes, side: bytes, shares: int, price: int) -> Order:
        return Order(token, symbol, side == b"B", shares, price)

    def unfit(self, rng: random.Random) -> bytes:
        """A confirmation that says what can't be."""
        return self.said(rng, "order_executed", price=1 << 32)


NAMES = {
    "order_accepted": "accepted", "order_executed": "executed", "order_canceled": "canceled",
    "order_rejected": "rejected", "order_replaced": "replaced",
}  # fmt: skip
FIELDS: dict[str, dict[str, str]] = {
    "executed": {"quantity": "executed_shares", "price": "execution_price"},
    "canceled": {"quantity": "decrement_shares"},
    "enter_order": {"quantity": "shares", "symbol": "stock"},
}


def text(token: int) -> bytes:
    return b"%08X" % token


def drawn(rng: random.Random, field: Field) -> Value:
    if field.name.endswith("order_token"):
        return text(rng.getrandbits(32))
    if field.code:
        return rng.choice(list(CODES[field.code].values()))
    if field.kind == "alpha":
        return rng.randbytes(field.length)
    return rng.randrange(1 << 8 * field.length)


class Speech42(Speech):
    """OUCH 4.2."""

    order_bytes, longest = order_queue.ORDER42, ouch42_decode.LONGEST
    doubts = tuple(name for name in ouch_decode.DOUBTS if name != "appended")

    def said(self, rng: random.Random, name: str, **values: Any) -> bytes:
        own = NAMES.get(name, name)
        kind, names = CODEC_42.by_name[own], FIELDS.get(own, {})
        if "user_ref_num" in values:
            values["order_token"] = text(values.pop("user_ref_num"))
        given: dict[str, Value] = {names.get(field, field): one for field, one in values.items()}
        fields = {one.name: drawn(rng, one) for one in kind.fields if one.name != "message_type"}
        return CODEC_42.encode(
            "client" if kind.sender == "client" else "venue", Said(own, fields | given)
        )

    def order(self, raw: bytes) -> Order:
        said: Any = CODEC_42.decode("client", raw).values
        names = ("stock", "buy_sell_indicator", "shares", "price")
        return self._order(int(said["order_token"], 16), *(said[name] for name in names))

    def unfit(self, rng: random.Random) -> bytes:
        return self.said(rng, "order_executed", order_token=b"0a9fc0de")


SPEECH: tuple[Speech, ...] = (Speech(), Speech42())  # by OUCH42
