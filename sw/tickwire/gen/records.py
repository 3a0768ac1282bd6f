"""The messages between the blocks, for the host.

Generated from hw/regs (messages.toml, tickwire.rdl) by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np

from hwtools.bits import Field, Layout

# instruments: instruments that the path follows
SLOTS: Final = 8
# bits: the number of an instrument's slot
SLOT_W: Final = 3
# bits: a price, as ITCH's Price(4)
PRICE_W: Final = 32
# bits: a number of shares
SHARES_W: Final = 32
# bits: a sum of money: price times shares
MONEY_W: Final = 64
# bits: orders resting at one price
ORDERS_W: Final = 16
# bits: the exchange's order reference number
REFERENCE_W: Final = 64
# levels: price levels kept exact on each side of a book
LEVELS: Final = 10
# elements: elements of a feature vector
FEATURES: Final = 32
# bits: one feature: the network's input integer
FEATURE_W: Final = 16
# elements: directions: 0 down, 1 flat, 2 up
CLASSES: Final = 3
# bits: one output of the network
SCORE_W: Final = 16
# bits: the difference of two scores, exact
STRENGTH_W: Final = 17
# bits: a MoldUDP64 sequence number
SEQUENCE_W: Final = 64
# bits: an ITCH timestamp
TIME_W: Final = 48
# bits: a stamp of the free-running cycle counter
CYCLE_W: Final = 48
# bits: the model id
MODEL_ID_W: Final = 64
# bits: the host's and the board's name for one order
TOKEN_W: Final = 32


class Side(IntEnum):
    """Side of an order or of the book."""

    # bid
    BUY = 0
    # ask
    SELL = 1


class Operation(IntEnum):
    """What happens to a book."""

    # nothing; only marks the end of a packet
    NONE = 0
    # ITCH A or F, or an order of a snapshot
    ADD = 1
    # ITCH E: shares traded at the order's price
    EXECUTE = 2
    # ITCH C: shares traded at another price
    EXECUTE_PRICE = 3
    # ITCH X: shares taken off the order
    CANCEL = 4
    # ITCH D: the order is gone
    DELETE = 5
    # ITCH U: the order is gone, a new one is there
    REPLACE = 6
    # ITCH H: trading is halted, paused or quotation only
    HALT = 7
    # ITCH H: trading
    RESUME = 8
    # the book can't be trusted from here on; see the reason
    STALE = 9
    # the host empties the slot and makes it trusted again
    CLEAR = 10
    # the host empties the slot and begins to load a snapshot
    LOAD = 11
    # the snapshot is whole up to the sequence number
    TRUST = 12


class Action(IntEnum):
    """What the signal stage decides."""

    # do nothing; see the reason
    NONE = 0
    # strength is at or above the buy threshold
    BUY = 1
    # strength is at or below the sell threshold
    SELL = 2


class Verdict(IntEnum):
    """What the risk gate says to an order."""

    # not sent; see the reason
    REFUSED = 0
    # sent
    ACCEPTED = 1


class TimeInForce(IntEnum):
    """How long an order lives."""

    # what doesn't trade at once is cancelled
    IMMEDIATE = 0
    # until the market closes
    DAY = 1


class Reason(IntEnum):
    """Why an instrument is stale, a decision is none or an order is refused."""

    # nothing is wrong
    OK = 0
    # the strength is between the thresholds
    BELOW_THRESHOLD = 1
    # not far enough from the last decision
    HYSTERESIS = 2
    # within the minimum interval since the last
    TOO_SOON = 3
    # not enough history for every feature
    WARMING_UP = 4
    # the slot isn't enabled, or wasn't for a part of the session
    NOT_ENABLED = 5
    # the book has no bid or no ask
    ONE_SIDED = 6
    # nothing that the network sees has changed
    UNCHANGED = 7
    # the slot was cleared and has no book yet
    CLEARED = 16
    # the best bid is above the best ask
    CROSSED = 17
    # the best bid equals the best ask
    LOCKED = 18
    # the exchange has halted the instrument
    HALTED = 19
    # the order table had no room
    TABLE_OVERFLOW = 20
    # a price level found no room
    LEVEL_OVERFLOW = 21
    # shares or orders passed their width
    NUMBER_OVERFLOW = 22
    # a message names an order never added
    UNKNOWN_REFERENCE = 23
    # an order was added twice
    DUPLICATE_REFERENCE = 24
    # more was executed or cancelled than rested
    EXCESS_SHARES = 25
    # an order of price 0
    BAD_PRICE = 26
    # an order of 0 shares
    BAD_SHARES = 27
    # the host is loading a snapshot
    LOADING = 28
    # deeper levels weren't there in time
    DEPTH_LOST = 29
    # messages are missing from both feeds
    GAP = 32
    # the frame's check sequence was wrong
    BAD_FRAME = 33
    # a message of a wrong type or length
    PARSE_ERROR = 34
    # a block could not keep up
    DROPPED = 35
    # the feed's session ended, or is no longer followed
    SESSION_ENDED = 36
    # the session, or the instrument in it, is followed from its middle on
    NO_START = 37
    # another session sends, and this one hasn't ended
    OTHER_SESSION = 38
    # the instrument has another stock locate than before, or than the slot
    RELOCATED = 39
    # a memory's parity was wrong
    PARITY = 48
    # a human hasn't armed it
    DISARMED = 49
    # the kill switch was used
    KILLED = 50
    # the host stopped saying that it lives
    HEARTBEAT_LOST = 51
    # host and board hold different models
    MODEL_MISMATCH = 52
    # above the shares allowed in one order
    ORDER_SHARES = 64
    # above the money allowed in one order
    ORDER_MONEY = 65
    # too far from the market
    PRICE_BAND = 66
    # the position could pass its limit
    POSITION = 67
    # too many orders are open
    OPEN_ORDERS = 68
    # too many orders in the time allowed
    RATE = 69
    # the loss limit is reached
    LOSS = 70


# A beat of the stream of messages: what mold_merge gives itch_parse, shown beside it
TAP: Final = Layout(
    "tap",
    width=255,
    fields=(
        Field("valid", "flag", 1, low=0, high=1),
        Field("data", "unsigned", 64, low=0, high=18446744073709551615),
        Field("tail", "unsigned", 4, low=0, high=8, unit="lanes"),
        Field("last", "flag", 1, low=0, high=1),
        Field("runts", "unsigned", 3, low=0, high=4, unit="messages"),
        Field("start", "flag", 1, low=0, high=1),
        Field("lane", "unsigned", 4, low=0, high=7, unit="lane"),
        Field("length", "unsigned", 16, low=0, high=65535, unit="bytes"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("last_of_packet", "flag", 1, low=0, high=1),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("valid", np.bool_),
            ("data", np.uint64),
            ("tail", np.uint8),
            ("last", np.bool_),
            ("runts", np.uint8),
            ("start", np.bool_),
            ("lane", np.uint8),
            ("length", np.uint16),
            ("sequence_number", np.uint64),
            ("last_of_packet", np.bool_),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# A book operation: itch_parse, or the host's snapshot, to order_table
BOOK_OP: Final = Layout(
    "book_op",
    width=417,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("operation", "enum", 4, low=0, high=12, values=Operation),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("order_reference", "unsigned", 64, low=0, high=18446744073709551615),
        Field("new_order_reference", "unsigned", 64, low=0, high=18446744073709551615),
        Field("price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("last_of_packet", "flag", 1, low=0, high=1),
        Field("timestamp", "unsigned", 48, low=0, high=281474976710655, unit="ns"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("operation", np.uint8),
            ("side", np.uint8),
            ("order_reference", np.uint64),
            ("new_order_reference", np.uint64),
            ("price", np.uint32),
            ("shares", np.uint32),
            ("reason", np.uint8),
            ("last_of_packet", np.bool_),
            ("timestamp", np.uint64),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# What an operation does to the levels of one side: order_table to price_book
LEVEL_OP: Final = Layout(
    "level_op",
    width=364,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("operation", "enum", 4, low=0, high=12, values=Operation),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("cause", "enum", 8, low=0, high=70, values=Reason),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("take", "flag", 1, low=0, high=1),
        Field("gone", "flag", 1, low=0, high=1),
        Field("take_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("take_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("put", "flag", 1, low=0, high=1),
        Field("put_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("put_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("last_of_packet", "flag", 1, low=0, high=1),
        Field("timestamp", "unsigned", 48, low=0, high=281474976710655, unit="ns"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("operation", np.uint8),
            ("side", np.uint8),
            ("cause", np.uint8),
            ("reason", np.uint8),
            ("take", np.bool_),
            ("gone", np.bool_),
            ("take_price", np.uint32),
            ("take_shares", np.uint32),
            ("put", np.bool_),
            ("put_price", np.uint32),
            ("put_shares", np.uint32),
            ("last_of_packet", np.bool_),
            ("timestamp", np.uint64),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# The best levels of the side that an operation touched: price_book to features, beside
# top_of_book
DEPTH: Final = Layout(
    "depth",
    width=804,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("prices", "unsigned", 32, count=10, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, count=10, low=0, high=4294967295, unit="shares"),
        Field("orders", "unsigned", 16, count=10, low=0, high=65535, unit="orders"),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("side", np.uint8),
            ("prices", np.uint32, (10,)),
            ("shares", np.uint32, (10,)),
            ("orders", np.uint16, (10,)),
        ]
    ),
)

# The best prices after an operation, and the operation: price_book to features
TOP_OF_BOOK: Final = Layout(
    "top_of_book",
    width=453,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("bid_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("bid_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("bid_orders", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("ask_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("ask_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("ask_orders", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("crossed", "flag", 1, low=0, high=1),
        Field("locked", "flag", 1, low=0, high=1),
        Field("stale", "flag", 1, low=0, high=1),
        Field("halted", "flag", 1, low=0, high=1),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("operation", "enum", 4, low=0, high=12, values=Operation),
        Field("operation_side", "enum", 1, low=0, high=1, values=Side),
        Field("operation_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("operation_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("last_of_packet", "flag", 1, low=0, high=1),
        Field("timestamp", "unsigned", 48, low=0, high=281474976710655, unit="ns"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("bid_price", np.uint32),
            ("bid_shares", np.uint32),
            ("bid_orders", np.uint16),
            ("ask_price", np.uint32),
            ("ask_shares", np.uint32),
            ("ask_orders", np.uint16),
            ("crossed", np.bool_),
            ("locked", np.bool_),
            ("stale", np.bool_),
            ("halted", np.bool_),
            ("reason", np.uint8),
            ("operation", np.uint8),
            ("operation_side", np.uint8),
            ("operation_price", np.uint32),
            ("operation_shares", np.uint32),
            ("last_of_packet", np.bool_),
            ("timestamp", np.uint64),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# The network's input integers: features to nn
FEATURE_VECTOR: Final = Layout(
    "feature_vector",
    width=861,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("values", "signed", 16, count=32, low=-32768, high=32767),
        Field("warm", "flag", 1, low=0, high=1),
        Field("changed", "flag", 1, low=0, high=1),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("bid_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("bid_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("ask_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("ask_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("timestamp", "unsigned", 48, low=0, high=281474976710655, unit="ns"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("values", np.int16, (32,)),
            ("warm", np.bool_),
            ("changed", np.bool_),
            ("reason", np.uint8),
            ("bid_price", np.uint32),
            ("bid_shares", np.uint32),
            ("ask_price", np.uint32),
            ("ask_shares", np.uint32),
            ("timestamp", np.uint64),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# What the network says and what follows: signal to risk_gate and to the host
SIGNAL: Final = Layout(
    "signal",
    width=510,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("timestamp", "unsigned", 48, low=0, high=281474976710655, unit="ns"),
        Field("scores", "signed", 16, count=3, low=-32768, high=32767),
        Field("expected_return", "signed", 16, low=-32768, high=32767),
        Field("expected_volatility", "signed", 16, low=-32768, high=32767),
        Field("decision", "enum", 2, low=0, high=2, values=Action),
        Field("strength", "signed", 17, low=-65535, high=65535),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("bid_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("bid_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("ask_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("ask_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("model_id", "unsigned", 64, low=0, high=18446744073709551615),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("sequence_number", np.uint64),
            ("timestamp", np.uint64),
            ("scores", np.int16, (3,)),
            ("expected_return", np.int16),
            ("expected_volatility", np.int16),
            ("decision", np.uint8),
            ("strength", np.int32),
            ("reason", np.uint8),
            ("bid_price", np.uint32),
            ("bid_shares", np.uint32),
            ("ask_price", np.uint32),
            ("ask_shares", np.uint32),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
            ("model_id", np.uint64),
        ]
    ),
)

# An order on its way out: risk_gate to ouch_tx
ORDER: Final = Layout(
    "order",
    width=326,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("price", "unsigned", 32, low=1, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=1, high=4294967295, unit="shares"),
        Field("token", "unsigned", 32, low=0, high=4294967295),
        Field("time_in_force", "enum", 2, low=0, high=1, values=TimeInForce),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("model_id", "unsigned", 64, low=0, high=18446744073709551615),
    ),
    dtype=np.dtype(
        [
            ("slot", np.uint8),
            ("side", np.uint8),
            ("price", np.uint32),
            ("shares", np.uint32),
            ("token", np.uint32),
            ("time_in_force", np.uint8),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
            ("model_id", np.uint64),
        ]
    ),
)

# What the risk gate said, for the record: risk_gate to the host
DECISION: Final = Layout(
    "decision",
    width=204,
    fields=(
        Field("token", "unsigned", 32, low=0, high=4294967295),
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("verdict", "enum", 1, low=0, high=1, values=Verdict),
        Field("reason", "enum", 8, low=0, high=70, values=Reason),
        Field("sequence_number", "unsigned", 64, low=0, high=18446744073709551615, unit="messages"),
        Field("frame_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
        Field("message_cycle", "unsigned", 48, low=0, high=281474976710655, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("token", np.uint32),
            ("slot", np.uint8),
            ("verdict", np.uint8),
            ("reason", np.uint8),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# What one feed's counters add in a cycle: mac_rx, udp_rx, mold_rx and mold_merge to
# path_counters
FEED_EVENTS: Final = Layout(
    "feed_events",
    width=22,
    fields=(
        Field("frames", "flag", 1, low=0, high=1),
        Field("bad_preamble", "flag", 1, low=0, high=1),
        Field("short_frames", "flag", 1, low=0, high=1),
        Field("long_frames", "flag", 1, low=0, high=1),
        Field("receive_errors", "flag", 1, low=0, high=1),
        Field("bad_fcs", "flag", 1, low=0, high=1),
        Field("other_protocol", "flag", 1, low=0, high=1),
        Field("bad_ip_header", "flag", 1, low=0, high=1),
        Field("ip_options", "flag", 1, low=0, high=1),
        Field("ip_fragments", "flag", 1, low=0, high=1),
        Field("bad_udp", "flag", 1, low=0, high=1),
        Field("filtered", "flag", 1, low=0, high=1),
        Field("truncated", "flag", 1, low=0, high=1),
        Field("datagrams", "flag", 1, low=0, high=1),
        Field("packets", "flag", 1, low=0, high=1),
        Field("heartbeats", "flag", 1, low=0, high=1),
        Field("duplicates", "flag", 1, low=0, high=1),
        Field("other_session", "flag", 1, low=0, high=1),
        Field("bad_checksum", "flag", 1, low=0, high=1),
        Field("no_checksum", "flag", 1, low=0, high=1),
        Field("message_overruns", "flag", 1, low=0, high=1),
        Field("feed_drops", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("frames", np.bool_),
            ("bad_preamble", np.bool_),
            ("short_frames", np.bool_),
            ("long_frames", np.bool_),
            ("receive_errors", np.bool_),
            ("bad_fcs", np.bool_),
            ("other_protocol", np.bool_),
            ("bad_ip_header", np.bool_),
            ("ip_options", np.bool_),
            ("ip_fragments", np.bool_),
            ("bad_udp", np.bool_),
            ("filtered", np.bool_),
            ("truncated", np.bool_),
            ("datagrams", np.bool_),
            ("packets", np.bool_),
            ("heartbeats", np.bool_),
            ("duplicates", np.bool_),
            ("other_session", np.bool_),
            ("bad_checksum", np.bool_),
            ("no_checksum", np.bool_),
            ("message_overruns", np.bool_),
            ("feed_drops", np.bool_),
        ]
    ),
)

# What the path's counters add in a cycle: each block to path_counters
PATH_EVENTS: Final = Layout(
    "path_events",
    width=45,
    fields=(
        Field("gaps", "flag", 1, low=0, high=1),
        Field("sessions_ended", "flag", 1, low=0, high=1),
        Field("bad_frames", "flag", 1, low=0, high=1),
        Field("messages", "unsigned", 3, low=0, high=7, unit="events"),
        Field("unknown_types", "flag", 1, low=0, high=1),
        Field("wrong_lengths", "unsigned", 3, low=0, high=7, unit="events"),
        Field("book_messages", "flag", 1, low=0, high=1),
        Field("trade_messages", "flag", 1, low=0, high=1),
        Field("status_messages", "flag", 1, low=0, high=1),
        Field("other_instruments", "flag", 1, low=0, high=1),
        Field("unknown_references", "flag", 1, low=0, high=1),
        Field("duplicate_references", "flag", 1, low=0, high=1),
        Field("excess_shares", "flag", 1, low=0, high=1),
        Field("zero_prices", "flag", 1, low=0, high=1),
        Field("zero_shares", "flag", 1, low=0, high=1),
        Field("table_overflows", "flag", 1, low=0, high=1),
        Field("level_overflows", "flag", 1, low=0, high=1),
        Field("number_overflows", "flag", 1, low=0, high=1),
        Field("depth_losses", "flag", 1, low=0, high=1),
        Field("ignored_operations", "flag", 1, low=0, high=1),
        Field("kept_out", "flag", 1, low=0, high=1),
        Field("refused_trusts", "flag", 1, low=0, high=1),
        Field("crossed_books", "flag", 1, low=0, high=1),
        Field("locked_books", "flag", 1, low=0, high=1),
        Field("stale_books", "unsigned", 4, low=0, high=15, unit="events"),
        Field("parity_errors", "flag", 1, low=0, high=1),
        Field("book_drops", "flag", 1, low=0, high=1),
        Field("network_drops", "flag", 1, low=0, high=1),
        Field("record_drops", "flag", 1, low=0, high=1),
        Field("inferences", "flag", 1, low=0, high=1),
        Field("signals_none", "flag", 1, low=0, high=1),
        Field("signals_buy", "flag", 1, low=0, high=1),
        Field("signals_sell", "flag", 1, low=0, high=1),
        Field("late_joins", "flag", 1, low=0, high=1),
        Field("late_slots", "unsigned", 4, low=0, high=15, unit="events"),
    ),
    dtype=np.dtype(
        [
            ("gaps", np.bool_),
            ("sessions_ended", np.bool_),
            ("bad_frames", np.bool_),
            ("messages", np.uint8),
            ("unknown_types", np.bool_),
            ("wrong_lengths", np.uint8),
            ("book_messages", np.bool_),
            ("trade_messages", np.bool_),
            ("status_messages", np.bool_),
            ("other_instruments", np.bool_),
            ("unknown_references", np.bool_),
            ("duplicate_references", np.bool_),
            ("excess_shares", np.bool_),
            ("zero_prices", np.bool_),
            ("zero_shares", np.bool_),
            ("table_overflows", np.bool_),
            ("level_overflows", np.bool_),
            ("number_overflows", np.bool_),
            ("depth_losses", np.bool_),
            ("ignored_operations", np.bool_),
            ("kept_out", np.bool_),
            ("refused_trusts", np.bool_),
            ("crossed_books", np.bool_),
            ("locked_books", np.bool_),
            ("stale_books", np.uint8),
            ("parity_errors", np.bool_),
            ("book_drops", np.bool_),
            ("network_drops", np.bool_),
            ("record_drops", np.bool_),
            ("inferences", np.bool_),
            ("signals_none", np.bool_),
            ("signals_buy", np.bool_),
            ("signals_sell", np.bool_),
            ("late_joins", np.bool_),
            ("late_slots", np.uint8),
        ]
    ),
)

LAYOUTS: Final[dict[str, Layout]] = {
    TAP.name: TAP,
    BOOK_OP.name: BOOK_OP,
    LEVEL_OP.name: LEVEL_OP,
    DEPTH.name: DEPTH,
    TOP_OF_BOOK.name: TOP_OF_BOOK,
    FEATURE_VECTOR.name: FEATURE_VECTOR,
    SIGNAL.name: SIGNAL,
    ORDER.name: ORDER,
    DECISION.name: DECISION,
    FEED_EVENTS.name: FEED_EVENTS,
    PATH_EVENTS.name: PATH_EVENTS,
}
