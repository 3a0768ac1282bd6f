"""Frames of feeds A and B to one stream of book operations, as feed_rx makes it.

`Feed` keeps what is known of the session from call to call; `receive` is one call of a new one. It
takes the cycle in which each frame came, since which feed a packet is taken from depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.replay import feed_numbers, feed_parse
from tickwire.replay.feed_follow import ENDS, HAPPENS, LOSES, OPENS, SAYS, UNDONE, Follow
from tickwire.replay.feed_frames import (
    MESSAGE,
    PACKET,
    RUNT,
    Findings,
    Frames,
    Limits,
    most_messages,
    read_frames,
)
from tickwire.replay.feed_hold import BYTES, PACKETS, Hold
from tickwire.replay.feed_merge import (
    BAD_FRAME,
    BEGUN,
    ELSEWHERE,
    FOLLOWED,
    MARK,
    MISSING,
    SESSION_ENDED,
    Inputs,
    Outputs,
    State,
    merge_feeds,
)
from tickwire.replay.feed_numbers import MOVED
from tickwire.wire.ethernet import CRC
from tickwire.wire.market import UNKNOWN, Market, Said, Timeline, doubt
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

LATENCY = {8: 3, 64: 5}  # of an operation, from the edge that accepts the message's last byte
SHORTEST, LONGEST = 64, 9026  # bytes of a frame, check sequence included; 9018 and two tags
HOLD = BYTES, PACKETS
HELD = "reordered", "hold_drops"  # events of line_hold
PULSE = np.dtype([("cycle", np.int64), ("reason", np.uint8)])
_MESSAGE, _UNDONE, _TURNED, _ENDED, _BEGINS, _DOUBT = range(6)  # in a cycle
_SAID = {8: LATENCY[8] + 1, 64: LATENCY[64]}  # and until market_state has it
_RECENT = 3  # cycles before a turn in which an h counts as said since
_OF_ALL = np.isin(np.arange(256), [*b"SWR"])  # types that may be everybody's
_LATE = {8: 1, 64: 3}  # cycles from a message's last byte until mold_merge is through with it
_AHEAD = {8: 0, 64: 1}  # cycles by which op_gate sees the session before what is said of it
_READ = {8: 4, 64: 5}  # and until itch_parse says that there was one too short to be read


@dataclass(frozen=True)
class Received:
    """What came of the frames. `mac`, `udp`: by frame a number in MAC, UDP, -1 for none; `options`
    whether IPv4 options were skipped; `merge` a set of bits as MERGE. `messages` were delivered,
    runts too, in order; `marks` are what op_gate gets beside operations, `turned` the slots that
    directory messages make stale, and `missing` the messages of each gap. `given` says of each
    operation when its message's last byte came, or would have come if nothing had to wait. By feed:
    `reordered`, `hold_drops`. `market`: who may act, by the cycle of an operation; `follows`: as
    FOLLOWS; `sessions`: as FOLLOWED; `elsewhere`: as ELSEWHERE. `begins`: when sessions begin, in
    op_gate."""

    mac: Array
    udp: Array
    options: Array
    merge: Array
    overruns: Array
    messages: Array
    missing: Array
    sessions_ended: int
    late_joins: int
    marks: Array
    turned: Array
    operations: Records
    given: Array
    market: Timeline
    follows: Array
    sessions: Array
    elsewhere: Array
    begins: Array
    reordered: tuple[int, int]
    hold_drops: tuple[int, int]
    events: dict[str, int]  # of itch_parse

    @property
    def pulses(self) -> Array:
        """When a mark comes, and why: all that feed_rx says of it."""
        pulses = np.zeros(len(self.marks), PULSE)
        pulses["cycle"], pulses["reason"] = self.marks["cycle"], self.marks["reason"]
        return pulses


class Feed:
    """Both feeds, and the session that is followed."""

    def __init__(
        self,
        registers: Registers,
        width: int,
        shortest: int = SHORTEST,
        longest: int = LONGEST,
        hold: tuple[int, int] = HOLD,
    ) -> None:
        """`hold`: the bytes and packets of each feed that can wait."""
        self.width = width
        self._hold = Hold.reset(registers.window, width // 8, hold)
        self._limits = Limits(width // 8, shortest, longest)
        self._filters = _filters(registers)
        self._follow = Follow.of(registers.values(), width)
        self._state = State.reset(registers.any_start)
        self._market = Market(bool(registers.any_hours), UNKNOWN)

    def locate(self, slot: int) -> int:
        """Of its instrument, as the last messages leave it; 0: nobody's."""
        return int(self._follow.slots["locate"][slot])

    def named(self, slot: int) -> bool:
        """Whether a directory message has named its symbol, right or wrong."""
        return bool(self._follow.slots["named"][slot])

    def unsaid(self, slot: int) -> bool:
        """Whether nobody has said of its instrument that it trades, where that matters."""
        return self._market.said[slot].unsaid and not self._market.any_hours

    def hears(self, slot: int) -> bool:
        """Whether it has the operations of an instrument, as the last messages leave it."""
        return bool(self._follow.slots["hears"][slot])

    def take(self, traffic: Traffic) -> Received:
        """The next frames, which begin after those of the last call have ended, and nothing of them
        waits."""
        count = len(traffic.frames)
        mac, udp, merge = (np.full(count, -1, np.int8) for _ in range(3))
        frames = Frames(
            traffic.frames.data,
            traffic.frames.offsets,
            traffic.feed.astype(np.int64),
            traffic.first.astype(np.int64),
            traffic.spoiled.astype(np.int64),
            traffic.at.astype(np.int64),
        )
        findings = Findings(
            mac,
            udp,
            np.zeros(count, np.uint8),
            np.zeros(count, np.uint8),
            np.zeros(count, PACKET),
            np.zeros(most_messages(frames), MESSAGE),
        )
        used = read_frames(frames, self._limits, self._filters, CRC, findings)
        packets = int(findings.packets["opened"].sum())
        merged = Outputs(
            merge,
            np.zeros(used, MESSAGE),
            np.zeros(5 * packets, MARK),
            np.zeros(packets, MISSING),
            np.zeros(packets, BEGUN),
            np.zeros(3 * packets, MOVED),
            np.zeros(2 * packets, FOLLOWED),
            np.zeros(3 * packets, ELSEWHERE),
            np.zeros(9, np.int64),
        )
        now, elsewhere = self._state.session[0], (self._state.status["elsewhere"][0],)
        session = now["followed"] and not now["ended"], now["high"], now["low"]
        inputs = _in_order(frames, findings)
        before, number = self._hold.of.copy(), (self._state.session["next"] - np.uint64(1))[0]
        merge_feeds(inputs, self._state, self._hold, merged, _LATE[self.width])
        counts = merged.counts.tolist()
        messages, marks, missing, sessions_ended, late_joins, begun, moved, followed, other = counts
        taken = merged.messages[:messages]
        unread = np.flatnonzero(_unread(frames.data, frames.offsets, taken))
        every = _marks(merged.marks[:marks], taken, unread, self.width)
        operations, given, events, follow = self._parse(frames, taken, _happens(every))
        turned = follow.turns()
        for what in (every, turned):
            what["upto"] = feed_numbers.newest(
                what["cycle"], number, taken, merged.moved[:moved], self.width
            )
        (a, b), (c, d) = ((self._hold.of[name] - before[name]).tolist() for name in HELD)
        said = follow.said[: follow.state[SAYS]]
        begins = merged.begun[:begun]
        unread_of = operations["operation"] == Operation.STALE
        when = given + LATENCY[self.width]
        slots = 1 << operations["slot"][unread_of].astype(np.int64)
        doubted = [*zip(turned["cycle"].tolist(), turned["slots"].tolist(), strict=True)]
        doubted += zip(when[unread_of].tolist(), slots.tolist(), strict=True)
        market = follow_market(self._market, said, every, doubted, begins, self.width)
        acts = ~unread_of
        operations["reason"][acts] = market.at(when[acts], operations["slot"][acts])
        return Received(
            mac, udp, findings.options, merge, findings.overruns, taken, merged.missing[:missing],
            sessions_ended, late_joins, every, turned, operations, given, market,
            follow.followed(), _since(session, merged.followed[:followed], self.width),
            _since(elsewhere, merged.elsewhere[:other], self.width), begins["cycle"],
            (a, b), (c, d), events,
        )  # fmt: skip

    def _parse(
        self, frames: Frames, messages: Array, happens: Array
    ) -> tuple[Records, Array, dict[str, int], Follow]:
        operations = BOOK_OP.empty(len(messages))
        given = np.zeros(len(messages), np.int64)
        follow = self._follow.anew(len(messages), happens)
        counts = np.zeros(len(feed_parse.EVENTS), np.int64)
        used = feed_parse.parse(
            frames.data, frames.offsets, frames.first, messages, feed_parse.TYPES, follow,
            operations, given, counts,
        )  # fmt: skip
        events = dict(zip(feed_parse.EVENTS, counts.tolist(), strict=True))
        return operations[:used], given[:used], events, follow


