"""ITCH 5.0 and MoldUDP64 for the host.

Generated from hw/regs/itch.toml by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.wire.fields import Field, MessageType

MOLD_HEADER_LENGTH: Final = 20
MOLD_BLOCK_LENGTH: Final = 2
HEARTBEAT_COUNT: Final = 0
END_OF_SESSION_COUNT: Final = 65535

MOLD_HEADER: Final = (
    Field("session", 0, 10, "alpha"),
    Field("sequence_number", 10, 8, "integer"),
    Field("message_count", 18, 2, "integer"),
)

_HEADER: Final = (
    Field("message_type", 0, 1, "alpha"),
    Field("stock_locate", 1, 2, "integer"),
    Field("tracking_number", 3, 2, "integer"),
    Field("timestamp", 5, 6, "timestamp"),
)

# The market or the feed starts or stops.
SYSTEM_EVENT: Final = MessageType(
    "S",
    "system_event",
    length=12,
    book=False,
    fields=(
        *_HEADER,
        Field("event_code", 11, 1, "alpha"),
    ),
)
# A security that trades today, and its locate number.
STOCK_DIRECTORY: Final = MessageType(
    "R",
    "stock_directory",
    length=39,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("market_category", 19, 1, "alpha"),
        Field("financial_status_indicator", 20, 1, "alpha"),
        Field("round_lot_size", 21, 4, "integer"),
        Field("round_lots_only", 25, 1, "alpha"),
        Field("issue_classification", 26, 1, "alpha"),
        Field("issue_sub_type", 27, 2, "alpha"),
        Field("authenticity", 29, 1, "alpha"),
        Field("short_sale_threshold_indicator", 30, 1, "alpha"),
        Field("ipo_flag", 31, 1, "alpha"),
        Field("luld_reference_price_tier", 32, 1, "alpha"),
        Field("etp_flag", 33, 1, "alpha"),
        Field("etp_leverage_factor", 34, 4, "integer"),
        Field("inverse_indicator", 38, 1, "alpha"),
    ),
)
# Trading in a security is halted, paused, for quotation only, or on.
STOCK_TRADING_ACTION: Final = MessageType(
    "H",
    "stock_trading_action",
    length=25,
    book=True,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("trading_state", 19, 1, "alpha"),
        Field("reserved", 20, 1, "alpha"),
        Field("reason", 21, 4, "alpha"),
    ),
)
# Short sale price test.
REG_SHO_RESTRICTION: Final = MessageType(
    "Y",
    "reg_sho_restriction",
    length=20,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("reg_sho_action", 19, 1, "alpha"),
    ),
)
# A market participant's status in a security.
MARKET_PARTICIPANT_POSITION: Final = MessageType(
    "L",
    "market_participant_position",
    length=26,
    book=False,
    fields=(
        *_HEADER,
        Field("mpid", 11, 4, "alpha"),
        Field("stock", 15, 8, "alpha"),
        Field("primary_market_maker", 23, 1, "alpha"),
        Field("market_maker_mode", 24, 1, "alpha"),
        Field("market_participant_state", 25, 1, "alpha"),
    ),
)
# The day's levels of the market-wide circuit breaker.
MWCB_DECLINE_LEVEL: Final = MessageType(
    "V",
    "mwcb_decline_level",
    length=35,
    book=False,
    fields=(
        *_HEADER,
        Field("level_1", 11, 8, "price8"),
        Field("level_2", 19, 8, "price8"),
        Field("level_3", 27, 8, "price8"),
    ),
)
# The market-wide circuit breaker has been breached.
MWCB_STATUS: Final = MessageType(
    "W",
    "mwcb_status",
    length=12,
    book=False,
    fields=(
        *_HEADER,
        Field("breached_level", 11, 1, "alpha"),
    ),
)
# When quoting of an initial offering begins.
IPO_QUOTING_PERIOD_UPDATE: Final = MessageType(
    "K",
    "ipo_quoting_period_update",
    length=28,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("ipo_quotation_release_time", 19, 4, "integer"),
        Field("ipo_quotation_release_qualifier", 23, 1, "alpha"),
        Field("ipo_price", 24, 4, "price4"),
    ),
)
# Price collar of the auction that ends a pause.
LULD_AUCTION_COLLAR: Final = MessageType(
    "J",
    "luld_auction_collar",
    length=35,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("auction_collar_reference_price", 19, 4, "price4"),
        Field("upper_auction_collar_price", 23, 4, "price4"),
        Field("lower_auction_collar_price", 27, 4, "price4"),
        Field("auction_collar_extension", 31, 4, "integer"),
    ),
)
# One market has interrupted trading in a security for reasons of its own.
OPERATIONAL_HALT: Final = MessageType(
    "h",
    "operational_halt",
    length=21,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("market_code", 19, 1, "alpha"),
        Field("operational_halt_action", 20, 1, "alpha"),
    ),
)
# A displayed order, its owner not told.
ADD_ORDER: Final = MessageType(
    "A",
    "add_order",
    length=36,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("buy_sell_indicator", 19, 1, "alpha"),
        Field("shares", 20, 4, "integer"),
        Field("stock", 24, 8, "alpha"),
        Field("price", 32, 4, "price4"),
    ),
)
# A displayed order with its owner.
ADD_ORDER_MPID: Final = MessageType(
    "F",
    "add_order_mpid",
    length=40,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("buy_sell_indicator", 19, 1, "alpha"),
        Field("shares", 20, 4, "integer"),
        Field("stock", 24, 8, "alpha"),
        Field("price", 32, 4, "price4"),
        Field("attribution", 36, 4, "alpha"),
    ),
)
# Shares of an order traded at its price.
ORDER_EXECUTED: Final = MessageType(
    "E",
    "order_executed",
    length=31,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("executed_shares", 19, 4, "integer"),
        Field("match_number", 23, 8, "integer"),
    ),
)
# Shares of an order traded at another price.
ORDER_EXECUTED_WITH_PRICE: Final = MessageType(
    "C",
    "order_executed_with_price",
    length=36,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("executed_shares", 19, 4, "integer"),
        Field("match_number", 23, 8, "integer"),
        Field("printable", 31, 1, "alpha"),
        Field("execution_price", 32, 4, "price4"),
    ),
)
# Shares are taken off an order.
ORDER_CANCEL: Final = MessageType(
    "X",
    "order_cancel",
    length=23,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("cancelled_shares", 19, 4, "integer"),
    ),
)
# An order is gone.
ORDER_DELETE: Final = MessageType(
    "D",
    "order_delete",
    length=19,
    book=True,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
    ),
)
# An order is gone and another is there, on the same side.
ORDER_REPLACE: Final = MessageType(
    "U",
    "order_replace",
    length=35,
    book=True,
    fields=(
        *_HEADER,
        Field("original_order_reference_number", 11, 8, "integer"),
        Field("new_order_reference_number", 19, 8, "integer"),
        Field("shares", 27, 4, "integer"),
        Field("price", 31, 4, "price4"),
    ),
)
# A hidden order traded.
TRADE: Final = MessageType(
    "P",
    "trade",
    length=44,
    book=False,
    fields=(
        *_HEADER,
        Field("order_reference_number", 11, 8, "integer"),
        Field("buy_sell_indicator", 19, 1, "alpha"),
        Field("shares", 20, 4, "integer"),
        Field("stock", 24, 8, "alpha"),
        Field("price", 32, 4, "price4"),
        Field("match_number", 36, 8, "integer"),
    ),
)
# An auction is over.
CROSS_TRADE: Final = MessageType(
    "Q",
    "cross_trade",
    length=40,
    book=False,
    fields=(
        *_HEADER,
        Field("shares", 11, 8, "integer"),
        Field("stock", 19, 8, "alpha"),
        Field("cross_price", 27, 4, "price4"),
        Field("match_number", 31, 8, "integer"),
        Field("cross_type", 39, 1, "alpha"),
    ),
)
# A trade is undone.
BROKEN_TRADE: Final = MessageType(
    "B",
    "broken_trade",
    length=19,
    book=False,
    fields=(
        *_HEADER,
        Field("match_number", 11, 8, "integer"),
    ),
)
# What an auction would do now.
NET_ORDER_IMBALANCE: Final = MessageType(
    "I",
    "net_order_imbalance",
    length=50,
    book=False,
    fields=(
        *_HEADER,
        Field("paired_shares", 11, 8, "integer"),
        Field("imbalance_shares", 19, 8, "integer"),
        Field("imbalance_direction", 27, 1, "alpha"),
        Field("stock", 28, 8, "alpha"),
        Field("far_price", 36, 4, "price4"),
        Field("near_price", 40, 4, "price4"),
        Field("current_reference_price", 44, 4, "price4"),
        Field("cross_type", 48, 1, "alpha"),
        Field("price_variation_indicator", 49, 1, "alpha"),
    ),
)
# Retail interest at a better price.
RETAIL_PRICE_IMPROVEMENT_INDICATOR: Final = MessageType(
    "N",
    "retail_price_improvement_indicator",
    length=20,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("interest_flag", 19, 1, "alpha"),
    ),
)
# Price discovery of a direct listing with a capital raise.
DIRECT_LISTING_PRICE_DISCOVERY: Final = MessageType(
    "O",
    "direct_listing_price_discovery",
    length=48,
    book=False,
    fields=(
        *_HEADER,
        Field("stock", 11, 8, "alpha"),
        Field("open_eligibility_status", 19, 1, "alpha"),
        Field("minimum_allowable_price", 20, 4, "price4"),
        Field("maximum_allowable_price", 24, 4, "price4"),
        Field("near_execution_price", 28, 4, "price4"),
        Field("near_execution_time", 32, 8, "timestamp"),
        Field("lower_price_range_collar", 40, 4, "price4"),
        Field("upper_price_range_collar", 44, 4, "price4"),
    ),
)

MESSAGES: Final[dict[str, MessageType]] = {
    SYSTEM_EVENT.type: SYSTEM_EVENT,
    STOCK_DIRECTORY.type: STOCK_DIRECTORY,
    STOCK_TRADING_ACTION.type: STOCK_TRADING_ACTION,
    REG_SHO_RESTRICTION.type: REG_SHO_RESTRICTION,
    MARKET_PARTICIPANT_POSITION.type: MARKET_PARTICIPANT_POSITION,
    MWCB_DECLINE_LEVEL.type: MWCB_DECLINE_LEVEL,
    MWCB_STATUS.type: MWCB_STATUS,
    IPO_QUOTING_PERIOD_UPDATE.type: IPO_QUOTING_PERIOD_UPDATE,
    LULD_AUCTION_COLLAR.type: LULD_AUCTION_COLLAR,
    OPERATIONAL_HALT.type: OPERATIONAL_HALT,
    ADD_ORDER.type: ADD_ORDER,
    ADD_ORDER_MPID.type: ADD_ORDER_MPID,
    ORDER_EXECUTED.type: ORDER_EXECUTED,
    ORDER_EXECUTED_WITH_PRICE.type: ORDER_EXECUTED_WITH_PRICE,
    ORDER_CANCEL.type: ORDER_CANCEL,
    ORDER_DELETE.type: ORDER_DELETE,
    ORDER_REPLACE.type: ORDER_REPLACE,
    TRADE.type: TRADE,
    CROSS_TRADE.type: CROSS_TRADE,
    BROKEN_TRADE.type: BROKEN_TRADE,
    NET_ORDER_IMBALANCE.type: NET_ORDER_IMBALANCE,
    RETAIL_PRICE_IMPROVEMENT_INDICATOR.type: RETAIL_PRICE_IMPROVEMENT_INDICATOR,
    DIRECT_LISTING_PRICE_DISCOVERY.type: DIRECT_LISTING_PRICE_DISCOVERY,
}
