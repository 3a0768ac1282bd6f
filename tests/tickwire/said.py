"""Random messages of a dialogue, by its table; and the same bytes by hand.

`LAYOUTS` were typed from the specifications' own rows of name and size, a field after the other and
without an offset: they know nothing of hw/regs. A size alone is a number, with `a` a text, with `d`
digits, with `s` a signed number.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

from tickwire.wire.dialogue import Dialogue, Said, Side, Value
from tickwire.wire.fields import Field, MessageType, Tag

OUCH = """
client O 47 user_ref_num 4, side 1a, quantity 4, symbol 8a, price 8, time_in_force 1a, display 1a,
  capacity 1a, intermarket_sweep_eligibility 1a, cross_type 1a, cl_ord_id 14a, appendage_length 2
client U 40 orig_user_ref_num 4, user_ref_num 4, quantity 4, price 8, time_in_force 1a, display 1a,
  intermarket_sweep_eligibility 1a, cl_ord_id 14a, appendage_length 2
client X 9 user_ref_num 4, quantity 4
client M 10 user_ref_num 4, side 1a, quantity 4
client C 19 user_ref_num 4, firm 4a, symbol 8a, appendage_length 2
client D 11 user_ref_num 4, firm 4a, appendage_length 2
client E 11 user_ref_num 4, firm 4a, appendage_length 2
client Q 1
venue S 10 timestamp 8, event_code 1a
venue A 64 timestamp 8, user_ref_num 4, side 1a, quantity 4, symbol 8a, price 8, time_in_force 1a,
  display 1a, order_reference_number 8, capacity 1a, intermarket_sweep_eligibility 1a,
  cross_type 1a, order_state 1a, cl_ord_id 14a, appendage_length 2
venue U 68 timestamp 8, orig_user_ref_num 4, user_ref_num 4, side 1a, quantity 4, symbol 8a,
  price 8, time_in_force 1a, display 1a, order_reference_number 8, capacity 1a,
  intermarket_sweep_eligibility 1a, cross_type 1a, order_state 1a, cl_ord_id 14a,
  appendage_length 2
venue C 18 timestamp 8, user_ref_num 4, quantity 4, reason 1a
venue D 32 timestamp 8, user_ref_num 4, decrement_shares 4, reason 1a,
  quantity_prevented_from_trading 4, execution_price 8, liquidity_flag 1a, aiq_strategy 1a
venue E 36 timestamp 8, user_ref_num 4, quantity 4, price 8, liquidity_flag 1a, match_number 8,
  appendage_length 2
venue B 36 timestamp 8, user_ref_num 4, match_number 8, reason 1a, cl_ord_id 14a
venue J 29 timestamp 8, user_ref_num 4, reason 2, cl_ord_id 14a
venue P 13 timestamp 8, user_ref_num 4
venue I 13 timestamp 8, user_ref_num 4
venue T 30 timestamp 8, user_ref_num 4, price 8, display 1a, order_reference_number 8
venue M 18 timestamp 8, user_ref_num 4, side 1a, quantity 4
venue R 16 timestamp 8, user_ref_num 4, reason 1a, appendage_length 2
venue X 27 timestamp 8, user_ref_num 4, firm 4a, symbol 8a, appendage_length 2
venue G 19 timestamp 8, user_ref_num 4, firm 4a, appendage_length 2
venue K 19 timestamp 8, user_ref_num 4, firm 4a, appendage_length 2
venue Q 13 timestamp 8, next_user_ref_num 4
"""
OUCH42 = """
client O 49 order_token 14a, buy_sell_indicator 1a, shares 4, stock 8a, price 4, time_in_force 4,
  firm 4a, display 1a, capacity 1a, intermarket_sweep_eligibility 1a, minimum_quantity 4,
  cross_type 1a, customer_type 1a
client U 47 existing_order_token 14a, replacement_order_token 14a, shares 4, price 4,
  time_in_force 4, display 1a, intermarket_sweep_eligibility 1a, minimum_quantity 4
client X 19 order_token 14a, shares 4
client M 20 order_token 14a, buy_sell_indicator 1a, shares 4
client N 15 order_token 14a
venue S 10 timestamp 8, event_code 1a
venue A 66 timestamp 8, order_token 14a, buy_sell_indicator 1a, shares 4, stock 8a, price 4,
  time_in_force 4, firm 4a, display 1a, order_reference_number 8, capacity 1a,
  intermarket_sweep_eligibility 1a, minimum_quantity 4, cross_type 1a, order_state 1a,
  bbo_weight_indicator 1a
venue U 80 timestamp 8, replacement_order_token 14a, buy_sell_indicator 1a, shares 4, stock 8a,
  price 4, time_in_force 4, firm 4a, display 1a, order_reference_number 8, capacity 1a,
  intermarket_sweep_eligibility 1a, minimum_quantity 4, cross_type 1a, order_state 1a,
  previous_order_token 14a, bbo_weight_indicator 1a
venue C 28 timestamp 8, order_token 14a, decrement_shares 4, reason 1a
venue D 37 timestamp 8, order_token 14a, decrement_shares 4, reason 1a,
  quantity_prevented_from_trading 4, execution_price 4, liquidity_flag 1a
venue E 40 timestamp 8, order_token 14a, executed_shares 4, execution_price 4, liquidity_flag 1a,
  match_number 8
venue B 32 timestamp 8, order_token 14a, match_number 8, reason 1a
venue G 45 timestamp 8, order_token 14a, executed_shares 4, execution_price 4, liquidity_flag 1a,
  match_number 8, reference_price 4, reference_price_type 1a
