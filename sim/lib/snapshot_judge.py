"""What a book is from trust on: record by record that of a day that lost nothing.

It knows the rule of trust, and when operations came and losses were known; neither frames nor how
the gate keeps its numbers. Of a LOBSTER day the file's own books are asked, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from sim.stimulus.lossless import Lossless
from sim.stimulus.snapshots import Snapshots, Trust
from tickwire.board.virtual.harness import FeedObserved
from tickwire.book.lobster import Sample, Transcoded
from tickwire.gen.records import TOP_OF_BOOK, Operation, Reason, Side

Array = npt.NDArray[Any]
_STAMPS = ("frame_cycle", "message_cycle", "last_of_packet")  # of how it was sent
_COMPARED = tuple(field.name for field in TOP_OF_BOOK.fields if field.name not in _STAMPS)
_OF_THE_BOOK = (
    *("bid_price", "bid_shares", "bid_orders", "ask_price", "ask_shares", "ask_orders"),
    *("crossed", "locked", "halted", "stale"),
)
_SOON = 20  # cycles from a trust's being taken to its record
_EMPTY = (Reason.CLEARED, Reason.ONE_SIDED)  # the same book; a load forgets that it was ever filled
_NOT_THE_FEEDS = (Operation.NONE, Operation.LOAD, Operation.TRUST)


class JudgeError(ValueError):
    """What can't be judged. The message is one line."""


@dataclass(frozen=True)
class _Trusted:
    """From the record of a trust on, up to `end`, not included; `end` 0: up to the last delete."""

    trust: Trust
    row: int
    end: int


class Judge:
    def __init__(self, day: Lossless, sent: Snapshots, observed: FeedObserved) -> None:
        self.day, self.sent = day, sent
        self.tops, self.depths = observed.rows("tops"), observed.rows("depths")
        self.cycles, self.taken = observed.cycles_of("tops"), observed.cycles_of("host_taken")
        came = observed.rows("operations")
        plain = came["operation"] != Operation.NONE
        self.came, self.at = came[plain], observed.cycles_of("operations")[plain]
        self.known = observed.cycles_of("lost")
        self.refused = observed.count("refused_trusts")
        if len(self.taken) != len(sent.host[1]):
            raise JudgeError(f"{len(sent.host[1])} operations of the host, {len(self.taken)} taken")
        if len(self.known) != len(sent.lost):
            raise JudgeError(f"{len(sent.lost)} losses, {len(self.known)} known")
        self.met: Counter[str] = Counter(moments=len(sent.lost), loaded=len(sent.host[1]))
        self.met["loaded"] -= len(day.deletes)
        self.differs = self._differs()

    def judge(self) -> Counter[str]:
        """`mismatches`: records from trust on that differ, lack, or say that they are stale;
        `wrong_and_not_stale`: whatever the gate said of trust; `trusts_misjudged`: taken though
        something that came or lacked is above S, or refused though nothing is."""
        names = ("refused", "trusts_misjudged", "compared", "mismatches", "wrong_and_not_stale")
        self.met.update(dict.fromkeys(names, 0))
        shown = ~self.tops["stale"] & (self.tops["operation"] != Operation.NONE)
        self.met["wrong_and_not_stale"] = int((shown & self.differs).sum())
        self.met["shown"] = int(shown.sum())
        for one in self._trusted():
            self._segment(one)
        self.met["trusts_misjudged"] += abs(self.met["refused"] - self.refused)
        self._emptied()
        return Counter({name: int(count) for name, count in self.met.items()})

    def _trusted(self) -> Iterator[_Trusted]:
        for at, trust in enumerate(self.sent.trusts):
            cycle, load = int(self.taken[trust.trust]), int(self.taken[trust.load])
            mine = self.came["slot"] == trust.slot
            numbers, times = self.came["sequence_number"][mine].astype(int), self.at[mine]
            losses = int(np.searchsorted(self.known, cycle))
            newest = max(
                (
                    0,
                    *numbers[times < cycle][-1:],
                    *(sum(one) - 1 for one in self.sent.lost[:losses]),
                )
            )
            row = self._left(trust, cycle)
            self.met["trusts"] += 1
            self.met["refused"] += row is None
            self.met["trusts_misjudged"] += (row is None) != (trust.number < newest)
            if row is None:
                continue
            between = bool(((self.known > load) & (self.known <= cycle)).any())
            if between:  # the book was lost again while it was loaded: only the stale is right
                self.met["lost_while_loading"] += 1
                self.met["wrong_and_not_stale"] += not self.tops["stale"][row]
                continue
            end = self.sent.lost[losses][0] if losses < len(self.sent.lost) else 0
            again = [int(self.taken[one.load]) for one in self.sent.trusts[at + 1 :]
                     if one.slot == trust.slot]  # fmt: skip
            if again:
                after = numbers[times > again[0]]
                end = min(n for n in (end, *after[:1], self.day.last + 1) if n)
            kept = int(((times > cycle) & (numbers <= trust.number)).sum())
            self.met["exactly_newest"] += trust.number == newest
            self.met["ahead"] += kept > 0
            self.met["amid_a_packet"] += trust.number not in self.sent.ends
            yield _Trusted(trust, row, int(end))

    def _left(self, trust: Trust, cycle: int) -> int | None:
        """The row of its record; none where it was refused."""
        here = (self.tops["operation"] == Operation.TRUST) & (self.tops["slot"] == trust.slot)
        here &= (self.cycles > cycle) & (self.cycles <= cycle + _SOON)
        rows = np.flatnonzero(here).tolist()
        return rows[0] if rows else None

    def _segment(self, one: _Trusted) -> None:
        slot, number = one.trust.slot, one.trust.number
        tops = self.tops
        wrong = bool(self.differs[one.row] | tops["stale"][one.row])
        numbers = tops["sequence_number"].astype(np.int64)
        here = (tops["slot"] == slot) & (numbers > number)
        every = self.day.numbers[slot]
        wanted = every > number
        if one.end:
            here &= numbers < one.end
            wanted &= every < one.end
        here &= ~np.isin(tops["operation"], _NOT_THE_FEEDS)
        rows = np.flatnonzero(here)
        bad = self.differs[rows] | tops["stale"][rows]
        lacking = Counter(every[wanted].tolist())
        lacking.subtract(numbers[rows].tolist())
        self.met["compared"] += 1 + len(rows)
        self.met["mismatches"] += wrong + int(bad.sum()) + sum(map(abs, lacking.values()))

    def _differs(self) -> Array:
        """Records that aren't the book as of their number."""
        day, tops, expected = self.day, self.tops, self.day.outcome
        assert expected.levels is not None
        differs = np.zeros(len(tops), np.bool_)
        for slot in day.rows:
            here = np.flatnonzero(tops["slot"] == slot)
            numbers = tops["sequence_number"][here].astype(np.int64)
            place = np.searchsorted(day.numbers[slot], numbers, side="right") - 1
            rows = np.concatenate([day.rows[slot], [-1]])[place]
            mine, theirs = tops[here], expected.tops[rows]
            whole = tops["operation"][here] != Operation.TRUST
            wrong = np.zeros(len(here), np.bool_)
            nothing = rows < 0  # before the slot's first operation
            for name in _COMPARED:
                if name == "reason":
                    continue
                unequal = mine[name] != np.where(nothing, 0, theirs[name])
                wrong |= unequal if name in _OF_THE_BOOK else unequal & whole
            wrong |= _reasons(mine, theirs, nothing)
            side = self.depths["side"][here]
            levels = np.where(nothing[:, None], np.zeros(1, expected.levels.dtype),
                              expected.levels[rows, side])  # fmt: skip
            for name, column in (("price", "prices"), ("shares", "shares"), ("orders", "orders")):
                wrong |= (self.depths[column][here] != levels[name]).any(axis=1)
            differs[here] = wrong
        return differs

    def _emptied(self) -> None:
        """Each order of the end was there, and nothing is left."""
        self.met["emptied"] = len(self.day.deletes)
        for slot in self.day.rows:
            last = self.tops[self.tops["slot"] == slot][-1]
            left = last["stale"] or last["bid_orders"] or last["ask_orders"]
            self.met["mismatches"] += bool(left)


