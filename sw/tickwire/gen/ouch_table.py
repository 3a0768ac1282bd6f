"""OUCH 5.0 for the host.

Generated from hw/regs/ouch.toml by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.wire.fields import Field, MessageType, Tag

_HEADER: Final = (Field("message_type", 0, 1, "alpha"),)

# The most shares of an order.
MOST_QUANTITY: Final = 999_999
# The highest limit price; above it, two prices stand for an order without a limit.
MOST_PRICE: Final = 1_999_999_900
# A new order.
ENTER_ORDER: Final = MessageType(
    "O",
    "enter_order",
    length=47,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("side", 5, 1, "alpha", code="side"),
        Field("quantity", 6, 4, "integer"),
        Field("symbol", 10, 8, "alpha"),
        Field("price", 18, 8, "wide_price4"),
        Field("time_in_force", 26, 1, "alpha", code="time_in_force"),
        Field("display", 27, 1, "alpha", code="display"),
        Field("capacity", 28, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 29, 1, "alpha", code="sweep"),
        Field("cross_type", 30, 1, "alpha", code="cross"),
        Field("cl_ord_id", 31, 14, "alpha"),
        Field("appendage_length", 45, 2, "integer"),
    ),
    sender="client",
    tail="tags",
    tags=(
        "firm",
        "min_qty",
        "customer_type",
        "max_floor",
        "price_type",
        "peg_offset",
        "discretion_price",
        "discretion_price_type",
        "discretion_peg_offset",
        "post_only",
        "random_reserves",
        "expire_time",
        "trade_now",
        "handle_inst",
        "group_id",
        "shares_located",
        "locate_broker",
        "user_ref_index",
        "aiq_strategy",
        "aiq_group_id",
    ),
)
# Another order in the place of an order.
REPLACE_ORDER: Final = MessageType(
    "U",
    "replace_order",
    length=40,
    fields=(
        *_HEADER,
        Field("orig_user_ref_num", 1, 4, "integer"),
        Field("user_ref_num", 5, 4, "integer"),
        Field("quantity", 9, 4, "integer"),
        Field("price", 13, 8, "wide_price4"),
        Field("time_in_force", 21, 1, "alpha", code="time_in_force"),
        Field("display", 22, 1, "alpha", code="display"),
        Field("intermarket_sweep_eligibility", 23, 1, "alpha", code="sweep"),
        Field("cl_ord_id", 24, 14, "alpha"),
        Field("appendage_length", 38, 2, "integer"),
    ),
    sender="client",
    tail="tags",
    tags=(
        "min_qty",
        "max_floor",
        "price_type",
        "peg_offset",
        "discretion_price",
        "discretion_price_type",
        "discretion_peg_offset",
        "post_only",
        "random_reserves",
        "expire_time",
        "trade_now",
        "handle_inst",
        "shares_located",
        "locate_broker",
        "side",
        "user_ref_index",
        "aiq_strategy",
        "aiq_group_id",
    ),
)
# No more of an order than this.
CANCEL_ORDER: Final = MessageType(
    "X",
    "cancel_order",
    length=9,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("quantity", 5, 4, "integer"),
    ),
    sender="client",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# An order's side, or fewer shares, without losing its place.
MODIFY_ORDER: Final = MessageType(
    "M",
    "modify_order",
    length=10,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("side", 5, 1, "alpha", code="side"),
        Field("quantity", 6, 4, "integer"),
    ),
    sender="client",
    tail="optional_tags",
    tags=("user_ref_index", "shares_located", "locate_broker"),
)
# No more of many orders.
MASS_CANCEL: Final = MessageType(
    "C",
    "mass_cancel",
    length=19,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("firm", 5, 4, "alpha"),
        Field("symbol", 9, 8, "alpha"),
        Field("appendage_length", 17, 2, "integer"),
    ),
    sender="client",
    tail="tags",
    tags=("side", "group_id", "user_ref_index"),
)
# Take no more orders of the firm.
DISABLE_ORDER_ENTRY: Final = MessageType(
    "D",
    "disable_order_entry",
    length=11,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("firm", 5, 4, "alpha"),
        Field("appendage_length", 9, 2, "integer"),
    ),
    sender="client",
    tail="tags",
    tags=("user_ref_index",),
)
# Take orders of the firm again.
ENABLE_ORDER_ENTRY: Final = MessageType(
    "E",
    "enable_order_entry",
    length=11,
    fields=(
        *_HEADER,
        Field("user_ref_num", 1, 4, "integer"),
        Field("firm", 5, 4, "alpha"),
        Field("appendage_length", 9, 2, "integer"),
    ),
    sender="client",
    tail="tags",
    tags=("user_ref_index",),
)
# Which user_ref_num is the next?.
ACCOUNT_QUERY: Final = MessageType(
    "Q",
    "account_query",
    length=1,
    fields=_HEADER,
    sender="client",
    tail="optional_tags",
    tags=("user_ref_index",),
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
ORDER_ACCEPTED: Final = MessageType(
    "A",
    "order_accepted",
    length=64,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("side", 13, 1, "alpha", code="side"),
        Field("quantity", 14, 4, "integer"),
        Field("symbol", 18, 8, "alpha"),
        Field("price", 26, 8, "wide_price4"),
        Field("time_in_force", 34, 1, "alpha", code="time_in_force"),
        Field("display", 35, 1, "alpha", code="display_given"),
        Field("order_reference_number", 36, 8, "integer"),
        Field("capacity", 44, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 45, 1, "alpha", code="sweep"),
        Field("cross_type", 46, 1, "alpha", code="cross"),
        Field("order_state", 47, 1, "alpha", code="order_state"),
        Field("cl_ord_id", 48, 14, "alpha"),
        Field("appendage_length", 62, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=(
        "firm",
        "min_qty",
        "customer_type",
        "max_floor",
        "price_type",
        "peg_offset",
        "discretion_price",
        "discretion_price_type",
        "discretion_peg_offset",
        "post_only",
        "random_reserves",
        "route",
        "expire_time",
        "trade_now",
        "handle_inst",
        "bbo_weight_indicator",
        "group_id",
        "shares_located",
        "user_ref_index",
        "aiq_strategy",
        "aiq_group_id",
    ),
)
# An order was taken in the place of another.
ORDER_REPLACED: Final = MessageType(
    "U",
    "order_replaced",
    length=68,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("orig_user_ref_num", 9, 4, "integer"),
        Field("user_ref_num", 13, 4, "integer"),
        Field("side", 17, 1, "alpha", code="side"),
        Field("quantity", 18, 4, "integer"),
        Field("symbol", 22, 8, "alpha"),
        Field("price", 30, 8, "wide_price4"),
        Field("time_in_force", 38, 1, "alpha", code="time_in_force"),
        Field("display", 39, 1, "alpha", code="display_given"),
        Field("order_reference_number", 40, 8, "integer"),
        Field("capacity", 48, 1, "alpha", code="capacity"),
        Field("intermarket_sweep_eligibility", 49, 1, "alpha", code="sweep"),
        Field("cross_type", 50, 1, "alpha", code="cross"),
        Field("order_state", 51, 1, "alpha", code="order_state"),
        Field("cl_ord_id", 52, 14, "alpha"),
        Field("appendage_length", 66, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=(
        "firm",
        "min_qty",
        "max_floor",
        "price_type",
        "post_only",
        "expire_time",
        "trade_now",
        "handle_inst",
        "bbo_weight_indicator",
        "user_ref_index",
        "aiq_strategy",
        "aiq_group_id",
    ),
)
# Shares of an order are gone.
ORDER_CANCELED: Final = MessageType(
    "C",
    "order_canceled",
    length=18,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("quantity", 13, 4, "integer"),
        Field("reason", 17, 1, "alpha"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# Shares of an order are gone, for they would have traded with an own order.
AIQ_CANCELED: Final = MessageType(
    "D",
    "aiq_canceled",
    length=32,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("decrement_shares", 13, 4, "integer"),
        Field("reason", 17, 1, "alpha"),
        Field("quantity_prevented_from_trading", 18, 4, "integer"),
        Field("execution_price", 22, 8, "wide_price4"),
        Field("liquidity_flag", 30, 1, "alpha"),
        Field("aiq_strategy", 31, 1, "alpha"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# Shares of an order traded.
ORDER_EXECUTED: Final = MessageType(
    "E",
    "order_executed",
    length=36,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("quantity", 13, 4, "integer"),
        Field("price", 17, 8, "wide_price4"),
        Field("liquidity_flag", 25, 1, "alpha"),
        Field("match_number", 26, 8, "integer"),
        Field("appendage_length", 34, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=("user_ref_index",),
)
# A trade is undone.
BROKEN_TRADE: Final = MessageType(
    "B",
    "broken_trade",
    length=36,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("match_number", 13, 8, "integer"),
        Field("reason", 21, 1, "alpha"),
        Field("cl_ord_id", 22, 14, "alpha"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# An order, or what was asked for one, was not taken.
ORDER_REJECTED: Final = MessageType(
    "J",
    "order_rejected",
    length=29,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("reason", 13, 2, "integer"),
        Field("cl_ord_id", 15, 14, "alpha"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# A cancel waits for an auction.
CANCEL_PENDING: Final = MessageType(
    "P",
    "cancel_pending",
    length=13,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# A cancel was not taken.
CANCEL_REJECT: Final = MessageType(
    "I",
    "cancel_reject",
    length=13,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# An order has another place in the book.
ORDER_PRIORITY_UPDATE: Final = MessageType(
    "T",
    "order_priority_update",
    length=30,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("price", 13, 8, "wide_price4"),
        Field("display", 21, 1, "alpha", code="display_given"),
        Field("order_reference_number", 22, 8, "integer"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)
# A modify_order was taken.
ORDER_MODIFIED: Final = MessageType(
    "M",
    "order_modified",
    length=18,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("side", 13, 1, "alpha", code="side"),
        Field("quantity", 14, 4, "integer"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index", "shares_located", "locate_broker"),
)
# The venue changed what is shown of an order.
ORDER_RESTATED: Final = MessageType(
    "R",
    "order_restated",
    length=16,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("reason", 13, 1, "alpha"),
        Field("appendage_length", 14, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=(
        "secondary_order_reference_number",
        "display_quantity",
        "display_price",
        "user_ref_index",
    ),
)
# A mass_cancel was taken.
MASS_CANCEL_RESPONSE: Final = MessageType(
    "X",
    "mass_cancel_response",
    length=27,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("firm", 13, 4, "alpha"),
        Field("symbol", 17, 8, "alpha"),
        Field("appendage_length", 25, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=("side", "group_id", "user_ref_index"),
)
# A disable_order_entry was taken.
DISABLE_ORDER_ENTRY_RESPONSE: Final = MessageType(
    "G",
    "disable_order_entry_response",
    length=19,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("firm", 13, 4, "alpha"),
        Field("appendage_length", 17, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=("user_ref_index",),
)
# An enable_order_entry was taken.
ENABLE_ORDER_ENTRY_RESPONSE: Final = MessageType(
    "K",
    "enable_order_entry_response",
    length=19,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("user_ref_num", 9, 4, "integer"),
        Field("firm", 13, 4, "alpha"),
        Field("appendage_length", 17, 2, "integer"),
    ),
    sender="venue",
    tail="tags",
    tags=("user_ref_index",),
)
# Which user_ref_num is the next.
ACCOUNT_QUERY_RESPONSE: Final = MessageType(
    "Q",
    "account_query_response",
    length=13,
    fields=(
        *_HEADER,
        Field("timestamp", 1, 8, "timestamp"),
        Field("next_user_ref_num", 9, 4, "integer"),
    ),
    sender="venue",
    tail="optional_tags",
    tags=("user_ref_index",),
)

MESSAGES: Final[tuple[MessageType, ...]] = (
    ENTER_ORDER,
    REPLACE_ORDER,
    CANCEL_ORDER,
    MODIFY_ORDER,
    MASS_CANCEL,
    DISABLE_ORDER_ENTRY,
    ENABLE_ORDER_ENTRY,
    ACCOUNT_QUERY,
    SYSTEM_EVENT,
    ORDER_ACCEPTED,
    ORDER_REPLACED,
    ORDER_CANCELED,
    AIQ_CANCELED,
    ORDER_EXECUTED,
    BROKEN_TRADE,
    ORDER_REJECTED,
    CANCEL_PENDING,
    CANCEL_REJECT,
    ORDER_PRIORITY_UPDATE,
    ORDER_MODIFIED,
    ORDER_RESTATED,
    MASS_CANCEL_RESPONSE,
    DISABLE_ORDER_ENTRY_RESPONSE,
    ENABLE_ORDER_ENTRY_RESPONSE,
    ACCOUNT_QUERY_RESPONSE,
)
TAGS: Final[tuple[Tag, ...]] = (
    Tag(1, "secondary_order_reference_number", 8, "integer"),
    Tag(2, "firm", 4, "alpha"),
    Tag(3, "min_qty", 4, "integer"),
    Tag(4, "customer_type", 1, "alpha"),
    Tag(5, "max_floor", 4, "integer"),
    Tag(6, "price_type", 1, "alpha"),
    Tag(7, "peg_offset", 4, "price4_offset"),
    Tag(9, "discretion_price", 8, "wide_price4"),
    Tag(10, "discretion_price_type", 1, "alpha"),
    Tag(11, "discretion_peg_offset", 4, "price4_offset"),
    Tag(12, "post_only", 1, "alpha"),
    Tag(13, "random_reserves", 4, "integer"),
    Tag(14, "route", 4, "alpha"),
    Tag(15, "expire_time", 4, "integer"),
    Tag(16, "trade_now", 1, "alpha"),
    Tag(17, "handle_inst", 1, "alpha"),
    Tag(18, "bbo_weight_indicator", 1, "alpha"),
    Tag(22, "display_quantity", 4, "integer"),
    Tag(23, "display_price", 8, "wide_price4"),
    Tag(24, "group_id", 2, "integer"),
    Tag(25, "shares_located", 1, "alpha", code="yes_no"),
    Tag(26, "locate_broker", 4, "alpha"),
    Tag(27, "side", 1, "alpha", code="side"),
    Tag(28, "user_ref_index", 1, "integer"),
    Tag(29, "aiq_strategy", 1, "alpha"),
    Tag(30, "aiq_group_id", 2, "alpha"),
)
# The letter of each name.
CODES: Final[dict[str, dict[str, bytes]]] = {
    "side": {
        "buy": b"B",
        "sell": b"S",
        "sell_short": b"T",
        "sell_short_exempt": b"E",
    },
    "time_in_force": {
        "day": b"0",
        "immediate": b"3",
        "extended": b"5",
        "until": b"6",
        "after_hours": b"E",
    },
    "display": {
        "visible": b"Y",
        "hidden": b"N",
        "attributable": b"A",
    },
    "display_given": {
        "visible": b"Y",
        "hidden": b"N",
        "attributable": b"A",
        "conformant": b"Z",
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
    },
    "cross": {
        "continuous": b"N",
        "opening": b"O",
        "closing": b"C",
        "halt": b"H",
        "supplemental": b"S",
        "retail": b"R",
        "extended_life": b"E",
        "after_hours_close": b"A",
    },
    "order_state": {
        "live": b"L",
        "dead": b"D",
    },
    "yes_no": {
        "yes": b"Y",
        "no": b"N",
    },
}
