"""Both feeds' packets to one stream of messages, compiled: each message once and in order.

Written from the header paragraph of mold_merge; `sim/lib/merge_rules.py` judges it without a cycle.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.gen.records import Reason
from tickwire.replay import feed_hold
from tickwire.replay.feed_frames import END_OF_SESSION
from tickwire.replay.feed_hold import NEVER, Hold

Array = npt.NDArray[Any]

# What a packet's header counts as: bits. The counters have the same names.
MERGE = ("packets", "heartbeats", "duplicates", "other_session", "feed_drops")
_PACKET, _HEARTBEAT, _DUPLICATE, _OTHER, _DROP = (1 << bit for bit in range(len(MERGE)))
# Marks, what op_gate gets beside operations: why slots are stale, every one but for BAD_FRAME.
GAP, SESSION_ENDED, BAD_FRAME = int(Reason.GAP), int(Reason.SESSION_ENDED), int(Reason.BAD_FRAME)
NO_START, OTHER_SESSION = int(Reason.NO_START), int(Reason.OTHER_SESSION)
_IGNORED, _ACTED, _REFUSED = range(3)  # what comes of a header

# `upto`: the newest number of what may be missing, filled in later; `after`: messages of this call
# before it. Of what is undone, `opened` says when it began, `kept` how many messages there were
# before, `since` the same with the sessions that begun.
MARK = np.dtype(
    [
        ("cycle", np.int64),
        ("reason", np.uint8),
        ("upto", np.uint64),
        ("after", np.int64),
        ("amid", np.bool_),  # messages of the packet being taken are behind it, too
        ("opened", np.int64),  # -1: nothing is undone
        ("kept", np.int64),
        ("since", np.int64),
    ]
)
BEGUN = np.dtype([("cycle", np.int64), ("after", np.int64)])
MISSING = np.dtype([("cycle", np.int64), ("first", np.uint64), ("count", np.uint64)])
SESSION = np.dtype(
    [
        ("followed", np.bool_),
        ("ended", np.bool_),
        ("high", np.uint64),
        ("low", np.uint64),
        ("next", np.uint64),
    ]
)
# From when on a session is followed that hasn't ended, or none; and from when on another one was
# heard since the last packet of that, or not.
FOLLOWED = np.dtype(
    [("cycle", np.int64), ("goes_on", np.bool_), ("high", np.uint64), ("low", np.uint64)]
)
ELSEWHERE = np.dtype([("cycle", np.int64), ("heard", np.bool_)])
STATUS = np.dtype(
    [
        ("reach", np.uint64),  # of the packet taken last
        ("done", np.int64),  # when the packet taken is
        ("changed", np.int64),  # when a header last did anything
        ("any_start", np.bool_),  # a session that is joined late is trusted
        ("several", np.bool_),  # open frames did more than what one may, and can't be told apart
        ("doubt", np.bool_),  # one of them ended wrong
        ("undo", np.int64),  # when all is undone then
        ("undone", np.int64),  # when all was
        ("since", np.int64),  # messages and sessions of this call before any frame was open,
        ("kept", np.int64),  # messages alone,
        ("began", np.int64),  # and when one was then
        ("waiting_since", np.int64),
        ("elsewhere", np.bool_),  # another session was heard, and not this one since
        ("heard", np.int64),  # from when on that holds
        # with line_hold, when things were or will be:
        ("now", np.int64),  # the last that happened
        ("viewed", np.int64),  # up to then headers are judged by what was before
        ("opened", np.int64),  # a frame was open up to then
        ("busy", np.int64),  # mold_merge wasn't quiet up to then, of what is known by now
        ("quiet", np.int64),  # from then on it was quiet until a header last did anything
    ]
)


class State(NamedTuple):
    """What is known between frames. `session`: as it is, as it was before any frame was open, and
    as it was before it last changed. By feed: the `open` frame, and the frame whose header brought
    nothing and is yet `uncounted`."""

    session: Array
    status: Array
    open: Array
    uncounted: Array

    @classmethod
    def reset(cls, any_start: int = 0) -> State:
        status = np.zeros(1, STATUS)
        status["any_start"] = any_start
        status["done"] = -1
        for name in ("changed", "undone", "viewed", "opened", "busy", "quiet"):
            status[name] = -9
        return cls(np.zeros(3, SESSION), status, np.full(2, -1), np.full(2, -1))


class Inputs(NamedTuple):
    """Headers and ends of frames in order of time; of each frame its feed and what is in it."""

    frame: Array
    is_header: Array
    feed: Array
    packets: Array
    messages: Array


class Outputs(NamedTuple):
    """`merge` by frame; the others in order, of which `counts` says how many there are: messages,
    marks, gaps; how often a session ended, and was joined late; sessions that begun with their
    first message; how the next number moved; which session was followed, and whether another was
    heard."""

    merge: Array
    messages: Array
    marks: Array
    missing: Array
    begun: Array
    moved: Array
    followed: Array
    elsewhere: Array
    counts: Array


@compiled
def merge_feeds(inputs: Inputs, state: State, hold: Hold, outputs: Outputs, late: int) -> None:
    """`late`: cycles from a message's last byte until mold_merge is through with it."""
    for row in range(len(inputs.frame)):
        frame = inputs.frame[row]
        header, feed = inputs.is_header[row], inputs.feed[frame]
        time = inputs.packets[frame]["header"] if header else inputs.packets[frame]["end"]
        _give(time, 1 + feed if header else 0, inputs, state, hold, outputs, late)
        _until(time, inputs, state, outputs)
        state.status[0]["now"] = time
        if not header:
            _ends(frame, time, inputs, state, hold, outputs)
        elif hold.of[feed]["from"] <= time <= hold.of[feed]["to"]:
            feed_hold.comes(hold, feed, frame, time)
        else:
            hold.of[feed]["live"] = time
            came = _header(frame, time, 0, False, inputs, state, hold, outputs, late)
            if came == _REFUSED:
                feed_hold.comes(hold, feed, frame, time)
    _give(NEVER, 0, inputs, state, hold, outputs, late)
    _until(NEVER, inputs, state, outputs)


