"""Golden model of feed_rx: the host's own replay of the feed. What of it is the A/B merge is judged
by rules alone, sim/lib/merge_rules.py; messages and operations by other decoders, in the tests."""

from __future__ import annotations

from tickwire.replay.feed import LATENCY as LATENCY
from tickwire.replay.feed import Received as Received
from tickwire.replay.feed import receive as receive
from tickwire.replay.feed_frames import MAC as MAC
from tickwire.replay.feed_frames import UDP as UDP
from tickwire.replay.feed_merge import BAD_FRAME as BAD_FRAME
from tickwire.replay.feed_merge import GAP as GAP
from tickwire.replay.feed_merge import MERGE as MERGE
from tickwire.replay.feed_merge import NO_START as NO_START
from tickwire.replay.feed_merge import OTHER_SESSION as OTHER_SESSION
from tickwire.replay.feed_merge import SESSION_ENDED as SESSION_ENDED
