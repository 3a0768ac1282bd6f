"""IEX DEEP 1.0 and IEX-TP for the host.

Generated from hw/regs/deep.toml by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.wire.fields import Field, MessageType

IEX_TP_HEADER_LENGTH: Final = 40
IEX_TP_BLOCK_LENGTH: Final = 2
HEARTBEAT_COUNT: Final = 0

IEX_TP_HEADER: Final = (
    Field("version", 0, 1, "integer", "<"),
    Field("reserved", 1, 1, "integer", "<"),
    Field("message_protocol", 2, 2, "integer", "<"),
    Field("channel", 4, 4, "integer", "<"),
    Field("session", 8, 4, "integer", "<"),
    Field("payload_length", 12, 2, "integer", "<"),
    Field("message_count", 14, 2, "integer", "<"),
    Field("stream_offset", 16, 8, "signed", "<"),
    Field("sequence_number", 24, 8, "signed", "<"),
    Field("send_time", 32, 8, "epoch", "<"),
)

_HEADER: Final = (Field("message_type", 0, 1, "alpha"),)

# The market or the feed starts or stops.
SYSTEM_EVENT: Final = MessageType(
    "S",
    "system_event",
    length=10,
    book=False,
    fields=(
        *_HEADER,
        Field("system_event", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
    ),
)
# A security that trades today.
SECURITY_DIRECTORY: Final = MessageType(
    "D",
    "security_directory",
    length=31,
    book=False,
    fields=(
        *_HEADER,
        Field("flags", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("round_lot_size", 18, 4, "integer", "<"),
        Field("adjusted_poc_price", 22, 8, "signed_price4", "<"),
        Field("luld_tier", 30, 1, "integer", "<"),
    ),
)
# Trading in a security is halted, paused, open for orders only, or on.
TRADING_STATUS: Final = MessageType(
    "H",
    "trading_status",
    length=22,
    book=True,
    fields=(
        *_HEADER,
        Field("trading_status", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("reason", 18, 4, "alpha"),
    ),
)
# Retail interest at a better price.
RETAIL_LIQUIDITY_INDICATOR: Final = MessageType(
    "I",
    "retail_liquidity_indicator",
    length=18,
    book=False,
    fields=(
        *_HEADER,
        Field("retail_liquidity_indicator", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
    ),
)
# IEX has interrupted trading in a security for reasons of its own.
OPERATIONAL_HALT_STATUS: Final = MessageType(
    "O",
    "operational_halt_status",
    length=18,
    book=True,
    fields=(
        *_HEADER,
        Field("operational_halt_status", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
    ),
)
# Short sale price test.
SHORT_SALE_PRICE_TEST_STATUS: Final = MessageType(
    "P",
    "short_sale_price_test_status",
    length=19,
    book=False,
    fields=(
        *_HEADER,
        Field("short_sale_price_test_status", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("detail", 18, 1, "alpha"),
    ),
)
# Opening or closing of a security is over.
SECURITY_EVENT: Final = MessageType(
    "E",
    "security_event",
    length=18,
    book=False,
    fields=(
        *_HEADER,
        Field("security_event", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
    ),
)
# What rests at a price of the buy side now.
PRICE_LEVEL_UPDATE_BUY: Final = MessageType(
    "8",
    "price_level_update_buy",
    length=30,
    book=True,
    fields=(
        *_HEADER,
        Field("event_flags", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("size", 18, 4, "integer", "<"),
        Field("price", 22, 8, "signed_price4", "<"),
    ),
)
# What rests at a price of the sell side now.
PRICE_LEVEL_UPDATE_SELL: Final = MessageType(
    "5",
    "price_level_update_sell",
    length=30,
    book=True,
    fields=(
        *_HEADER,
        Field("event_flags", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("size", 18, 4, "integer", "<"),
        Field("price", 22, 8, "signed_price4", "<"),
    ),
)
# Shares traded.
TRADE_REPORT: Final = MessageType(
    "T",
    "trade_report",
    length=38,
    book=False,
    fields=(
        *_HEADER,
        Field("sale_condition_flags", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("size", 18, 4, "integer", "<"),
        Field("price", 22, 8, "signed_price4", "<"),
        Field("trade_id", 30, 8, "signed", "<"),
    ),
)
# An official opening or closing price.
OFFICIAL_PRICE: Final = MessageType(
    "X",
    "official_price",
    length=26,
    book=False,
    fields=(
        *_HEADER,
        Field("price_type", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("official_price", 18, 8, "signed_price4", "<"),
    ),
)
# A trade is undone.
TRADE_BREAK: Final = MessageType(
    "B",
    "trade_break",
    length=38,
    book=False,
    fields=(
        *_HEADER,
        Field("sale_condition_flags", 1, 1, "integer", "<"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("size", 18, 4, "integer", "<"),
        Field("price", 22, 8, "signed_price4", "<"),
        Field("trade_id", 30, 8, "signed", "<"),
    ),
)
# What an auction would do now.
AUCTION_INFORMATION: Final = MessageType(
    "A",
    "auction_information",
    length=80,
    book=False,
    fields=(
        *_HEADER,
        Field("auction_type", 1, 1, "alpha"),
        Field("timestamp", 2, 8, "epoch", "<"),
        Field("symbol", 10, 8, "alpha"),
        Field("paired_shares", 18, 4, "integer", "<"),
        Field("reference_price", 22, 8, "signed_price4", "<"),
        Field("indicative_clearing_price", 30, 8, "signed_price4", "<"),
        Field("imbalance_shares", 38, 4, "integer", "<"),
        Field("imbalance_side", 42, 1, "alpha"),
        Field("extension_number", 43, 1, "integer", "<"),
        Field("scheduled_auction_time", 44, 4, "integer", "<"),
        Field("auction_book_clearing_price", 48, 8, "signed_price4", "<"),
        Field("collar_reference_price", 56, 8, "signed_price4", "<"),
        Field("lower_auction_collar", 64, 8, "signed_price4", "<"),
        Field("upper_auction_collar", 72, 8, "signed_price4", "<"),
    ),
)

MESSAGES: Final[dict[str, MessageType]] = {
    SYSTEM_EVENT.type: SYSTEM_EVENT,
    SECURITY_DIRECTORY.type: SECURITY_DIRECTORY,
    TRADING_STATUS.type: TRADING_STATUS,
    RETAIL_LIQUIDITY_INDICATOR.type: RETAIL_LIQUIDITY_INDICATOR,
    OPERATIONAL_HALT_STATUS.type: OPERATIONAL_HALT_STATUS,
    SHORT_SALE_PRICE_TEST_STATUS.type: SHORT_SALE_PRICE_TEST_STATUS,
    SECURITY_EVENT.type: SECURITY_EVENT,
    PRICE_LEVEL_UPDATE_BUY.type: PRICE_LEVEL_UPDATE_BUY,
    PRICE_LEVEL_UPDATE_SELL.type: PRICE_LEVEL_UPDATE_SELL,
    TRADE_REPORT.type: TRADE_REPORT,
    OFFICIAL_PRICE.type: OFFICIAL_PRICE,
    TRADE_BREAK.type: TRADE_BREAK,
    AUCTION_INFORMATION.type: AUCTION_INFORMATION,
}
