"""Both feeds' packets to one stream of messages, compiled: each message once and in order.

Written from the header paragraph of mold_merge; `sim/lib/merge_rules.py` judges it without a cycle.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.gen.records import Reason
from tickwire.replay.feed_frames import END_OF_SESSION

Array = npt.NDArray[Any]

# What a packet's header counts as: bits. The counters have the same names.
MERGE = ("packets", "heartbeats", "duplicates", "other_session", "feed_drops")
_PACKET, _HEARTBEAT, _DUPLICATE, _OTHER, _DROP = (1 << bit for bit in range(len(MERGE)))
# Marks, what op_gate gets beside operations: why slots are stale, every one but for BAD_FRAME.
GAP, SESSION_ENDED, BAD_FRAME = int(Reason.GAP), int(Reason.SESSION_ENDED), int(Reason.BAD_FRAME)
NO_START, OTHER_SESSION = int(Reason.NO_START), int(Reason.OTHER_SESSION)
_NEVER = 1 << 62

# `upto`: the newest number of what may be missing; `after`: messages of this call before it.
MARK = np.dtype(
    [("cycle", np.int64), ("reason", np.uint8), ("upto", np.uint64), ("after", np.int64)]
)
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
STATUS = np.dtype(
    [
        ("reach", np.uint64),  # of the packet taken last
        ("done", np.int64),  # when the packet taken is
        ("changed", np.int64),  # when a header last did anything
        ("several", np.bool_),  # open frames did something since there was none
        ("doubt", np.bool_),  # one of them ended wrong
        ("undo", np.int64),  # when all is undone then
        ("undone", np.int64),  # when all was
        ("waiting_since", np.int64),
    ]
)


class State(NamedTuple):
    """What is known between frames. `session`: as it is, and as it was before any frame was open.
    By feed: the `open` frame, and the frame whose header brought nothing and is yet `uncounted`."""

    session: Array
    status: Array
    open: Array
    uncounted: Array

    @classmethod
    def reset(cls) -> State:
        status = np.zeros(1, STATUS)
        status["done"] = -1
        status["changed"] = status["undone"] = -9
        return cls(np.zeros(2, SESSION), status, np.full(2, -1), np.full(2, -1))


class Inputs(NamedTuple):
    """Headers and ends of frames in order of time; of each frame its feed and what is in it."""

    frame: Array
    is_header: Array
    feed: Array
    packets: Array
    messages: Array


class Outputs(NamedTuple):
    """`merge` by frame; the others in order, of which `counts` says how many there are: messages,
    marks, gaps; and how often a session ended."""

    merge: Array
    messages: Array
    marks: Array
    missing: Array
    counts: Array


@compiled
def merge_feeds(inputs: Inputs, state: State, outputs: Outputs, late: int) -> None:
    """`late`: cycles from a message's last byte until mold_merge is through with it."""
    for row in range(len(inputs.frame)):
        frame = inputs.frame[row]
        header = inputs.is_header[row]
        time = inputs.packets[frame]["header"] if header else inputs.packets[frame]["end"]
        _until(time, inputs, state, outputs)
        if header:
            _header(frame, time, inputs, state, outputs, late)
        else:
            _end(frame, time, inputs, state)
    _until(_NEVER, inputs, state, outputs)


@bare
def _until(time: int, inputs: Inputs, state: State, outputs: Outputs) -> None:
    """What happens before that cycle without a header or an end."""
    status = state.status[0]
    undoes = status["doubt"] and status["undo"] < time
    counts = status["waiting_since"] < time
    if counts and not (undoes and status["undo"] < status["waiting_since"]):
        _count(inputs, state, outputs)
    if undoes:
        upto = state.session[0]["next"] - np.uint64(1)
        _mark(outputs, status["undo"], GAP if status["several"] else BAD_FRAME, upto)
        state.session[0] = state.session[1]
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
                upto = session["next"] - np.uint64(1)
                _mark(outputs, state.status[0]["waiting_since"] + 2, OTHER_SESSION, upto)
        elif count:
            covered = packet["sequence_number"] + np.uint64(count) <= reach
            outputs.merge[frame] |= _DUPLICATE if covered else _DROP
        state.uncounted[feed] = -1