@bare
def _give(
    before: int, order: int, inputs: Inputs, state: State, hold: Hold, outputs: Outputs, late: int
) -> None:
    """What line_hold gives before that cycle, or in it: an end is 0, then A's header, then B's."""
    while hold.limits[feed_hold.WINDOW] != 0:
        time, which = NEVER, 0
        for feed in range(2):
            one = hold.of[feed]
            if one["playing"] and (one["to"] - 1 < time or (one["to"] - 1 == time and which > 0)):
                time, which = one["to"] - 1, -feed
            when = _given(feed, inputs, state, hold)
            if when < time:
                time, which = when, 1 + feed
        if time >= NEVER or time > before or (time == before and max(which, 0) >= order):
            return
        _until(time, inputs, state, outputs)
        state.status[0]["now"] = time
        if which <= 0:
            frame = feed_hold.first(hold, -which)
            feed_hold.played(hold, -which)
            _end(frame, time, inputs, state, outputs)
            continue
        feed = which - 1
        frame = feed_hold.first(hold, feed)
        packet, one = inputs.packets[frame], hold.of[feed]
        shift = time + 3 - packet["header"]
        came = _header(frame, time, shift, True, inputs, state, hold, outputs, late)
        one["from"], one["to"] = time, time + 2
        if came == _ACTED:
            feed_hold.plays(hold, feed, packet, time)
        elif came == _IGNORED:
            feed_hold.pops(hold, feed, time + 2, feed_hold.beats_of(packet))


@bare
def _given(feed: int, inputs: Inputs, state: State, hold: Hold) -> int:
    """When the oldest packet kept is given, by all that is known now."""
    one, status = hold.of[feed], state.status[0]
    if one["known"] >= NEVER or one["playing"]:
        return NEVER
    least = max(one["known"], one["live"] + 3, one["to"] + 1, status["now"])
    early = max(least, status["quiet"] + 1)
    if early <= status["changed"] + 1:  # what a header has changed doesn't show yet
        early = _let(feed, early, status["quiet"], state.session[2], inputs, hold)
        if early <= status["changed"] + 1:
            return early
    if status["doubt"]:
        quiet = max(status["busy"], status["undo"] + 3) + 1
        return _let(feed, max(least, quiet + 1), quiet, state.session[1], inputs, hold)
    if state.open[0] >= 0 or state.open[1] >= 0:
        return NEVER
    quiet = status["busy"] + 1
    return _let(feed, max(least, quiet + 1), quiet, state.session[0], inputs, hold)


