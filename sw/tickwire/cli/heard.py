"""What the hardware delivered of a session, held to what the reader of captures has of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.cli.decoded import Decoded
from tickwire.wire.chunks import as_bytes
from tickwire.wire.feeds import Feeds

Array = npt.NDArray[Any]
_PIECE = 1 << 16  # messages


class Heard:
    """A session's messages: the `numbers`, ascending, and of which row each is."""

    def __init__(self, decoded: Decoded, session: str) -> None:
        # Not numpy's ==, which takes a NUL at a text's end for none.
        mine = np.array([name == session for name in decoded.session.tolist()], np.bool_)
        messages = decoded.messages[mine]
        counts = np.maximum(messages["runts"], 1).astype(np.int64)
        row = np.repeat(np.arange(len(messages)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        numbers = messages["sequence_number"][row] + within.astype(np.uint64)
        order = np.argsort(numbers, kind="stable")
        self.numbers: Array = numbers[order]
        self._messages: Array = messages
        self._row: Array = row[order]

    def lacks(self, feeds: Feeds, rows: Array) -> int:
        """How many of these messages, each of another number, aren't there with their bytes."""
        numbers = feeds.packets.message_sequence[rows]
        at = np.searchsorted(self.numbers, numbers)
        there = at < len(self.numbers)
        there[there] = self.numbers[at[there]] == numbers[there]
        rows, mine = rows[there], self._row[at[there]]
        same = sum(
            int(self._same(feeds, rows[start : start + _PIECE], mine[start : start + _PIECE]).sum())
            for start in range(0, len(rows), _PIECE)
        )
        return len(numbers) - same

    def _same(self, feeds: Feeds, rows: Array, mine: Array) -> Array:
        messages = self._messages[mine]
        offsets, lengths = feeds.places.offsets[rows], feeds.places.lengths[rows]
        data, within = as_bytes(feeds.packets.stream), np.arange(messages["bytes"].shape[1])
        places = np.minimum(offsets[:, None] + within, len(data) - 1)
        differs = (data[places] != messages["bytes"]) & (within < lengths[:, None])
        same: Array = (messages["length"] == lengths) & ~differs.any(axis=1)
        return same | (messages["runts"] > 0)  # too short to be kept
