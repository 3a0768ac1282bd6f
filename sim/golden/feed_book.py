"""Golden model of feed_book: the host's own replay, from frames to books."""

from __future__ import annotations

from tickwire.gen.records import Reason
from tickwire.replay.books import Replayed as Replayed
from tickwire.replay.books import book as book
from tickwire.replay.books import replay as replay

LATENCY = {8: 12, 64: 14}  # from the edge that accepts a message's last byte; a replace has 2 more
EVENTS = {  # of a book record, by its cause
    Reason.UNKNOWN_REFERENCE: "unknown_references",
    Reason.DUPLICATE_REFERENCE: "duplicate_references",
    Reason.EXCESS_SHARES: "excess_shares",
    Reason.BAD_PRICE: "zero_prices",
    Reason.BAD_SHARES: "zero_shares",
    Reason.TABLE_OVERFLOW: "table_overflows",
    Reason.LEVEL_OVERFLOW: "level_overflows",
    Reason.NUMBER_OVERFLOW: "number_overflows",
    Reason.DEPTH_LOST: "depth_losses",
}
