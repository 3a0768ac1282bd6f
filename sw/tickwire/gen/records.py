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
# checks: checks of the risk gate, a bit each
CHECKS: Final = 37
# bits: a sum of shares, signed
HOLDING_W: Final = 40
# bits: a limit of money, and what is held to it
LIMIT_MONEY_W: Final = 63
# bits: what opens the risk window
KEY_W: Final = 64
# bits: a number that is good for arming once
NONCE_W: Final = 32


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
    # the snapshot is whole up to the sequence number, of the session that order_reference and
    # price name
    TRUST = 12
    # DEEP 8 or 5: what rests at a price now; order_table makes an add, a replace, a delete or a
    # none of it
    LEVEL = 13


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
    # the slot isn't enabled, or a lower one has its locate; or so it was for a part of the
    # session
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
    # the market isn't open, or nobody knows
    MARKET_CLOSED = 40
    # a market-wide circuit breaker was breached
    BREACHED = 41
    # the exchange has interrupted the instrument for reasons of its own
    INTERRUPTED = 42
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
    # outside the limit up, limit down band
    PRICE_BAND = 66
    # the long position could pass its limit
    POSITION_LONG = 67
    # too many orders of the slot are open
    OPEN_ORDERS = 68
    # too many orders of the slot in the time allowed
    RATE = 69
    # the slot's loss is above its limit, or not known
    LOSS = 70
    # the slot's kill switch was used
    SLOT_KILLED = 71
    # limits were never written
    UNWRITTEN = 72
    # the instrument is on the restricted list
    RESTRICTED = 73
    # the host hasn't opened the session
    SESSION_CLOSED = 74
    # the book can't be trusted
    STALE = 75
    # the book that it answers is too old
    OLD = 76
    # too far from the opposite touch
    COLLAR_TOUCH = 77
    # too far from the host's reference price
    COLLAR_REFERENCE = 78
    # the price isn't on the tick
    TICK = 79
    # the short position could pass its limit
    POSITION_SHORT = 80
    # the gross value of all slots could pass its limit
    GROSS = 81
    # the net value of all slots could pass its limit
    NET = 82
    # the day's credit would be used up
    CREDIT = 83
    # too many orders of all slots in the time allowed
    RATE_TOTAL = 84
    # too many orders of the slot today
    DAY = 85
    # too many orders of all slots today
    DAY_TOTAL = 86
    # the same order was sent just before
    DUPLICATE = 87
    # too many orders since a person allowed more
    REPEATED = 88
    # it could trade with an own order
    SELF_TRADE = 89
    # the loss of all slots is above its limit, or not known
    LOSS_TOTAL = 90
    # too many orders are open, or no place is free
    OPEN_TOTAL = 91
    # a short sale not allowed, or not marked
    SHORT_SALE = 92
    # no token is left, or none was ever given
    TOKEN = 93
    # the slot follows another instrument than its limits are of
    SYMBOL = 94


class Display(IntEnum):
    """Whether others see an order."""

    # all see it
    VISIBLE = 0
    # nobody does
    HIDDEN = 1


class Capacity(IntEnum):
    """For whom an order is."""

    # a customer's
    AGENCY = 0
    # the firm's own
    PRINCIPAL = 1
    # riskless principal
    RISKLESS = 2


class Marking(IntEnum):
    """What a sale is marked as; a buy's says nothing."""

    # of shares that are held
    LONG = 0
    # of shares that may not be held
    SHORT = 1


class Pricing(IntEnum):
    """Where an order's price comes from."""

    # the opposite touch
    OPPOSITE = 0
    # the own side's touch
    OWN = 1
    # so far behind the own side's touch
    BEHIND = 2
    # so far through the opposite touch
    BEYOND = 3


class TickClass(IntEnum):
    """The steps of an instrument's prices, from $1 on; below it any price is on the tick."""

    # none: no price is on it
    UNSET = 0
    # 100 units
    CENT = 1
    # 50 units
    HALF_CENT = 2
    # 1 unit
    FINE = 3