@bare
def _let(feed: int, least: int, quiet: int, session: Any, inputs: Inputs, hold: Hold) -> int:
    """When it is, from then on, if mold_merge stays quiet: at once, or as it is released."""
    if not _ahead(feed, session, inputs, hold):
        return least
    known = hold.of[feed]["known"]
    other = hold.of[1 - feed]
    first = known
    if other["known"] < NEVER and _ahead(1 - feed, session, inputs, hold):
        first = min(known, other["known"])
    counts = max(quiet, first) + 1
    cycle = max(counts, known + 1, least - 1)
    for _ in range(6):
        due = _due(cycle, counts + hold.limits[feed_hold.WINDOW], hold)
        cycle = _other(feed, due - 1, inputs, hold)  # the other feed's may come first
        if cycle >= NEVER:
            return NEVER
        if cycle == due:
            break
    return int(cycle + 1)


@bare
def _due(cycle: int, over: int, hold: Hold) -> int:
    """The first from `cycle` on in which a feed is crowded, or the window is over."""
    for later in range(cycle, cycle + 6):
        if later >= over or feed_hold.crowded(hold, later):
            return later
    return max(cycle + 6, over)


@bare
def _other(feed: int, heads: int, inputs: Inputs, hold: Hold) -> int:
    """The first cycle behind `heads` in which the other feed lets this one's be released, by what
    is known of it a cycle before: its oldest packet, that there is one, or one coming in."""
    other, place = hold.of[1 - feed], hold.of[1 - feed]["got"] % hold.limits[feed_hold.ROOM]
    if heads <= other["popped"]:
        return other["popped"] + 2 if _leads(feed, other["last"], inputs, hold) else heads + 1
    if other["put"] != other["got"] and heads > max(other["popped"], hold.ends[1 - feed, place]):
        if heads < other["known"]:
            return int(other["known"] + 1)
        return NEVER if _leads(feed, feed_hold.first(hold, 1 - feed), inputs, hold) else heads + 1
    comes = other["coming"] >= 0 and other["since"] <= heads <= other["until"]
    if comes and _leads(feed, other["coming"], inputs, hold):
        return NEVER if other["until"] >= NEVER else int(other["until"] + 2)
    return heads + 1


@bare
def _leads(feed: int, frame: int, inputs: Inputs, hold: Hold) -> bool:
    """Whether the other feed's frame is to be given before this feed's."""
    mine = inputs.packets[feed_hold.first(hold, feed)]["sequence_number"]
    far = np.int64(inputs.packets[frame]["sequence_number"] - mine)
    return bool(far < 0 or (far == 0 and feed == 1))


@bare
def _ahead(feed: int, session: Any, inputs: Inputs, hold: Hold) -> bool:
    packet = inputs.packets[feed_hold.first(hold, feed)]
    far = np.int64(session["next"] - packet["sequence_number"])
    return bool(_same(packet, session) and far < 0)


@bare
def _until(time: int, inputs: Inputs, state: State, outputs: Outputs) -> None:
    """What happens before that cycle without a header or an end."""
    status = state.status[0]
    undoes = status["doubt"] and status["undo"] < time
    counts = status["waiting_since"] < time
    if counts and not (undoes and status["undo"] < status["waiting_since"]):
        _count(inputs, state, outputs)
    if undoes:
        # What was undone may come again, or shows as a gap: no more than before is missing unsaid.
        _moves(outputs, status["undo"], True, state.session[1])
        # A loss is said a cycle later, once the next number is as it was.
        when = status["undo"] + 1 if status["several"] else status["undo"]
        _mark(outputs, when, GAP if status["several"] else BAD_FRAME)
        mark = outputs.marks[outputs.counts[1] - 1]
        mark["opened"], mark["kept"] = status["began"], status["kept"]
        mark["since"] = status["since"]
        state.session[2] = state.session[0]
        status["viewed"] = status["undo"] + 2
        status["busy"] = max(status["busy"], status["undo"] + 3)
        state.session[0] = state.session[1]
        _follows(outputs, status["undo"], state.session[0])
        state.open[0] = state.open[1] = -1
        status["doubt"], status["undone"] = False, status["undo"]
        if counts:
            _count(inputs, state, outputs)


@bare
def _count(inputs: Inputs, state: State, outputs: Outputs) -> None:
    """The headers that brought nothing: by the session and the packet taken as they are now."""
    session, reach = state.session[0], state.status[0]["reach"]
    for feed in range(2):
        frame = state.uncounted[feed]
        if frame < 0:
            continue
        packet = inputs.packets[frame]
        count = _messages(packet)
        if not _same(packet, session):
            outputs.merge[frame] = _OTHER
            if session["followed"] and not session["ended"]:
                since = state.status[0]["waiting_since"]
                _mark(outputs, since + 2, OTHER_SESSION, True)
                _hears(outputs, state.status[0], since + 4, True)
        elif count:
            covered = packet["sequence_number"] + np.uint64(count) <= reach
            outputs.merge[frame] |= _DUPLICATE if covered else _DROP
        state.uncounted[feed] = -1