@bare
def _end(frame: int, time: int, inputs: Inputs, state: State) -> None:
    feed, status = inputs.feed[frame], state.status[0]
    if state.open[feed] == frame:
        state.open[feed] = -1
        if inputs.packets[frame]["wrong"]:
            status["doubt"], status["undo"] = True, max(time, status["done"])


@bare
def _header(
    frame: int, time: int, inputs: Inputs, state: State, outputs: Outputs, late: int
) -> None:
    packet, session, status = inputs.packets[frame], state.session[0], state.status[0]
    count, ending = _messages(packet), packet["count"] == END_OF_SESSION
    outputs.merge[frame] = _PACKET if count else _HEARTBEAT
    lately = max(status["undone"] + 1, status["changed"])
    if status["done"] + 1 >= time or status["doubt"] or lately + 1 >= time:
        state.uncounted[inputs.feed[frame]], status["waiting_since"] = frame, time
        return
    same = _same(packet, session)
    if not same and session["followed"] and not session["ended"]:
        outputs.merge[frame] = _OTHER
        _mark(outputs, time + 2, OTHER_SESSION, session["next"] - np.uint64(1))
        return
    # numbers may have gone round
    beyond = np.int64(session["next"] - packet["sequence_number"]) < 0
    reaches = packet["sequence_number"] + np.uint64(count)
    further = np.int64(reaches - session["next"]) > 0
    if same and not (beyond or further or (ending and not session["ended"])):
        outputs.merge[frame] |= _DUPLICATE if count else 0
    elif same or not ending:
        _act(frame, time, same, inputs, state, outputs)
        if count:
            _take(packet, inputs, state, outputs, late)


@bare
def _act(frame: int, time: int, same: bool, inputs: Inputs, state: State, outputs: Outputs) -> None:
    """A header that changes something: the session, its end, or what comes next."""
    packet, session, status = inputs.packets[frame], state.session[0], state.status[0]
    number = packet["sequence_number"]
    status["several"] = state.open[0] >= 0 or state.open[1] >= 0
    if not status["several"]:
        state.session[1] = session
    state.open[inputs.feed[frame]], status["changed"] = frame, time
    beyond = np.int64(session["next"] - number) < 0
    if same and beyond:
        missing = outputs.missing[outputs.counts[2]]
        missing["cycle"], missing["first"] = time + 2, session["next"]
        missing["count"] = number - session["next"]
        outputs.counts[2] += 1
        _mark(outputs, time, GAP, number - np.uint64(1))
    session["ended"] = packet["count"] == END_OF_SESSION
    if session["ended"]:
        outputs.merge[frame] = 0
        outputs.counts[3] += 1
        _mark(outputs, time, SESSION_ENDED, np.uint64(0))
    if not same and number != np.uint64(1):
        _mark(outputs, time, NO_START, number - np.uint64(1))
    session["followed"] = True
    session["high"], session["low"] = packet["session_high"], packet["session_low"]
    if not same or beyond:
        session["next"] = number
    status["reach"] = number + np.uint64(_messages(packet))


@bare
def _take(packet: Any, inputs: Inputs, state: State, outputs: Outputs, late: int) -> None:
    """The packet's messages that are new."""
    session, status = state.session[0], state.status[0]
    status["done"] = packet["end"]
    for index in range(packet["messages"]):
        message = inputs.messages[packet["first"] + index]
        number = packet["sequence_number"] + np.uint64(index)
        if message["last"]:
            status["done"] = message["cycle"] + late
        if np.int64(number - session["next"]) >= 0:
            outputs.messages[outputs.counts[0]] = message
            outputs.messages[outputs.counts[0]]["sequence_number"] = number
            outputs.counts[0] += 1
            session["next"] = number + np.uint64(1)


@bare
def _mark(outputs: Outputs, cycle: int, reason: int, upto: np.uint64) -> None:
    mark = outputs.marks[outputs.counts[1]]
    mark["cycle"], mark["reason"] = cycle + 2, reason
    mark["upto"], mark["after"] = upto, outputs.counts[0]
    outputs.counts[1] += 1


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