class Outcome(IntEnum):
    """What a confirmation says of an order."""

    # it is live
    ACCEPTED = 0
    # shares of it traded
    EXECUTED = 1
    # shares of it are gone
    CANCELLED = 2
    # it never lived
    REJECTED = 3
    # a trade of it was undone
    BROKEN = 4


class Check(IntEnum):
    """What the risk gate asks of each order."""

    # nothing has killed the gate
    KILLED = 0
    # nobody has killed the slot
    SLOT_KILLED = 1
    # a person has armed it
    DISARMED = 2
    # the slot's limits and the total ones were written
    UNWRITTEN = 3
    # the slot is enabled
    NOT_ENABLED = 4
    # the instrument isn't restricted
    RESTRICTED = 5
    # it isn't halted
    HALTED = 6
    # the session is open
    SESSION_CLOSED = 7
    # the book isn't stale
    STALE = 8
    # the book isn't crossed
    CROSSED = 9
    # the book isn't locked
    LOCKED = 10
    # the message that it answers is new enough
    OLD = 11
    # the price is near the opposite touch
    COLLAR_TOUCH = 12
    # the price is near the reference
    COLLAR_REFERENCE = 13
    # the price is within the band
    PRICE_BAND = 14
    # the price is on the tick
    TICK = 15
    # shares of one order
    ORDER_SHARES = 16
    # value of one order
    ORDER_MONEY = 17
    # position with all open buys
    POSITION_LONG = 18
    # position with all open sells
    POSITION_SHORT = 19
    # gross value of all slots
    GROSS = 20
    # net value of all slots
    NET = 21
    # value traded and open today
    CREDIT = 22
    # bucket of the slot
    RATE = 23
    # bucket of all slots
    RATE_TOTAL = 24
    # orders of the slot today
    DAY = 25
    # orders of all slots today
    DAY_TOTAL = 26
    # no such order was sent just before
    DUPLICATE = 27
    # orders of the slot since a person allowed more
    REPEATED = 28
    # no own order that it could trade with
    SELF_TRADE = 29
    # loss of the slot
    LOSS = 30
    # loss of all slots
    LOSS_TOTAL = 31
    # open orders of the slot
    OPEN_ORDERS = 32
    # open orders of all slots, and a free place
    OPEN_TOTAL = 33
    # a short sale is allowed and marked
    SHORT_SALE = 34
    # a token is left
    TOKEN = 35
    # the slot follows the instrument that its limits are of
    SYMBOL = 36


class Act(IntEnum):
    """What the host tells the risk gate."""

    # nothing
    NONE = 0
    # the key from now on, if there is none yet
    KEY = 1
    # the limits of a slot
    SLOT_LIMITS = 2
    # the limits of all slots together
    TOTAL_LIMITS = 3
    # the hash of all limits, as the host has them
    HASH = 4
    # arming, first step: asks for a nonce
    REQUEST = 5
    # arming, second step
    ARM = 6
    # no order any more; needs no key
    DISARM = 7
    # likewise, and stays; needs no key
    KILL = 8
    # of one slot; needs no key
    KILL_SLOT = 9
    # lifts the kill
    REVIVE = 10
    # lifts that of one slot
    REVIVE_SLOT = 11
    # the host lives
    BEAT = 12
    # opens or closes the session
    SESSION = 13
    # the position of a slot
    POSITION = 14
    # a person allows more orders of a slot
    LIFT = 15
    # the day's sums begin with 0
    NEW_DAY = 16
    # reference price and band of a slot
    REFERENCE = 17
    # the loss of a slot
    LOSS = 18
    # the loss of all slots
    LOSS_TOTAL = 19
    # the next order's token
    TOKEN = 20