def _since(before: tuple[Any, ...], rows: Array, width: int) -> Array:
    """What holds from which cycle on, what held `before` these frames first."""
    every = np.concatenate([np.array([(0, *before)], rows.dtype), rows])
    every["cycle"] -= _AHEAD[width]
    every["cycle"][0] = np.iinfo(np.int64).min
    return np.sort(every, order="cycle", kind="stable")


def _unread(data: Array, offsets: Array, messages: Array) -> Array:
    """What nobody can read, and may be anybody's."""
    runts: Array = messages["length"] <= RUNT
    kinds = data[np.where(runts, 0, offsets[messages["frame"]] + messages["at"])]
    unread: Array = _OF_ALL[kinds] & (messages["length"] != feed_parse.TYPES["length"][kinds])
    return runts | unread


def _marks(marks: Array, messages: Array, which: Array, width: int) -> Array:
    """In order, with those messages that nobody can read; of the reasons why messages may be
    missing one a cycle, the first of the list, for all that may be missing."""
    unread, them = np.zeros(len(which), MARK), messages[which]
    unread["cycle"], unread["reason"] = them["given"] + _READ[width], Reason.PARSE_ERROR
    unread["after"], unread["opened"] = which + 1, -1
    marks[marks["amid"]] = _amid(marks[marks["amid"]], messages, width)
    every = np.sort(np.concatenate([marks, unread]), order=("cycle", "reason"))
    lost = ~np.isin(every["reason"], (SESSION_ENDED, BAD_FRAME))
    first = np.ones(len(every), np.bool_)
    first[lost] = np.diff(every["cycle"][lost], prepend=-1) != 0
    return every[first]