@bare
def _ends(
    frame: int, time: int, inputs: Inputs, state: State, hold: Hold, outputs: Outputs
) -> None:
    """A frame ends on the wire."""
    feed = inputs.feed[frame]
    if hold.of[feed]["coming"] == frame and hold.of[feed]["until"] >= NEVER:
        feed_hold.ends(hold, feed, inputs.packets[frame], time)
    else:
        _end(frame, time, inputs, state, outputs)


@bare
def _end(frame: int, time: int, inputs: Inputs, state: State, outputs: Outputs) -> None:
    """What mold_merge sees of one ends."""
    feed, status = inputs.feed[frame], state.status[0]
    if state.open[feed] == frame:
        state.open[feed] = -1
        status["opened"] = time + 1
        status["busy"] = max(status["busy"], time + 1)
        if inputs.packets[frame]["wrong"]:
            status["doubt"], status["undo"] = True, max(time, status["done"])
            if status["done"] > time:  # what goes on stands upon what is wrong
                _mark(outputs, time, GAP, True)


@bare
def _header(
    frame: int,
    time: int,
    shift: int,
    may_gap: bool,
    inputs: Inputs,
    state: State,
    hold: Hold,
    outputs: Outputs,
    late: int,
) -> int:
    """What comes of it. Its beats come `shift` cycles later than they came on the wire."""
    packet, session, status = inputs.packets[frame], state.session[0], state.status[0]
    count, ending = _messages(packet), packet["count"] == END_OF_SESSION
    if _same(packet, state.session[2] if time <= status["viewed"] else session):
        _hears(outputs, status, time + 2, False)
    lately = max(status["undone"] + 1, status["changed"])
    blocked = status["done"] + 1 >= time or status["doubt"] or lately + 1 >= time
    if hold.limits[feed_hold.WINDOW] != 0 and _refused(packet, time, blocked, may_gap, state):
        return _REFUSED
    outputs.merge[frame] = _PACKET if count else _HEARTBEAT
    if blocked:
        state.uncounted[inputs.feed[frame]], status["waiting_since"] = frame, time
        return _IGNORED
    same = _same(packet, session)
    if not same and session["followed"] and not session["ended"]:
        outputs.merge[frame] = _OTHER
        _mark(outputs, time + 2, OTHER_SESSION, True)
        _hears(outputs, status, time + 4, True)
        return _IGNORED
    if same and not _changes(packet, session):
        outputs.merge[frame] |= _DUPLICATE if count else 0
    elif same or not ending:
        _act(frame, time, same, inputs, state, outputs)
        if count:
            _take(packet, shift, inputs, state, outputs, late)
        return _ACTED
    return _IGNORED


@bare
def _refused(packet: Any, time: int, blocked: bool, may_gap: bool, state: State) -> bool:
    """Whether it is to come again: it can't act, but may bring something later."""
    status = state.status[0]
    session = state.session[2] if time <= status["viewed"] else state.session[0]
    ending = packet["count"] == END_OF_SESSION
    if not _same(packet, session):
        return bool(blocked and not ending and (session["ended"] or not session["followed"]))
    beyond = np.int64(session["next"] - packet["sequence_number"]) < 0
    changes = _changes(packet, session)
    if not blocked and changes:
        return bool(beyond and not may_gap)
    opened = state.open[0] >= 0 or state.open[1] >= 0 or time <= status["opened"]
    if opened or time <= status["undone"] + 2:
        reach = packet["sequence_number"] + np.uint64(_messages(packet))
        began = not _same(packet, state.session[1])
        return changes or began or bool(np.int64(reach - state.session[1]["next"]) > 0)
    return changes


@bare
def _changes(packet: Any, session: Any) -> bool:
    """Whether a packet of the session would. Numbers may have gone round."""
    number = packet["sequence_number"]
    beyond = np.int64(session["next"] - number) < 0
    further = np.int64(number + np.uint64(_messages(packet)) - session["next"]) > 0
    ending = packet["count"] == END_OF_SESSION and not session["ended"]
    return bool(beyond or further or ending)