class SessionEnd(IntEnum):
    """Why the order's session isn't the card's any more."""

    # it never was
    NONE = 0
    # the host took it back
    ASKED = 1
    # the venue reset the connection
    RESET = 2
    # the venue closed it
    FINISHED = 3
    # the venue doesn't answer
    SILENT = 4
    # the venue's session of SoupBinTCP is over
    OVER = 5
    # a packet that has no place there
    UNREAD = 6
    # an order for which there was no room
    LOST = 7


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
        Field("operation", "enum", 4, low=0, high=13, values=Operation),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("order_reference", "unsigned", 64, low=0, high=18446744073709551615),
        Field("new_order_reference", "unsigned", 64, low=0, high=18446744073709551615),
        Field("price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
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
        Field("operation", "enum", 4, low=0, high=13, values=Operation),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("cause", "enum", 8, low=0, high=94, values=Reason),
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
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
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
        Field("operation", "enum", 4, low=0, high=13, values=Operation),
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
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
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
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
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

# An order that the strategy would like: order_maker to risk_gate
INTENT: Final = Layout(
    "intent",
    width=426,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("time_in_force", "enum", 2, low=0, high=1, values=TimeInForce),
        Field("display", "enum", 1, low=0, high=1, values=Display),
        Field("capacity", "enum", 2, low=0, high=2, values=Capacity),
        Field("marking", "enum", 1, low=0, high=1, values=Marking),
        Field("symbol", "unsigned", 64, low=0, high=18446744073709551615),
        Field("bid_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("ask_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
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
            ("time_in_force", np.uint8),
            ("display", np.uint8),
            ("capacity", np.uint8),
            ("marking", np.uint8),
            ("symbol", np.uint64),
            ("bid_price", np.uint32),
            ("ask_price", np.uint32),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
            ("model_id", np.uint64),
        ]
    ),
)

# An order on its way out: risk_gate to ouch_encode
ORDER: Final = Layout(
    "order",
    width=394,
    fields=(
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("side", "enum", 1, low=0, high=1, values=Side),
        Field("price", "unsigned", 32, low=1, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=1, high=4294967295, unit="shares"),
        Field("token", "unsigned", 32, low=0, high=4294967295),
        Field("time_in_force", "enum", 2, low=0, high=1, values=TimeInForce),
        Field("display", "enum", 1, low=0, high=1, values=Display),
        Field("capacity", "enum", 2, low=0, high=2, values=Capacity),
        Field("marking", "enum", 1, low=0, high=1, values=Marking),
        Field("symbol", "unsigned", 64, low=0, high=18446744073709551615),
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
            ("display", np.uint8),
            ("capacity", np.uint8),
            ("marking", np.uint8),
            ("symbol", np.uint64),
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
    width=241,
    fields=(
        Field("token", "unsigned", 32, low=0, high=4294967295),
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("verdict", "enum", 1, low=0, high=1, values=Verdict),
        Field("reason", "enum", 8, low=0, high=94, values=Reason),
        Field("failed", "unsigned", 37, low=0, high=137438953471),
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
            ("failed", np.uint64),
            ("sequence_number", np.uint64),
            ("frame_cycle", np.uint64),
            ("message_cycle", np.uint64),
        ]
    ),
)