def _amid(marks: Array, messages: Array, width: int) -> Array:
    """What comes amid a packet that is being taken: of that, only what came until then is before
    it."""
    given = messages["given"]
    before = np.searchsorted(given, marks["cycle"] - _SAID[width], side="left")
    marks["after"] = np.minimum(marks["after"], before)
    return marks


def _happens(marks: Array) -> Array:
    """What the slots follow must know of marks."""
    ended, bad = (marks["reason"] == why for why in (SESSION_ENDED, BAD_FRAME))
    undone = marks[marks["opened"] >= 0]
    parts = []
    for kind, rows in ((ENDS, marks[ended]), (LOSES, marks[~ended & ~bad]), (UNDONE, undone)):
        happens = np.zeros(len(rows), HAPPENS)
        happens["kind"] = kind
        for name in ("after", "cycle"):
            happens[name] = rows[name]
        parts.append(happens)
    opens = np.zeros(len(undone), HAPPENS)
    opens["kind"], opens["after"], opens["cycle"] = OPENS, undone["kept"], undone["opened"]
    return np.concatenate([*parts, opens])


def follow_market(
    market: Market,
    said: Array,
    marks: Array,
    doubted: list[tuple[int, int]],
    begins: Array,
    width: int,
) -> Timeline:
    """Who may act: by messages but for those of bad frames, and by what may be missing; of the
    slots `doubted` from a cycle on, too."""
    line = Timeline(market)
    before: list[tuple[int, tuple[Said, ...]]] = [(-1, market.said)]  # after what, by its number
    heard: dict[int, int] = {}  # when the last h of a slot came
    rows = said["row"] + np.searchsorted(begins["after"], said["row"], side="right")
    events: list[tuple[int, int, Any]] = [
        (given + _SAID[width], _MESSAGE, (row, *rest))
        for row, (_, given, *rest) in zip(rows.tolist(), said.tolist(), strict=True)
    ]
    kinds = {BAD_FRAME: _UNDONE, SESSION_ENDED: _ENDED}
    events += [(mark[0], kinds.get(mark[1], _DOUBT), mark[-1]) for mark in marks.tolist()]
    events += [(cycle, _TURNED, slots) for cycle, slots in doubted]
    events += [(cycle, _BEGINS, at + after) for at, (cycle, after) in enumerate(begins.tolist())]
    for time, order, what in sorted(events, key=lambda event: event[:2]):
        if order == _MESSAGE:
            row, kind, letter, action, slots, named = what
            market.take(chr(kind), bytes((letter, action)), slots, named)
            if chr(kind) == "h" and chr(letter) == "Q":
                heard |= {slot: time for slot in range(SLOTS) if slots >> slot & 1}
            before.append((row, market.said))
        elif order == _UNDONE:
            before = [one for one in before if one[0] < what]
            market.said = before[-1][1]
        elif order == _BEGINS:
            market.begins()
            before.append((what, market.said))
        elif order == _TURNED:
            lately = sum(1 << slot for slot, when in heard.items() if time - when <= _RECENT)
            before = [(row, doubt(then, what, lately)) for row, then in before]
            market.said = doubt(market.said, what, lately)
        else:
            before, market.said = [(-1, UNKNOWN)], UNKNOWN
        line.note(time)
    return line


def receive(
    traffic: Traffic,
    registers: Registers,
    width: int,
    shortest: int = SHORTEST,
    longest: int = LONGEST,
    hold: tuple[int, int] = HOLD,
) -> Received:
    """All of it, from reset."""
    return Feed(registers, width, shortest, longest, hold).take(traffic)


def _filters(registers: Registers) -> Array:
    """A row for each feed: enabled, any group, any port, group, port."""
    words = registers.feed_enable, registers.any_group, registers.any_port
    bits = [[word >> feed & 1 for feed in (0, 1)] for word in words]
    return np.array([*bits, registers.group, registers.port], np.int64).T.copy()


def _in_order(frames: Frames, findings: Findings) -> Inputs:
    """Headers and ends: in a cycle the ends come before the headers, and A before B."""
    opened = np.flatnonzero(findings.packets["opened"])
    ends, headers = (findings.packets[name][opened] for name in ("end", "header"))
    times = np.concatenate([ends * 4, headers * 4 + 2])
    frame = np.concatenate([opened, opened])
    order = np.argsort(times + frames.feed[frame], kind="stable")
    return Inputs(
        frame[order], order >= len(opened), frames.feed, findings.packets, findings.messages
    )
