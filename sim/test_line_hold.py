"""Bench of line_hold: a feed's packets as mold_rx says them, and a mold_merge that acts, refuses
and is quiet as it likes."""

from __future__ import annotations

import random
import struct
from collections import Counter
from collections.abc import Iterator
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.line_hold import BEAT, HEADER, MODULO, THROUGH, LineHold
from sim.golden.mold_rx import END_OF_SESSION
from sim.lib.bench import JudgeBeside, Ports, start
from sim.lib.runner import run
from sim.stimulus import feed

SESSIONS = (b"TICKWIRE01", b"TICKWIRE02")
BEATS = {8: 512, 64: 64}
FIRST = MODULO - 300  # the numbers go round
LATE = 1 << 16
QUIET_INPUTS = ("clear", "acted", "refused", "released")


def payloads(rng: random.Random, packets: int) -> list[bytes]:
    """Of either session: messages, heartbeats, ends."""
    made = []
    for packet in range(packets):
        sizes = [rng.choice((3, 8, 9, 12, 30)) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
        body = b"".join(struct.pack(">H", size) + rng.randbytes(size) for size in sizes)
        count = END_OF_SESSION if rng.random() < 0.05 else len(sizes)
        number = (FIRST + 4 * packet) % MODULO
        made.append(rng.choice((*SESSIONS, *SESSIONS[:1] * 6)) + struct.pack(">QH", number, count))
        made[-1] += b"" if count == END_OF_SESSION else body
    return made


def wire(rng: random.Random, packets: int, lanes: int) -> Iterator[dict[str, int]]:
    """What mold_rx says, by line_hold's ports; a frame's cycles now and then too far apart."""
    held, cycle, frame, far = dict[str, int](), rng.getrandbits(48), 0, 0
    said = (
        line
        for payload in payloads(rng, packets)
        for line in (
            *feed.said([payload], lanes, rng, 0.15),
            *[{}] * rng.choice((0, 0, 0, 5, 60)),
        )
    )
    for line in said:
        cycle = (cycle + 1) % (1 << 48)
        if line.get("header"):
            held = {name: line[name] for name in (*HEADER, "reach")}
            frame = (cycle - rng.choice((70, 300, LATE - 40))) % (1 << 48)
            far = rng.choice((0,) * 20 + (LATE,))
        ports = {"header": line.get("header", 0)} | dict.fromkeys((*HEADER, "reach"), 0) | held
        for name in (*BEAT, *THROUGH):
            if name != "reach":
                ports[name] = line.get(f"m_{name}", 0)
        ports["cycle"], ports["frame_cycle"] = (cycle + far) % (1 << 48), frame
        yield {f"s_{name}": value for name, value in ports.items()}


class Merge:
    """It acts, refuses, ignores; is quiet, except from a header that acted to the packet's end."""

    def __init__(self, rng: random.Random, eager: float) -> None:
        self.rng, self.eager, self.busy, self.next = rng, eager, 0, FIRST
        self.waits = 0  # cycles in which all is ahead
        self.met: Counter[str] = Counter()

    def answers(self, header: int, end: int, number: int, giving: bool) -> dict[str, int]:
        """In the cycle after. `giving`: a kept packet that acted is being given."""
        rng = self.rng
        self.busy = 2 if end else max(self.busy - 1, 0)
        weights = self.eager, 1 - 0.8 * self.eager, 0.1
        answer = rng.choices(("acted", "refused", ""), weights)[0] if header else ""
        self.met[answer] += 1
        if header:
            self.next = (number + rng.choice((-9, -1, 0, 0, 1, 5))) % MODULO
        if answer == "acted":
            self.busy = rng.choice((4, 30, 200))
        line = dict.fromkeys(QUIET_INPUTS, 0) | {"quiet": int(not self.busy), "next": self.next}
        line |= {"followed": 1, "session": int.from_bytes(SESSIONS[0], "big")}
        self.waits = max(self.waits - 1, 0) or 1500 * (rng.random() < 0.0005)
        if self.waits:
            line |= {"next": (FIRST - 1) % MODULO, "refused": header} | dict.fromkeys(("acted",), 0)
        line["released"] = int(not self.waits and rng.random() < 0.02)
        line["clear"] = int(rng.random() < (0.02 if giving else 0.0002))
        return line | ({answer: 1} if answer and not self.waits else {})


@cocotb.test()
@cocotb.parametrize(eager=[0.1, 1.0])
async def every_packet_in_its_turn(dut: Any, eager: float) -> None:
    rng, lanes = random.Random(f"{cocotb.RANDOM_SEED} {eager}"), len(dut.s_axis_tdata) // 8
    model = LineHold(int(dut.BEATS.value), int(dut.PACKETS.value))
    judge, merge, ports = JudgeBeside(dut, model), Merge(rng, eager), Ports(dut)
    names = ("header", *HEADER, *BEAT, *THROUGH)
    idle = {f"s_{name}": 0 for name in names}
    ports.write(idle | dict.fromkeys(QUIET_INPUTS, 0))
    ports.write({"quiet": 1, "followed": 0, "session": 0, "next": 0})
    await start(dut)
    edges, met = 0, Counter[str]()
    for line in (*wire(rng, 700, lanes), *[idle] * 2000):
        await RisingEdge(dut.clk)
        header, end = ports.read("m_header"), ports.read("m_end")
        number = ports.read("m_sequence_number")
        ports.write(line | merge.answers(header, end, number, model.acts))
        met["crowded"] += ports.read("crowded")
        met["ahead"] += ports.read("head") & ports.read("head_ahead")
        edges += 1
    judge.done(at_least=edges)
    assert model.kept > 60 and model.gave > 10 and met["ahead"] > 20, (model.kept, model.gave, met)
    assert model.cuts > 0 and model.left_out > 3 and met["crowded"] > 20, (model.left_out, met)


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("packets", [4, 16])
def test_line_hold(width: int, packets: int) -> None:
    run("line_hold", W=width, BEATS=BEATS[width], PACKETS=packets)