# How a slot's orders are made, by the strategy's registers: to order_maker
ORDER_SETTINGS: Final = Layout(
    "order_settings",
    width=137,
    fields=(
        Field("pricing", "enum", 2, low=0, high=3, values=Pricing),
        Field("offset", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("capped", "flag", 1, low=0, high=1),
        Field("time_in_force", "enum", 2, low=0, high=1, values=TimeInForce),
        Field("display", "enum", 1, low=0, high=1, values=Display),
        Field("capacity", "enum", 2, low=0, high=2, values=Capacity),
        Field("marking", "enum", 1, low=0, high=1, values=Marking),
        Field("symbol", "unsigned", 64, low=0, high=18446744073709551615),
    ),
    dtype=np.dtype(
        [
            ("pricing", np.uint8),
            ("offset", np.uint32),
            ("shares", np.uint32),
            ("capped", np.bool_),
            ("time_in_force", np.uint8),
            ("display", np.uint8),
            ("capacity", np.uint8),
            ("marking", np.uint8),
            ("symbol", np.uint64),
        ]
    ),
)

# What became of an order: ouch_decode, or the host, to risk_gate
CONFIRMATION: Final = Layout(
    "confirmation",
    width=99,
    fields=(
        Field("token", "unsigned", 32, low=0, high=4294967295),
        Field("outcome", "enum", 3, low=0, high=4, values=Outcome),
        Field("shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
    ),
    dtype=np.dtype(
        [
            ("token", np.uint32),
            ("outcome", np.uint8),
            ("shares", np.uint32),
            ("price", np.uint32),
        ]
    ),
)

# What a slot may do; the host's, to risk_gate. See docs/risk.md
SLOT_LIMITS: Final = Layout(
    "slot_limits",
    width=595,
    fields=(
        Field("enabled", "flag", 1, low=0, high=1),
        Field("restricted", "flag", 1, low=0, high=1),
        Field("short_permitted", "flag", 1, low=0, high=1),
        Field("tick_class", "enum", 2, low=0, high=3, values=TickClass),
        Field("age", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("collar_touch", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("collar_reference", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("order_shares", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field(
            "order_money", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar",
        ),
        Field("position_long", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("position_short", "unsigned", 32, low=0, high=4294967295, unit="shares"),
        Field("open_orders", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("rate_cycles", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("rate_depth", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("day_orders", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("repeated", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("duplicate", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("loss", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field("loss_decay", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("symbol", "unsigned", 64, low=0, high=18446744073709551615),
    ),
    dtype=np.dtype(
        [
            ("enabled", np.bool_),
            ("restricted", np.bool_),
            ("short_permitted", np.bool_),
            ("tick_class", np.uint8),
            ("age", np.uint32),
            ("collar_touch", np.uint32),
            ("collar_reference", np.uint32),
            ("order_shares", np.uint32),
            ("order_money", np.uint64),
            ("position_long", np.uint32),
            ("position_short", np.uint32),
            ("open_orders", np.uint16),
            ("rate_cycles", np.uint32),
            ("rate_depth", np.uint32),
            ("day_orders", np.uint32),
            ("repeated", np.uint32),
            ("duplicate", np.uint32),
            ("loss", np.uint64),
            ("loss_decay", np.uint32),
            ("symbol", np.uint64),
        ]
    ),
)

# What all slots together may do; the host's, to risk_gate. See docs/risk.md
TOTAL_LIMITS: Final = Layout(
    "total_limits",
    width=428,
    fields=(
        Field("gross", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field("net", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field("credit", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field("open_orders", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("rate_cycles", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("rate_depth", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("day_orders", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("loss", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field("loss_decay", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("silence", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
    ),
    dtype=np.dtype(
        [
            ("gross", np.uint64),
            ("net", np.uint64),
            ("credit", np.uint64),
            ("open_orders", np.uint16),
            ("rate_cycles", np.uint32),
            ("rate_depth", np.uint32),
            ("day_orders", np.uint32),
            ("loss", np.uint64),
            ("loss_decay", np.uint32),
            ("silence", np.uint32),
        ]
    ),
)

# One write of the host into the risk window: to risk_gate, and back as its echo, without
# the key
RISK_COMMAND: Final = Layout(
    "risk_command",
    width=465,
    fields=(
        Field("act", "enum", 5, low=0, high=20, values=Act),
        Field("key", "unsigned", 64, low=0, high=18446744073709551615),
        Field("slot", "unsigned", 3, low=0, high=7, unit="slot"),
        Field("open", "flag", 1, low=0, high=1),
        Field("nonce", "unsigned", 32, low=0, high=4294967295),
        Field("model_id", "unsigned", 64, low=0, high=18446744073709551615),
        Field("limits_hash", "unsigned", 64, low=0, high=18446744073709551615),
        Field("reference_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("band_low", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("band_high", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field(
            "loss", "signed", 64, low=-9223372036854775808, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
        Field("position", "signed", 40, low=-549755813888, high=549755813887, unit="shares"),
        Field("token", "unsigned", 32, low=0, high=4294967295),
    ),
    dtype=np.dtype(
        [
            ("act", np.uint8),
            ("key", np.uint64),
            ("slot", np.uint8),
            ("open", np.bool_),
            ("nonce", np.uint32),
            ("model_id", np.uint64),
            ("limits_hash", np.uint64),
            ("reference_price", np.uint32),
            ("band_low", np.uint32),
            ("band_high", np.uint32),
            ("loss", np.int64),
            ("position", np.int64),
            ("token", np.uint32),
        ]
    ),
)

# What the gate knows as an order is judged: to risk_check. See docs/risk.md
RISK_STATE: Final = Layout(
    "risk_state",
    width=854,
    fields=(
        Field("position", "signed", 40, low=-549755813888, high=549755813887, unit="shares"),
        Field("open_buy", "unsigned", 39, low=0, high=549755813887, unit="shares"),
        Field("open_sell", "unsigned", 39, low=0, high=549755813887, unit="shares"),
        Field("slot_open", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("total_open", "unsigned", 16, low=0, high=65535, unit="orders"),
        Field("place_free", "flag", 1, low=0, high=1),
        Field("token_known", "flag", 1, low=0, high=1),
        Field("self_trade", "flag", 1, low=0, high=1),
        Field("gross", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field(
            "net", "signed", 64, low=-9223372036854775808, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
        Field("traded", "unsigned", 63, low=0, high=9223372036854775807, unit="1/10,000 dollar"),
        Field(
            "open_buy_money", "unsigned", 63, low=0, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
        Field(
            "open_sell_money", "unsigned", 63, low=0, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
        Field("slot_level", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("total_level", "unsigned", 32, low=0, high=4294967295, unit="cycles"),
        Field("slot_day", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("total_day", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("repeated", "unsigned", 32, low=0, high=4294967295, unit="orders"),
        Field("duplicate", "flag", 1, low=0, high=1),
        Field("reference_price", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("band_low", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field("band_high", "unsigned", 32, low=0, high=4294967295, unit="1/10,000 dollar"),
        Field(
            "slot_loss", "signed", 64, low=-9223372036854775808, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
        Field(
            "total_loss", "signed", 64, low=-9223372036854775808, high=9223372036854775807,
            unit="1/10,000 dollar",
        ),
    ),
    dtype=np.dtype(
        [
            ("position", np.int64),
            ("open_buy", np.uint64),
            ("open_sell", np.uint64),
            ("slot_open", np.uint16),
            ("total_open", np.uint16),
            ("place_free", np.bool_),
            ("token_known", np.bool_),
            ("self_trade", np.bool_),
            ("gross", np.uint64),
            ("net", np.int64),
            ("traded", np.uint64),
            ("open_buy_money", np.uint64),
            ("open_sell_money", np.uint64),
            ("slot_level", np.uint32),
            ("total_level", np.uint32),
            ("slot_day", np.uint32),
            ("total_day", np.uint32),
            ("repeated", np.uint32),
            ("duplicate", np.bool_),
            ("reference_price", np.uint32),
            ("band_low", np.uint32),
            ("band_high", np.uint32),
            ("slot_loss", np.int64),
            ("total_loss", np.int64),
        ]
    ),
)

# What stops an order at once: to risk_check
RISK_STOPS: Final = Layout(
    "risk_stops",
    width=8,
    fields=(
        Field("killed", "flag", 1, low=0, high=1),
        Field("slot_killed", "flag", 1, low=0, high=1),
        Field("armed", "flag", 1, low=0, high=1),
        Field("session_open", "flag", 1, low=0, high=1),
        Field("halted", "flag", 1, low=0, high=1),
        Field("stale", "flag", 1, low=0, high=1),
        Field("crossed", "flag", 1, low=0, high=1),
        Field("locked", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("killed", np.bool_),
            ("slot_killed", np.bool_),
            ("armed", np.bool_),
            ("session_open", np.bool_),
            ("halted", np.bool_),
            ("stale", np.bool_),
            ("crossed", np.bool_),
            ("locked", np.bool_),
        ]
    ),
)

# What the feed says of all slots that stops orders: to risk_gate
BOOK_STOPS: Final = Layout(
    "book_stops",
    width=32,
    fields=(
        Field("stale", "unsigned", 1, count=8, low=0, high=1),
        Field("crossed", "unsigned", 1, count=8, low=0, high=1),
        Field("locked", "unsigned", 1, count=8, low=0, high=1),
        Field("halted", "unsigned", 1, count=8, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("stale", np.uint8, (8,)),
            ("crossed", np.uint8, (8,)),
            ("locked", np.uint8, (8,)),
            ("halted", np.uint8, (8,)),
        ]
    ),
)

# What a cycle brought, for counters: risk_gate and answer_queue
RISK_EVENTS: Final = Layout(
    "risk_events",
    width=11,
    fields=(
        Field("orders", "flag", 1, low=0, high=1),
        Field("refusals", "flag", 1, low=0, high=1),
        Field("wrong_keys", "flag", 1, low=0, high=1),
        Field("refused_commands", "flag", 1, low=0, high=1),
        Field("unknown_confirmations", "flag", 1, low=0, high=1),
        Field("double_confirmations", "flag", 1, low=0, high=1),
        Field("excess_confirmations", "flag", 1, low=0, high=1),
        Field("broken_trades", "flag", 1, low=0, high=1),
        Field("lost_confirmations", "flag", 1, low=0, high=1),
        Field("kills", "flag", 1, low=0, high=1),
        Field("disarms", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("orders", np.bool_),
            ("refusals", np.bool_),
            ("wrong_keys", np.bool_),
            ("refused_commands", np.bool_),
            ("unknown_confirmations", np.bool_),
            ("double_confirmations", np.bool_),
            ("excess_confirmations", np.bool_),
            ("broken_trades", np.bool_),
            ("lost_confirmations", np.bool_),
            ("kills", np.bool_),
            ("disarms", np.bool_),
        ]
    ),
)

# What a cycle brought, for counters: ouch_encode and ouch_decode
OUCH_EVENTS: Final = Layout(
    "ouch_events",
    width=9,
    fields=(
        Field("orders", "flag", 1, low=0, high=1),
        Field("refused_orders", "flag", 1, low=0, high=1),
        Field("confirmations", "flag", 1, low=0, high=1),
        Field("notices", "flag", 1, low=0, high=1),
        Field("unfollowed", "flag", 1, low=0, high=1),
        Field("appended", "flag", 1, low=0, high=1),
        Field("unknown_types", "flag", 1, low=0, high=1),
        Field("wrong_lengths", "flag", 1, low=0, high=1),
        Field("wrong_values", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("orders", np.bool_),
            ("refused_orders", np.bool_),
            ("confirmations", np.bool_),
            ("notices", np.bool_),
            ("unfollowed", np.bool_),
            ("appended", np.bool_),
            ("unknown_types", np.bool_),
            ("wrong_lengths", np.bool_),
            ("wrong_values", np.bool_),
        ]
    ),
)

# A TCP connection as the host hands it over: to tcp_tx and tcp_rx. See docs/session.md
TCP_SESSION: Final = Layout(
    "tcp_session",
    width=272,
    fields=(
        Field("our_mac", "unsigned", 48, low=0, high=281474976710655),
        Field("peer_mac", "unsigned", 48, low=0, high=281474976710655),
        Field("our_address", "unsigned", 32, low=0, high=4294967295),
        Field("peer_address", "unsigned", 32, low=0, high=4294967295),
        Field("our_port", "unsigned", 16, low=0, high=65535),
        Field("peer_port", "unsigned", 16, low=0, high=65535),
        Field("next_byte", "unsigned", 32, low=0, high=4294967295),
        Field("expected_byte", "unsigned", 32, low=0, high=4294967295),
        Field("window", "unsigned", 16, low=0, high=65535, unit="bytes"),
    ),
    dtype=np.dtype(
        [
            ("our_mac", np.uint64),
            ("peer_mac", np.uint64),
            ("our_address", np.uint32),
            ("peer_address", np.uint32),
            ("our_port", np.uint16),
            ("peer_port", np.uint16),
            ("next_byte", np.uint32),
            ("expected_byte", np.uint32),
            ("window", np.uint16),
        ]
    ),
)

# What a segment of the venue says of ours: tcp_rx to tcp_tx
TCP_SEGMENT: Final = Layout(
    "tcp_segment",
    width=81,
    fields=(
        Field("first_byte", "unsigned", 32, low=0, high=4294967295),
        Field("acknowledged", "unsigned", 32, low=0, high=4294967295),
        Field("window", "unsigned", 16, low=0, high=65535, unit="bytes"),
        Field("bare", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("first_byte", np.uint32),
            ("acknowledged", np.uint32),
            ("window", np.uint16),
            ("bare", np.bool_),
        ]
    ),
)

# What a cycle brought, for counters: the order's session
LINK_EVENTS: Final = Layout(
    "link_events",
    width=18,
    fields=(
        Field("orders_held", "flag", 1, low=0, high=1),
        Field("host_packets", "flag", 1, low=0, high=1),
        Field("host_refused", "flag", 1, low=0, high=1),
        Field("cancels", "flag", 1, low=0, high=1),
        Field("cancels_unsent", "flag", 1, low=0, high=1),
        Field("packets_sent", "flag", 1, low=0, high=1),
        Field("packets_resent", "flag", 1, low=0, high=1),
        Field("acks_sent", "flag", 1, low=0, high=1),
        Field("probes_sent", "flag", 1, low=0, high=1),
        Field("segments", "flag", 1, low=0, high=1),
        Field("repeated_segments", "flag", 1, low=0, high=1),
        Field("early_segments", "flag", 1, low=0, high=1),
        Field("unfit_segments", "flag", 1, low=0, high=1),
        Field("dropped_segments", "flag", 1, low=0, high=1),
        Field("bad_segments", "flag", 1, low=0, high=1),
        Field("other_frames", "flag", 1, low=0, high=1),
        Field("messages_heard", "flag", 1, low=0, high=1),
        Field("heartbeats_heard", "flag", 1, low=0, high=1),
    ),
    dtype=np.dtype(
        [
            ("orders_held", np.bool_),
            ("host_packets", np.bool_),
            ("host_refused", np.bool_),
            ("cancels", np.bool_),
            ("cancels_unsent", np.bool_),
            ("packets_sent", np.bool_),
            ("packets_resent", np.bool_),
            ("acks_sent", np.bool_),
            ("probes_sent", np.bool_),
            ("segments", np.bool_),
            ("repeated_segments", np.bool_),
            ("early_segments", np.bool_),
            ("unfit_segments", np.bool_),
            ("dropped_segments", np.bool_),
            ("bad_segments", np.bool_),
            ("other_frames", np.bool_),
            ("messages_heard", np.bool_),
            ("heartbeats_heard", np.bool_),
        ]
    ),
)

# What one feed's counters add in a cycle: mac_rx, udp_rx, mold_rx and mold_merge to
# path_counters
FEED_EVENTS: Final = Layout(
    "feed_events",
    width=24,
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
        Field("reordered", "flag", 1, low=0, high=1),
        Field("hold_drops", "flag", 1, low=0, high=1),
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
            ("reordered", np.bool_),
            ("hold_drops", np.bool_),
            ("message_overruns", np.bool_),
            ("feed_drops", np.bool_),
        ]
    ),
)

# What the path's counters add in a cycle: each block to path_counters
PATH_EVENTS: Final = Layout(
    "path_events",
    width=84,
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
        Field("orders", "flag", 1, low=0, high=1),
        Field("refused_orders", "flag", 1, low=0, high=1),
        Field("wrong_keys", "flag", 1, low=0, high=1),
        Field("refused_commands", "flag", 1, low=0, high=1),
        Field("unknown_confirmations", "flag", 1, low=0, high=1),
        Field("double_confirmations", "flag", 1, low=0, high=1),
        Field("excess_confirmations", "flag", 1, low=0, high=1),
        Field("broken_trades", "flag", 1, low=0, high=1),
        Field("lost_confirmations", "flag", 1, low=0, high=1),
        Field("kills", "flag", 1, low=0, high=1),
        Field("disarms", "flag", 1, low=0, high=1),
        Field("order_messages", "flag", 1, low=0, high=1),
        Field("unwritable_orders", "flag", 1, low=0, high=1),
        Field("venue_confirmations", "flag", 1, low=0, high=1),
        Field("venue_notices", "flag", 1, low=0, high=1),
        Field("venue_unfollowed", "flag", 1, low=0, high=1),
        Field("venue_appended", "flag", 1, low=0, high=1),
        Field("venue_unknown_types", "flag", 1, low=0, high=1),
        Field("venue_wrong_lengths", "flag", 1, low=0, high=1),
        Field("venue_wrong_values", "flag", 1, low=0, high=1),
        Field("link_orders_held", "flag", 1, low=0, high=1),
        Field("link_host_packets", "flag", 1, low=0, high=1),
        Field("link_host_refused", "flag", 1, low=0, high=1),
        Field("link_packets_sent", "flag", 1, low=0, high=1),
        Field("link_packets_resent", "flag", 1, low=0, high=1),
        Field("link_acks_sent", "flag", 1, low=0, high=1),
        Field("link_probes_sent", "flag", 1, low=0, high=1),
        Field("link_segments", "flag", 1, low=0, high=1),
        Field("link_repeated_segments", "flag", 1, low=0, high=1),
        Field("link_early_segments", "flag", 1, low=0, high=1),
        Field("link_unfit_segments", "flag", 1, low=0, high=1),
        Field("link_dropped_segments", "flag", 1, low=0, high=1),
        Field("link_bad_segments", "flag", 1, low=0, high=1),
        Field("link_other_frames", "flag", 1, low=0, high=1),
        Field("link_messages_heard", "flag", 1, low=0, high=1),
        Field("link_heartbeats_heard", "flag", 1, low=0, high=1),
        Field("link_doubts", "flag", 1, low=0, high=1),
        Field("link_cancels", "flag", 1, low=0, high=1),
        Field("link_cancels_unsent", "flag", 1, low=0, high=1),
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
            ("orders", np.bool_),
            ("refused_orders", np.bool_),
            ("wrong_keys", np.bool_),
            ("refused_commands", np.bool_),
            ("unknown_confirmations", np.bool_),
            ("double_confirmations", np.bool_),
            ("excess_confirmations", np.bool_),
            ("broken_trades", np.bool_),
            ("lost_confirmations", np.bool_),
            ("kills", np.bool_),
            ("disarms", np.bool_),
            ("order_messages", np.bool_),
            ("unwritable_orders", np.bool_),
            ("venue_confirmations", np.bool_),
            ("venue_notices", np.bool_),
            ("venue_unfollowed", np.bool_),
            ("venue_appended", np.bool_),
            ("venue_unknown_types", np.bool_),
            ("venue_wrong_lengths", np.bool_),
            ("venue_wrong_values", np.bool_),
            ("link_orders_held", np.bool_),
            ("link_host_packets", np.bool_),
            ("link_host_refused", np.bool_),
            ("link_packets_sent", np.bool_),
            ("link_packets_resent", np.bool_),
            ("link_acks_sent", np.bool_),
            ("link_probes_sent", np.bool_),
            ("link_segments", np.bool_),
            ("link_repeated_segments", np.bool_),
            ("link_early_segments", np.bool_),
            ("link_unfit_segments", np.bool_),
            ("link_dropped_segments", np.bool_),
            ("link_bad_segments", np.bool_),
            ("link_other_frames", np.bool_),
            ("link_messages_heard", np.bool_),
            ("link_heartbeats_heard", np.bool_),
            ("link_doubts", np.bool_),
            ("link_cancels", np.bool_),
            ("link_cancels_unsent", np.bool_),
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
    INTENT.name: INTENT,
    ORDER.name: ORDER,
    DECISION.name: DECISION,
    ORDER_SETTINGS.name: ORDER_SETTINGS,
    CONFIRMATION.name: CONFIRMATION,
    SLOT_LIMITS.name: SLOT_LIMITS,
    TOTAL_LIMITS.name: TOTAL_LIMITS,
    RISK_COMMAND.name: RISK_COMMAND,
    RISK_STATE.name: RISK_STATE,
    RISK_STOPS.name: RISK_STOPS,
    BOOK_STOPS.name: BOOK_STOPS,
    RISK_EVENTS.name: RISK_EVENTS,
    OUCH_EVENTS.name: OUCH_EVENTS,
    TCP_SESSION.name: TCP_SESSION,
    TCP_SEGMENT.name: TCP_SEGMENT,
    LINK_EVENTS.name: LINK_EVENTS,
    FEED_EVENTS.name: FEED_EVENTS,
    PATH_EVENTS.name: PATH_EVENTS,
}