@bare
def _act(frame: int, time: int, same: bool, inputs: Inputs, state: State, outputs: Outputs) -> None:
    """A header that changes something: the session, its end, or what comes next."""
    packet, session, status = inputs.packets[frame], state.session[0], state.status[0]
    number, ending = packet["sequence_number"], packet["count"] == END_OF_SESSION
    beyond = same and np.int64(session["next"] - number) < 0
    late = session["ended"] and not ending if same else number != np.uint64(1)
    others = state.open[0] >= 0 or state.open[1] >= 0
    status["several"] = others or ending or beyond or late
    state.session[2], status["viewed"] = session, time + 1
    status["quiet"] = NEVER if others else status["busy"] + 1
    if not others:
        state.session[1], status["kept"] = session, outputs.counts[0]
        status["since"], status["began"] = outputs.counts[0] + outputs.counts[5], time + 1
    status["busy"] = max(status["busy"], time + 2)
    state.open[inputs.feed[frame]], status["changed"] = frame, time
    if beyond:
        missing = outputs.missing[outputs.counts[2]]
        missing["cycle"], missing["first"] = time + 2, session["next"]
        missing["count"] = number - session["next"]
        outputs.counts[2] += 1
        _mark(outputs, time, GAP)
    session["ended"] = ending
    if ending:
        outputs.merge[frame] = 0
        outputs.counts[3] += 1
        _mark(outputs, time, SESSION_ENDED)
    if late:
        outputs.counts[4] += 1
        if not status["any_start"]:
            _mark(outputs, time, NO_START)
    if not same and (number == 1 or status["any_start"]):
        begun = outputs.begun[outputs.counts[5]]
        begun["cycle"], begun["after"] = time + 1, outputs.counts[0]
        outputs.counts[5] += 1
    session["followed"] = True
    session["high"], session["low"] = packet["session_high"], packet["session_low"]
    _follows(outputs, time, session)
    if not same:
        _hears(outputs, status, time + 2, False)
    if not same or beyond:
        session["next"] = number
        _moves(outputs, time, False, session)
    status["reach"] = number + np.uint64(_messages(packet))


@bare
def _take(
    packet: Any, shift: int, inputs: Inputs, state: State, outputs: Outputs, late: int
) -> None:
    """The packet's messages that are new."""
    session, status = state.session[0], state.status[0]
    status["done"] = packet["end"] + shift
    for index in range(packet["messages"]):
        message = inputs.messages[packet["first"] + index]
        number = packet["sequence_number"] + np.uint64(index)
        if message["last"]:
            status["done"] = message["cycle"] + late + shift
        if np.int64(number - session["next"]) >= 0:
            outputs.messages[outputs.counts[0]] = message
            outputs.messages[outputs.counts[0]]["sequence_number"] = number
            outputs.messages[outputs.counts[0]]["given"] = message["cycle"] + shift
            outputs.counts[0] += 1
            session["next"] = number + np.uint64(1)
    status["busy"] = max(status["busy"], status["done"] + 2)


@bare
def _mark(outputs: Outputs, cycle: int, reason: int, amid: bool = False) -> None:
    mark = outputs.marks[outputs.counts[1]]
    mark["cycle"], mark["reason"] = cycle + 2, reason
    mark["after"], mark["opened"], mark["amid"] = outputs.counts[0], -1, amid
    outputs.counts[1] += 1


@bare
def _moves(outputs: Outputs, cycle: int, undone: bool, session: Any) -> None:
    """What comes next is another message than the one behind the last."""
    moved = outputs.moved[outputs.counts[6]]
    moved["cycle"], moved["undone"] = cycle, undone
    moved["upto"] = session["next"] - np.uint64(1)
    outputs.counts[6] += 1


@bare
def _follows(outputs: Outputs, cycle: int, session: Any) -> None:
    """Which session it is, 2 cycles later."""
    followed = outputs.followed[outputs.counts[7]]
    followed["cycle"], followed["goes_on"] = cycle + 2, session["followed"] and not session["ended"]
    followed["high"], followed["low"] = session["high"], session["low"]
    outputs.counts[7] += 1


@bare
def _hears(outputs: Outputs, status: Any, cycle: int, other: bool) -> None:
    """A packet of another session, or of the one that is followed: what that makes known, and when;
    of both at once, the other's."""
    if not other and (not status["elsewhere"] or cycle <= status["heard"]):
        return
    elsewhere = outputs.elsewhere[outputs.counts[8]]
    elsewhere["cycle"], elsewhere["heard"] = cycle, other
    outputs.counts[8] += 1
    status["elsewhere"], status["heard"] = other, cycle


@bare
def _messages(packet: Any) -> int:
    return 0 if packet["count"] == END_OF_SESSION else int(packet["count"])


@bare
def _same(packet: Any, session: Any) -> bool:
    return bool(
        session["followed"]
        and packet["session_high"] == session["high"]
        and packet["session_low"] == session["low"]
    )
