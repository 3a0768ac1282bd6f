"""The judge of the A/B merge: each rule, fuzzed frames through the host's replay, its catches."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from sim.checks import mutants
from sim.lib import runner
from sim.lib.merge_frames import judge
from sim.lib.merge_rules import END_OF_SESSION, LATE, MergeRules, Packet, RuleError
from sim.stimulus import fuzz
from tickwire.replay.feed import Received, receive
from tickwire.replay.feed_merge import BAD_FRAME, GAP
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames
from tickwire.wire.traffic import Traffic

ONE, TWO = b"SESSION  1", b"SESSION  2"


def packet(number: int, count: int, session: bytes = ONE) -> Packet:
    whole = 0 if count == END_OF_SESSION else count
    return Packet(session, number, count, [b"%d" % (number + at) for at in range(whole)])


class Merge(MergeRules):
    """With a packet told in one go, and a report of each session, which here is joined anywhere."""

    def begins(self, packet: Packet) -> None:
        super().begins(packet)
        if all(LATE in world.owed for world in self.worlds):
            self.reports_late_join()

    def takes(self, one: Packet, *numbers: int, wrong: bool = False) -> None:
        """It comes alone, and these of its messages are delivered."""
        self.begins(one)
        self.gives(one, *numbers)
        self.ends(one, wrong)

    def gives(self, one: Packet, *numbers: int) -> None:
        for number in numbers:
            self.delivers(one, number, b"%d" % number)


# -- Each rule -------------------------------------------------------------------------------------


def test_each_message_once_and_in_order() -> None:
    merge = Merge()
    merge.takes(packet(5, 3), 5, 6, 7)
    merge.settles()
    merge.takes(packet(5, 3))  # the other feed's copy
    merge.takes(packet(6, 4), 8, 9)
    merge.settles()
    with pytest.raises(RuleError, match="message 9 is delivered: it is of packet 9"):
        merge.takes(packet(9, 1), 9)


def test_what_comes_in_time_is_delivered_whole() -> None:
    merge = Merge()
    with pytest.raises(RuleError, match="its message 6 wasn't delivered"):
        merge.takes(packet(5, 3), 5)
    merge = Merge()
    merge.takes(packet(5, 1), 5)
    merge.settles()
    with pytest.raises(RuleError, match="its message 6 wasn't delivered"):
        merge.takes(packet(6, 1))
    merge = Merge()
    cut = packet(5, 3)
    del cut.messages[2]
    merge.takes(cut, 5, 6, wrong=False)  # it has less than it says


def test_nothing_is_invented() -> None:
    merge, one = Merge(), packet(5, 2)
    merge.begins(one)
    for number, message in ((5, b"other"), (7, b"7"), (4, b"4")):
        with pytest.raises(RuleError, match="it isn't what packet"):
            merge.delivers(one, number, message)
    with pytest.raises(RuleError, match="the next message is 5"):
        merge.delivers(one, 6, b"6")


def test_a_gap_is_reported_with_its_messages() -> None:
    merge = Merge()
    merge.takes(packet(5, 1), 5)
    merge.settles()
    with pytest.raises(RuleError, match="what is to be reported is nothing"):
        merge.reports_gap(6, 1)
    merge.begins(packet(9, 0))  # a heartbeat shows it as well
    with pytest.raises(RuleError, match=r"what is to be reported is \[\(6, 3\)\]"):
        merge.reports_gap(6, 2)
    with pytest.raises(RuleError, match=r"\(6, 3\) wasn't reported"):
        merge.settles()
    merge.reports_gap(6, 3)
    merge.settles()
    merge.takes(packet(6, 3))  # it comes too late


def test_a_late_join_is_reported() -> None:
    for number in (0, 2, 1 << 63):
        for count in (0, 2):  # a heartbeat shows it as well
            rules = MergeRules()
            rules.begins(packet(number, count))
            with pytest.raises(RuleError, match="a session joined late wasn't reported"):
                rules.settles()
            rules.reports_late_join()
    rules = MergeRules()
    rules.begins(packet(1, 2))
    with pytest.raises(RuleError, match="what is to be reported is nothing"):
        rules.reports_late_join()


def test_another_session_is_reported() -> None:
    merge = Merge()
    merge.takes(packet(5, 1), 5)
    merge.settles()
    with pytest.raises(RuleError, match="no other session sends"):
        merge.reports_other_session()
    merge.takes(packet(1, 1, TWO))
    with pytest.raises(RuleError, match="another session sends wasn't reported"):
        merge.settles()
    merge.reports_other_session()
    merge.settles()
    merge.takes(packet(6, END_OF_SESSION))
    merge.reports_end()
    merge.settles()
    merge.takes(packet(1, 1, TWO), 1)  # now it may come
    merge.settles()
    merge.takes(packet(2, 1, ONE))
    with pytest.raises(RuleError, match="another session sends wasn't reported"):
        merge.settles()


def test_one_packet_at_a_time() -> None:
    """While A's is taken, B's brings nothing; just after it, it may; later it must."""
    a, b = packet(5, 2), packet(7, 1)
    merge = Merge()
    merge.begins(a)
    merge.gives(a, 5)
    merge.begins(b)
    merge.gives(a, 6)
    with pytest.raises(RuleError, match="message 7 is delivered: it is of packet 7"):
        merge.gives(b, 7)
    for taken in (True, False):
        merge = Merge()
        merge.begins(a)
        merge.gives(a, 5, 6)
        merge.begins(b)
        assert len(merge.worlds) == 3  # left out, or taken, before A's frame ended or after
        merge.gives(b, *[7] * taken)
        merge.ends(a, wrong=False)
        merge.ends(b, wrong=False)
        merge.settles()
        assert {world.next for world in merge.worlds} == {8 if taken else 7}
    merge = Merge()
    merge.begins(a)
    merge.gives(a, 5, 6)
    merge.settles()
    merge.begins(b)
    merge.ends(a, wrong=False)
    merge.settles()
    with pytest.raises(RuleError, match="its message 7 wasn't delivered"):
        merge.ends(b, wrong=False)


@pytest.mark.parametrize(("number", "alone"), [(6, True), (90, False)])
def test_what_a_wrong_frame_did_is_undone(number: int, alone: bool) -> None:
    """If it made a gap, as a loss."""
    merge = Merge()
    merge.takes(packet(5, 1), 5)
    merge.settles()
    wrong = packet(number, 2)
    merge.begins(wrong)
    if not alone:
        merge.reports_gap(6, 84)
    merge.gives(wrong, number)
    del wrong.messages[1]
    merge.ends(wrong, wrong=True)
    with pytest.raises(RuleError, match="wasn't undone"):
        merge.settles()
    with pytest.raises(RuleError, match="packets had done something"):
        merge.undoes(alone=not alone)
    merge.undoes(alone=alone)
    merge.settles()
    merge.takes(packet(6, 1), 6)
    with pytest.raises(RuleError, match="no frame was wrong"):
        merge.undoes(alone=True)


def test_a_right_frame_is_undone_with_a_wrong_one() -> None:
    merge, wrong, right = Merge(), packet(5, 2), packet(7, 2)
    merge.begins(wrong)
    merge.gives(wrong, 5, 6)
    merge.settles()
    merge.begins(right)
    merge.gives(right, 7)
    merge.ends(wrong, wrong=True)
    with pytest.raises(RuleError, match="isn't done"):
        merge.undoes(alone=False)
    merge.gives(right, 8)
    with pytest.raises(RuleError, match="went on upon a wrong frame's wasn't reported"):
        merge.undoes(alone=False)
    merge.reports_standing()
    with pytest.raises(RuleError, match="no packet goes on upon a wrong frame's"):
        merge.reports_standing()
    with pytest.raises(RuleError, match="several packets had done something"):
        merge.undoes(alone=True)
    merge.undoes(alone=False)
    merge.ends(right, wrong=False)
    merge.settles()
    merge.takes(packet(5, 2), 5, 6)


def test_a_session_is_followed_to_its_end() -> None:
    merge = Merge()
    merge.takes(packet(5, 1), 5)
    merge.settles()
    merge.takes(packet(1, 1, TWO))
    merge.reports_other_session()
    merge.begins(packet(6, END_OF_SESSION))
    with pytest.raises(RuleError, match="the end of the session wasn't reported"):
        merge.settles()
    merge.reports_end()
    merge.settles()
    merge.takes(packet(1, 1, TWO), 1)


def test_numbers_go_round() -> None:
    merge, last = Merge(), 2**64 - 1
    merge.takes(packet(last, 1), last)
    merge.settles()
    merge.takes(packet(0, 1), 0)


# -- Fuzzed frames through the host's replay -------------------------------------------------------


@pytest.mark.parametrize("width", [8, 64])
def test_fuzzed_frames_are_merged_by_the_rules(width: int) -> None:
    made = fuzz.fuzz(21, 4_000, width)
    received = receive(made.traffic, fuzz.REGISTERS, width)
    met = judge(made.traffic, received, fuzz.REGISTERS, width).met
    assert met["delivered"] == len(received.messages) > 4_000 and met["packets"] > 3_500
    assert met["gaps"] == len(received.missing) > 200 and met["undone"] > 80
    assert met["wrong"] > 150 and met["undecided"] < met["packets"] // 50


@lru_cache(maxsize=None)
def short(width: int) -> tuple[Traffic, Received]:
    traffic = fuzz.fuzz(22, 600, width).traffic
    received = receive(traffic, fuzz.REGISTERS, width)
    judge(traffic, received, fuzz.REGISTERS, width)
    return traffic, received


def _left_out(received: Received, row: int, _: int) -> Received:
    return replace(received, messages=np.delete(received.messages, row))


def _twice(received: Received, row: int, _: int) -> Received:
    return replace(received, messages=np.insert(received.messages, row, received.messages[row]))


def _renumbered(received: Received, row: int, _: int) -> Received:
    messages = received.messages.copy()
    messages["sequence_number"][row] += 1
    return replace(received, messages=messages)


def _shifted(received: Received, row: int, _: int) -> Received:
    messages = received.messages.copy()
    messages["at"][row] += 1
    return replace(received, messages=messages)


def _miscounted(received: Received, _: int, row: int) -> Received:
    missing = received.missing.copy()
    missing["count"][row] += 1
    return replace(received, missing=missing)


def _unreported(received: Received, _: int, row: int) -> Received:
    at = np.flatnonzero(received.marks["cycle"] == received.missing["cycle"][row])
    marks = np.delete(received.marks, at)
    return replace(received, missing=np.delete(received.missing, row), marks=marks)


def _kept(received: Received, _: int, row: int) -> Received:
    """What a wrong frame did."""
    at = np.flatnonzero(received.marks["reason"] == BAD_FRAME)[row]
    return replace(received, marks=np.delete(received.marks, at))


def _as_a_loss(received: Received, _: int, row: int) -> Received:
    marks = received.marks.copy()
    marks["reason"][np.flatnonzero(marks["reason"] == BAD_FRAME)[row]] = GAP
    return replace(received, marks=marks)


@pytest.mark.parametrize(
    "doctor",
    [_left_out, _twice, _renumbered, _shifted, _miscounted, _unreported, _kept, _as_a_loss],
)
@pytest.mark.parametrize("width", [8, 64])
def test_a_doctored_delivery_is_caught(
    width: int, doctor: Callable[[Received, int, int], Received]
) -> None:
    traffic, received = short(width)
    shown = np.flatnonzero(received.messages["length"] > 8)
    for row in (3, 6, 9):
        doctored = doctor(received, int(shown[30 * row]), row)
        with pytest.raises(RuleError):
            judge(traffic, doctored, fuzz.REGISTERS, width)


# -- In RTL ----------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("name", ["mold_merge_seen_off_by_one", "mold_merge_bad_number_kept"])
def test_a_fault_in_the_rtl_is_caught_by_rules_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCOTB_TEST_FILTER", "by_rules_alone")
    mutant = mutants.load(name)
    assert mutant.bench is not None
    with pytest.raises(runner.BenchError, match="by_rules_alone"):
        runner.run("mold_merge", hw=mutants.apply(mutant), **mutant.bench)


@pytest.mark.parametrize("width", [8, 64])
def test_what_was_undone_is_not_missing(width: int) -> None:
    """A wrong end of session, far ahead: a gap up to there, and then, undone, nothing beyond what
    had come: so a snapshot of just that can be trusted."""
    end = fuzz.SESSION + struct.pack(">QH", 10_000, END_OF_SESSION)
    right, wrong = frames(Chunks.of([fuzz.payload(1, [bytes(12)]), end]), fuzz.FLOWS[0])
    sent = [right, wrong[:-1] + bytes([wrong[-1] ^ 1])]
    received = receive(Traffic.of(Chunks.of(sent), width), fuzz.REGISTERS, width)
    upto = [(int(mark["reason"]), int(mark["upto"])) for mark in received.marks]
    assert (GAP, 9_999) in upto and upto[-1] == (GAP, 1)