def _reasons(mine: Records, theirs: Records, nothing: Array) -> Array:
    """Where they differ; an empty book's says whether it was ever filled, which a load forgets; and
    who may act is in doubt from a loss on, since no host says that the market is open."""
    expected = np.where(nothing, Reason.CLEARED, theirs["reason"])
    empty = (mine["bid_orders"] == 0) & (mine["ask_orders"] == 0)
    same = empty & np.isin(mine["reason"], _EMPTY) & np.isin(expected, _EMPTY)
    doubted = mine["reason"] == Reason.MARKET_CLOSED
    differs: Array = (mine["reason"] != expected) & ~same & ~doubted
    return differs


def by_the_file(
    sample: Sample, transcoded: Transcoded, tops: Records, depths: Records
) -> tuple[int, int]:
    """Records behind a row's last message that say they aren't stale, and how many of them aren't
    what LOBSTER's own file shows: the best of both sides, and its levels of the side shown."""
    numbers = tops["sequence_number"].astype(np.int64)
    place = np.searchsorted(transcoded.ends, numbers, side="right") - 1
    here = ~tops["stale"] & (tops["operation"] != Operation.NONE) & (place >= 0)
    here &= transcoded.ends[place] == numbers
    rows, place, depth = np.flatnonzero(here), place[here], sample.depth
    side, wrong = depths["side"][rows], np.zeros(len(rows), np.bool_)
    for column, theirs, best in (
        ("prices", sample.prices, ("bid_price", "ask_price")),
        ("shares", sample.sizes, ("bid_shares", "ask_shares")),
    ):
        wrong |= (depths[column][rows][:, :depth] != theirs[place, side]).any(axis=1)
        for one, name in zip(Side, best, strict=True):
            wrong |= tops[name][rows] != theirs[place, one, 0]
    return len(rows), int(wrong.sum())
