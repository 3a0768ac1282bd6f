"""Golden model of feed_book: the host's own replay, from frames to books."""

from __future__ import annotations

from tickwire.replay.books import Replayed as Replayed
from tickwire.replay.books import book as book
from tickwire.replay.books import replay as replay

LATENCY = {8: 12, 64: 14}  # from the edge that accepts a message's last byte; a replace has 2 more
