"""The orders of `make sim`: each byte and cycle on the way out, and what the session refuses."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from hwtools.toolchain import ToolError
from sim.lib import ouch_reader
from sim.run_path import frames as order_frames
from sim.run_path.frames import LENGTH, session
from sim.run_path.judge import WAY_OUT
from sim.run_path.orders import judged
from sim.run_path.orders import settings as order_settings
from sim.run_path.report import notes, verdicts
from sim.run_path.run import Run, play
from tickwire.board.virtual.core import Core
from tickwire.board.virtual.desk import Desk
from tickwire.explain import last_run
from tickwire.explain.message import explain
from tickwire.gen.records import (
    Act,
    Reason,
)


def test_each_order_has_its_cycle_and_its_bytes(run: Run) -> None:
    """And one that left a cycle later, or with another byte, or that nobody sent, is seen."""
    assert {name: set(run.stages.cycles[name].tolist()) for name in WAY_OUT} == {
        "order": {4}, "wire": {1}, "frame": {2, *run.stages.cycles["frame"].tolist()}
    }  # fmt: skip
    said = Desk(run.commands, session())
    makes = order_settings(run.day.registers, run.plan.shares)
    cycles, raw = run.observed.messages_sent
    market = run.received.market
    for wrong in ((cycles + 1, raw), (cycles, raw ^ (np.arange(47) == 40)), (cycles[1:], raw[1:])):
        observed = replace(run.observed, messages_sent=wrong)
        order, wire, _ = judged(observed, run.expected, market, said, makes, 64).levels
        assert not order.mismatches and wire.mismatches and wire.first is not None
    cut = tuple(part[:0] for part in run.observed.records["heard_bytes"])
    unheard = {**run.observed.records, "heard_bytes": cut}  # all of them would be open
    observed = replace(run.observed, records=unheard)
    assert judged(observed, run.expected, market, said, makes, 64).levels[0].mismatches
    for stop in (~np.uint32(0), np.uint32(0)):  # the core may not stop more than its books do
        when, shown = run.observed.records["stops"]
        always = np.full(len(shown), stop, ">u4").view(np.uint8).reshape(-1, 4)
        records = {**run.observed.records, "stops": (when, always)}
        told = judged(replace(run.observed, records=records), run.expected, market, said, makes, 64)
        assert not told.levels[0].mismatches  # what the books say holds: the RTL's was no other
    with pytest.raises(ToolError, match="other ones echoed"):
        judged(run.observed, run.expected, market, Desk(run.commands[1:]), makes, 64)


def test_each_frame_has_its_cycle_and_its_bytes(run: Run) -> None:
    """Of an order's: each byte, when it begins, that it's there, once, and in its turn."""
    said = Desk(run.commands, session())
    makes = order_settings(run.day.registers, run.plan.shares)
    frames = run.observed.frames
    orders = np.flatnonzero(frames["length"] == LENGTH)
    assert {64, LENGTH} == set(frames["length"].tolist()) and len(orders) > 20
    one, other = orders[7], orders[8]
    wrong = dict[str, Any]()
    for byte in range(LENGTH):
        wrong[f"byte {byte}"] = changed = frames.copy()
        changed["bytes"][one, byte] ^= 1
    wrong["late"] = late = frames.copy()
    late["cycle"][one] += 1
    wrong["lacking"], wrong["twice"] = np.delete(frames, one), np.insert(frames, one, frames[one])
    wrong["swapped"] = swapped = frames.copy()
    swapped["bytes"][[one, other]] = swapped["bytes"][[other, one]]
    for name, seen in wrong.items():
        observed = replace(run.observed, frames=seen)
        levels = judged(observed, run.expected, run.received.market, said, makes, 64).levels
        assert not levels[1].mismatches and levels[2].mismatches, name


def test_others_read_the_frames(run: Run) -> None:
    """scapy the frame, with checksums of its own; Nasdaq's library the packet and the order."""
    sent, bare, stream = 0, 0, b""
    for one in run.observed.frames:
        raw = one["bytes"][: one["length"]].tobytes()
        seen = Ether(raw[:-4])
        assert raw[-4:] == zlib.crc32(raw[:-4]).to_bytes(4, "little")
        assert not seen[IP].options and not seen[TCP].options
        number = (int(session()["next_byte"][0]) + len(stream)) % (1 << 32)
        assert seen[TCP].seq == number
        if seen[IP].len == 40:
            bare += 1
            assert seen[TCP].flags == "A" and raw[54:-4] == bytes(6)
        else:
            sent += 1
            assert seen[TCP].flags == "PA"
            stream += bytes(seen[TCP].payload)
        told = seen[IP].chksum, seen[TCP].chksum
        del seen[IP].chksum, seen[TCP].chksum
        again = Ether(bytes(seen))
        assert told == (again[IP].chksum, again[TCP].chksum)
    read = ouch_reader.orders(stream)
    assert read == [ouch_reader.asked(one) for one in run.ordered.expected.orders]
    assert len(read) == sent > 20 and bare > 20


