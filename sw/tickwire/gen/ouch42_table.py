"""OUCH 4.2 for the host.

Generated from hw/regs/ouch42.toml by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.wire.fields import Field, MessageType

_HEADER: Final = (Field("message_type", 0, 1, "alpha"),)

# The most shares of an order.
MOST_QUANTITY: Final = 999_999
# The highest limit price; above it, a price stands for an order without a limit.
MOST_PRICE: Final = 1_999_999_900
# A time in force: what isn't done at once is cancelled.
TIME_IMMEDIATE: Final = 0
# Likewise: until the market closes.
TIME_DAY: Final = 99_998
# A new order.
ENTER_ORDER: Final = MessageType(
    "O",
    "enter_order",
    length=49,
    fields=(
        *_HEADER,
        Field("order_token", 1, 14, "alpha"),
        Field("buy_sell_indicator", 15, 1, "alpha", code="side"),
        Field("shares", 16, 4, "integer"),
        Field("stock", 20, 8, "alpha"),
        Field("price", 28, 4, "price4"),
        Field("time_in_force", 32, 4, "integer"),
        Field("firm", 36, 4, "alpha"),
        Field("display", 40, 1, "alpha", code="display"),
        Field("capacity", 41, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 42, 1, "alpha", code="sweep"),
        Field("minimum_quantity", 43, 4, "integer"),
        Field("cross_type", 47, 1, "alpha", code="cross"),
        Field("customer_type", 48, 1, "alpha", code="customer"),
    ),
    sender="client",
    tail="none",
)
# Another order in the place of an order.
REPLACE_ORDER: Final = MessageType(
    "U",
    "replace_order",
    length=47,
    fields=(
        *_HEADER,
        Field("existing_order_token", 1, 14, "alpha"),
        Field("replacement_order_token", 15, 14, "alpha"),
        Field("shares", 29, 4, "integer"),
        Field("price", 33, 4, "price4"),
        Field("time_in_force", 37, 4, "integer"),
        Field("display", 41, 1, "alpha", code="display"),
        Field("intermarket_sweep_eligibility", 42, 1, "alpha", code="sweep"),
        Field("minimum_quantity", 43, 4, "integer"),
    ),
    sender="client",
    tail="none",
)
# No more of an order than this.
CANCEL_ORDER: Final = MessageType(
    "X",
    "cancel_order",
    length=19,
    fields=(
        *_HEADER,
        Field("order_token", 1, 14, "alpha"),
        Field("shares", 15, 4, "integer"),
    ),
    sender="client",
    tail="none",
)
# An order's side, or fewer shares, without losing its place.
MODIFY_ORDER: Final = MessageType(
    "M",
    "modify_order",
    length=20,
    fields=(
        *_HEADER,
        Field("order_token", 1, 14, "alpha"),
        Field("buy_sell_indicator", 15, 1, "alpha", code="side"),
        Field("shares", 16, 4, "integer"),
    ),
    sender="client",
    tail="none",
)
# Let an order trade at the market now.
TRADE_NOW: Final = MessageType(
    "N",
    "trade_now",
    length=15,
    fields=(
        *_HEADER,
        Field("order_token", 1, 14, "alpha"),
    ),
    sender="client",
    tail="none",
)
# The day starts or ends.
SYSTEM_EVENT: Final = MessageType(
    "S",
    "system_event",
    length=10,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("event_code", 9, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# An order was taken, maybe not as it was asked for.
ACCEPTED: Final = MessageType(
    "A",
    "accepted",
    length=66,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("buy_sell_indicator", 23, 1, "alpha", code="side"),
        Field("shares", 24, 4, "integer"),
        Field("stock", 28, 8, "alpha"),
        Field("price", 36, 4, "price4"),
        Field("time_in_force", 40, 4, "integer"),
        Field("firm", 44, 4, "alpha"),
        Field("display", 48, 1, "alpha", code="display"),
        Field("order_reference_number", 49, 8, "integer"),
        Field("capacity", 57, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 58, 1, "alpha", code="sweep"),
        Field("minimum_quantity", 59, 4, "integer"),
        Field("cross_type", 63, 1, "alpha", code="cross"),
        Field("order_state", 64, 1, "alpha", code="order_state"),
        Field("bbo_weight_indicator", 65, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# An order was taken in the place of another.
REPLACED: Final = MessageType(
    "U",
    "replaced",
    length=80,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("replacement_order_token", 9, 14, "alpha"),
        Field("buy_sell_indicator", 23, 1, "alpha", code="side"),
        Field("shares", 24, 4, "integer"),
        Field("stock", 28, 8, "alpha"),
        Field("price", 36, 4, "price4"),
        Field("time_in_force", 40, 4, "integer"),
        Field("firm", 44, 4, "alpha"),
        Field("display", 48, 1, "alpha", code="display"),
        Field("order_reference_number", 49, 8, "integer"),
        Field("capacity", 57, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 58, 1, "alpha", code="sweep"),
        Field("minimum_quantity", 59, 4, "integer"),
        Field("cross_type", 63, 1, "alpha", code="cross"),
        Field("order_state", 64, 1, "alpha", code="order_state"),
        Field("previous_order_token", 65, 14, "alpha"),
        Field("bbo_weight_indicator", 79, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# Shares of an order are gone.
CANCELED: Final = MessageType(
    "C",
    "canceled",
    length=28,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("decrement_shares", 23, 4, "integer"),
        Field("reason", 27, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# Shares of an order are gone, for they would have traded with an own order.
AIQ_CANCELED: Final = MessageType(
    "D",
    "aiq_canceled",
    length=37,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("decrement_shares", 23, 4, "integer"),
        Field("reason", 27, 1, "alpha"),
        Field("quantity_prevented_from_trading", 28, 4, "integer"),
        Field("execution_price", 32, 4, "price4"),
        Field("liquidity_flag", 36, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# Shares of an order traded.
EXECUTED: Final = MessageType(
    "E",
    "executed",
    length=40,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("executed_shares", 23, 4, "integer"),
        Field("execution_price", 27, 4, "price4"),
        Field("liquidity_flag", 31, 1, "alpha"),
        Field("match_number", 32, 8, "integer"),
    ),
    sender="venue",
    tail="none",
)
# A trade is undone.
BROKEN_TRADE: Final = MessageType(
    "B",
    "broken_trade",
    length=32,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("match_number", 23, 8, "integer"),
        Field("reason", 31, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# Shares of an order traded at a price that another will set.
EXECUTED_WITH_REFERENCE_PRICE: Final = MessageType(
    "G",
    "executed_with_reference_price",
    length=45,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("executed_shares", 23, 4, "integer"),
        Field("execution_price", 27, 4, "price4"),
        Field("liquidity_flag", 31, 1, "alpha"),
        Field("match_number", 32, 8, "integer"),
        Field("reference_price", 40, 4, "price4"),
        Field("reference_price_type", 44, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# A trade has another price.
TRADE_CORRECTION: Final = MessageType(
    "F",
    "trade_correction",
    length=41,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("executed_shares", 23, 4, "integer"),
        Field("execution_price", 27, 4, "price4"),
        Field("liquidity_flag", 31, 1, "alpha"),
        Field("match_number", 32, 8, "integer"),
        Field("reason", 40, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# An order, or what was asked for one, was not taken.
REJECTED: Final = MessageType(
    "J",
    "rejected",
    length=24,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("reason", 23, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# A cancel waits for an auction.
CANCEL_PENDING: Final = MessageType(
    "P",
    "cancel_pending",
    length=23,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# A cancel was not taken.
CANCEL_REJECT: Final = MessageType(
    "I",
    "cancel_reject",
    length=23,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# An order has another place in the book.
ORDER_PRIORITY_UPDATE: Final = MessageType(
    "T",
    "order_priority_update",
    length=36,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("price", 23, 4, "price4"),
        Field("display", 27, 1, "alpha", code="display"),
        Field("order_reference_number", 28, 8, "integer"),
    ),
    sender="venue",
    tail="none",
)
# A modify_order was taken.
ORDER_MODIFIED: Final = MessageType(
    "M",
    "order_modified",
    length=28,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
        Field("buy_sell_indicator", 23, 1, "alpha", code="side"),
        Field("shares", 24, 4, "integer"),
    ),
    sender="venue",
    tail="none",
)
# A trade_now was taken.
TRADE_NOW_ACCEPTED: Final = MessageType(
    "N",
    "trade_now_accepted",
    length=23,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("order_token", 9, 14, "alpha"),
    ),
    sender="venue",
    tail="none",
)

MESSAGES: Final[tuple[MessageType, ...]] = (
    ENTER_ORDER,
    REPLACE_ORDER,
    CANCEL_ORDER,
    MODIFY_ORDER,
    TRADE_NOW,
    SYSTEM_EVENT,
    ACCEPTED,
    REPLACED,
    CANCELED,
    AIQ_CANCELED,
    EXECUTED,
    BROKEN_TRADE,
    EXECUTED_WITH_REFERENCE_PRICE,
    TRADE_CORRECTION,
    REJECTED,
    CANCEL_PENDING,
    CANCEL_REJECT,
    ORDER_PRIORITY_UPDATE,
    ORDER_MODIFIED,
    TRADE_NOW_ACCEPTED,
)
# The letter of each name.
CODES: Final[dict[str, dict[str, bytes]]] = {
    "side": {
        "buy": b"B",
        "sell": b"S",
        "sell_short": b"T",
        "sell_short_exempt": b"E",
    },
    "display": {
        "attributable": b"A",
        "visible": b"Y",
        "hidden": b"N",
        "post_only": b"P",
        "imbalance_only": b"I",
        "midpoint_peg": b"M",
        "midpoint_peg_post_only": b"W",
        "post_only_attributable": b"L",
        "retail_1": b"O",
        "retail_2": b"T",
        "retail_improvement": b"Q",
        "midpoint_peg_trade_now": b"m",
        "hidden_trade_now": b"n",
    },
    "capacity": {
        "agency": b"A",
        "principal": b"P",
        "riskless": b"R",
        "other": b"O",
    },
    "sweep": {
        "eligible": b"Y",
        "not_eligible": b"N",
        "trade_at": b"y",
    },
    "cross": {
        "continuous": b"N",
        "opening": b"O",
        "closing": b"C",
        "halt": b"H",
        "supplemental": b"S",
        "retail": b"R",
        "extended_life": b"E",
    },
    "customer": {
        "retail": b"R",
        "not_retail": b"N",
        "default": b" ",
    },
    "order_state": {
        "live": b"L",
        "dead": b"D",
    },
}