venue F 41 timestamp 8, order_token 14a, executed_shares 4, execution_price 4, liquidity_flag 1a,
  match_number 8, reason 1a
venue J 24 timestamp 8, order_token 14a, reason 1a
venue P 23 timestamp 8, order_token 14a
venue I 23 timestamp 8, order_token 14a
venue T 36 timestamp 8, order_token 14a, price 4, display 1a, order_reference_number 8
venue M 28 timestamp 8, order_token 14a, buy_sell_indicator 1a, shares 4
venue N 23 timestamp 8, order_token 14a
"""
SOUP = """
client + 1
client L 47 username 6a, password 10a, requested_session 10a, requested_sequence_number 20d
client U 1
client R 1
client O 1
venue + 1
venue A 31 session 10a, sequence_number 20d
venue J 2 reject_reason_code 1a
venue S 1
venue H 1
venue Z 1
"""
# Appendages: number, size, name.
TAGS = """
1 8 secondary_order_reference_number, 2 4a firm, 3 4 min_qty, 4 1a customer_type, 5 4 max_floor,
6 1a price_type, 7 4s peg_offset, 9 8 discretion_price, 10 1a discretion_price_type,
11 4s discretion_peg_offset, 12 1a post_only, 13 4 random_reserves, 14 4a route, 15 4 expire_time,
16 1a trade_now, 17 1a handle_inst, 18 1a bbo_weight_indicator, 22 4 display_quantity,
23 8 display_price, 24 2 group_id, 25 1a shares_located, 26 4a locate_broker, 27 1a side,
28 1 user_ref_index, 29 1a aiq_strategy, 30 2a aiq_group_id
"""
Layout = list[tuple[str, str]]


@cache
def layouts(text: str) -> dict[tuple[str, str], tuple[int, Layout]]:
    """By side and type: the length, the fields."""
    lines = text.strip().replace("\n  ", " ").splitlines()
    found: dict[tuple[str, str], tuple[int, Layout]] = {}
    for line in lines:
        side, kind, length, *rest = line.split(" ", 3)
        words = [one.split() for one in rest[0].split(", ")] if rest else []
        found[side, kind] = int(length), [(name, size) for name, size in words]
    return found


@cache
def tags() -> dict[int, tuple[str, str]]:
    words = [one.split() for one in TAGS.replace("\n", " ").split(", ")]
    return {int(number): (name, size) for number, size, name in words}


def read(size: str, raw: bytes) -> Value:
    if size.endswith("a"):
        return raw
    return int(raw) if size.endswith("d") else int.from_bytes(raw, "big", signed=size[-1] == "s")


def sliced(text: str, side: str, raw: bytes) -> tuple[dict[str, Value], dict[str, Value], bytes]:
    """A good message's values, its appendages and what else follows, cut out by hand."""
    length, layout = layouts(text)[side, chr(raw[0])]
    values, at = {}, 1
    for name, size in layout:
        width = int(size.rstrip("ads"))
        values[name] = read(size, raw[at : at + width])
        at += width
    assert at == length, (side, raw[:1])
    rest = raw[length:]
    if text is not OUCH or not (rest or "appendage_length" in values):
        return values, {}, rest
    count = values.pop("appendage_length", None)
    if count is None:
        count, rest = int.from_bytes(rest[:2], "big"), rest[2:]
    assert count == len(rest)
    appended: dict[str, Value] = {}
    while rest:
        element, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        name, size = tags()[element[0]]
        assert len(element) == 1 + int(size.rstrip("as"))
        appended[name] = read(size, element[1:])
    return values, appended, b""


class Talker:
    """Draws messages that a codec must take."""

    def __init__(
        self,
        codec: Dialogue,
        appendages: tuple[Tag, ...],
        codes: Mapping[str, Mapping[str, bytes]],
        seed: int,
    ) -> None:
        self.codec, self.rng = codec, random.Random(seed)
        self._tags, self._codes = {tag.name: tag for tag in appendages}, codes

    def value(self, one: Field | Tag) -> Value:
        rng = self.rng
        if one.code:
            return rng.choice(list(self._codes[one.code].values()))
        if one.kind == "alpha":
            return bytes(rng.randint(32, 126) for _ in range(one.length))
        if one.kind == "digits":
            return rng.choice((0, 10**one.length - 1, rng.randrange(10**9)))
        bits = 8 * one.length
        ends = (-(1 << bits - 1), (1 << bits - 1) - 1) if "offset" in one.kind else (0, 2**bits - 1)
        return rng.choice((*ends, rng.randint(*ends), rng.randint(*ends)))

    def draw(self, kind: MessageType, appended: int | None = None) -> Said:
        """A message of this type, with so many appendages, or any number of them."""
        own = ("message_type", "appendage_length")
        values = {one.name: self.value(one) for one in kind.fields if one.name not in own}
        most = len(kind.tags)
        number = self.rng.choice((0, most, self.rng.randint(0, most)))
        names = self.rng.sample(kind.tags, number if appended is None else appended)
        payload = self.rng.randbytes(self.rng.choice((0, 1, 40))) if kind.tail == "payload" else b""
        said = {name: self.value(self._tags[name]) for name in names}
        return Said(kind.name, values, said, payload=payload)


def senders(kind: MessageType) -> tuple[Side, ...]:
    return ("client", "venue") if kind.sender == "any" else (kind.sender,)