def test_a_core_without_the_session_takes_none(run: Run) -> None:
    core = Core(64, run.network.sources, link=False)
    with pytest.raises(ToolError, match="no session where LINK is 0"):
        core.run(run.traffic, [], desk=Desk((), session()))


def test_what_the_session_refuses_is_the_gates_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A venue that takes one order at a time: who comes before it has answered is refused, and
    frees its shares."""
    narrow = session()
    narrow["window"] = 60
    monkeypatch.setattr(order_frames, "session", lambda: narrow)
    held = play(replace(run.plan, folder=tmp_path))
    assert held.mismatches == 0
    refused = len(held.observed.refused[0])
    assert 0 < refused == held.counters["link_orders_held"][1] < len(held.ordered.left)
    assert verdicts(held)["refused, by the session"] == refused
    observed = replace(held.observed, refused=tuple(part[1:] for part in held.observed.refused))
    said = Desk(held.commands, narrow)
    makes = order_settings(held.day.registers, held.plan.shares)
    levels = judged(observed, held.expected, held.received.market, said, makes, 64).levels
    assert levels[2].mismatches
    number = held.ordered.expected.orders[
        ~np.isin(np.arange(len(held.ordered.expected.orders)), held.ordered.left)
    ]["sequence_number"][0]
    (one,) = explain(last_run.read(tmp_path), int(number))["signals"]
    assert one["order"]["message"] and one["order"]["frame"] is None


def test_a_gate_that_dies_of_silence_cancels(run: Run, tmp_path: Path) -> None:
    """A host that is silent for longer than its limits bear: what the gate sends then is the last
    of the line, and a byte of it that is wrong, or its lack, is seen."""
    beats = [cycle for cycle, one in run.commands if one.act == Act.BEAT]
    middle = int(np.median(run.ordered.expected.sent))
    last = max(cycle for cycle in beats if cycle < middle)
    apart = max(two - one for one, two in pairwise(beats) if two <= last)
    silence = max(apart, middle - last) + 1
    text = Path(str(run.plan.limits)).read_text()
    limits = tmp_path / "silent.toml"
    limits.write_text(re.sub(r"(?m)^silence = .*$", f"silence = {silence}", text))
    dead = play(replace(run.plan, folder=tmp_path / "run", limits=limits))
    first = dead.ordered.expected.cancels
    assert dead.mismatches == 0 and first is not None
    assert dead.counters["link_cancels"][1] == 2
    assert 0 < len(dead.ordered.left) < len(run.ordered.left)
    (disable, cancel) = order_frames.seen(dead.observed)[-2:]["bytes"]
    assert disable[56:62].tobytes() == b"UD" + first.to_bytes(4, "big")
    assert cancel[56:62].tobytes() == b"UC" + (first + 1).to_bytes(4, "big")
    said = Desk(dead.commands, session())
    makes = order_settings(dead.day.registers, dead.plan.shares)
    last = np.flatnonzero(dead.observed.frames["length"] > 64)[-1]
    other, fewer = dead.observed.frames.copy(), np.delete(dead.observed.frames, last)
    other["bytes"][last, 60] ^= 1
    for wrong in (other, fewer):
        observed = replace(dead.observed, frames=wrong)
        levels = judged(observed, dead.expected, dead.received.market, said, makes, 64).levels
        assert levels[2].mismatches


def test_a_day_without_limits_trades_nothing(run: Run, tmp_path: Path) -> None:
    plan = replace(run.plan, folder=tmp_path, limits=None)
    idle = play(plan)
    assert idle.mismatches == 0 and idle.levels[-3].compared == run.levels[-3].compared > 20
    assert not len(idle.observed.messages_sent[0])
    assert "No limits file: nothing may be traded" in " ".join(notes(idle))
    assert set(idle.observed.rows("decisions")["reason"].tolist()) == {Reason.KILLED}
    assert idle.failed["killed"] == idle.failed["disarmed"] == idle.levels[-3].compared


def test_limits_of_other_instruments_are_said(run: Run) -> None:
    day = replace(run.day, symbols=("XXXX", *run.day.symbols[1:]))
    text = " ".join(notes(replace(run, day=day)))
    assert "slot 0 is XXXX here, and AAAA in limits.toml: none of its orders may pass" in text
    assert "none of its orders" not in " ".join(notes(run))
