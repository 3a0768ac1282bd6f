"""A bench of order_link against TCP stacks that no one here wrote (`sim/lib/stacks.py`), over lines
that lose, double, reorder and spoil.

The connection is opened as a host does, and handed over; what is compared is what the stack has
read and said. +stack names it, +rounds says for how long.
"""

from __future__ import annotations

import random
import time
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.order_link import ENDS, messages
from sim.golden.ouch_decode import LONGEST
from sim.lib.bench import figure, start
from sim.lib.stacks import StackPeer
from sim.stimulus.segments import WORD
from sim.test_order_link import LINES, World, said

PATIENCE = 200  # seconds: a stack's own clocks go by the wall, and double
ROUGH = {"lost": 0.05, "doubled": 0.1, "late": 0.2, "spoiled": 0.05}


class Stack(World):
    """A world whose peer is such a stack: the one that +stack names."""

    peer: StackPeer  # type: ignore[assignment]

    async def connect(self, small: bool = False) -> None:
        self.peer = StackPeer(str(cocotb.plusargs["stack"]), small)
        self.ends = self.peer.connect(self.rng.getrandbits(32))
        await start(self.dut)
        self.ports.write({"open": 1, "session": self.ends.packed()})
        await RisingEdge(self.dut.clk)
        self.ports.write({"open": 0})
        await self.quiet(4)
        assert self.ports.read("live")

    @property
    def known(self) -> int:
        return (self.ports.read("unacknowledged") - self.ends.next_byte) % WORD

    async def until(self, what: Any) -> None:
        """Until it is so; or it never is."""
        end = time.monotonic() + PATIENCE
        while not what():
            await self.quiet(64)
            assert time.monotonic() < end, f"the two never agree: {self.state()}"

    def state(self) -> dict[str, int]:
        read = self.ports.read
        return {
            "live": read("live"),
            "end": read("m_end"),
            "sent": self.reach,
            "acknowledged": self.known,
            "read by the stack": len(self.peer.took),
            "waiting": len(self.model.waiting),
            "said by the stack": len(self.peer.stream),
            "heard": len(self.bytes),
        }

    async def settled(self) -> None:
        await self.until(
            lambda: (
                self.known == self.reach
                and not self.model.waiting
                and len(self.bytes) == len(self.peer.stream)
                and len(self.peer.took) == self.reach
            )
        )

    def compare(self) -> None:
        assert self.peer.took == self.model.stream and self.bytes == self.peer.stream
        assert self.heard == [one[:LONGEST] for one in messages(self.peer.stream)]


@cocotb.test()
@cocotb.parametrize(lines=["right", "lossy", "rough"])
async def it_has_every_order_once_and_in_order(dut: Any, lines: str) -> None:
    world = Stack(dut, lines, **(LINES | {"rough": ROUGH})[lines])
    await world.connect()
    # Of its own: what the lines draw depends on when the stack answers, by the wall's clock.
    rng = random.Random(f"{cocotb.RANDOM_SEED} orders {lines}")
    rounds = int(cocotb.plusargs["rounds"])
    for _ in range(rounds):
        for _ in range(rng.choice((1, 1, 3))):
            await world.order()
            await world.quiet(rng.randint(1, 3))
        if rng.random() < 0.3:
            await world.host(rng.choice((b"R", b"UX" + rng.randbytes(8))))
        if rng.random() < 0.5:
            world.peer.say(said(rng, rng.randint(1, 6)))
        await world.quiet(rng.choice((0, 20, 200, 1_000)))
    await world.settled()
    world.compare()
    assert not world.doubts
    assert len(world.model.stream) >= 1_000, "fewer orders than there is memory for"
    assert len(world.heard) > rounds // 2
    for name, value in (
        ("sent", len(world.model.stream)),
        ("heard", len(world.bytes)),
        ("sent_again", world.events["packets_resent"]),
        ("refused", len(world.model.refused)),
        ("out_of_order", world.events["early_segments"]),
        ("broken", world.events["bad_segments"]),
    ):
        figure(f"{lines}_{name}", value, "bytes" if name in ("sent", "heard") else "")
    world.peer.close()


@cocotb.test()
async def a_venue_that_reads_no_more_closes_its_window(dut: Any) -> None:
    """Then orders are refused, none is lost, and it goes on when the window opens."""
    world = Stack(dut, "window")
    await world.connect(small=True)
    world.peer.tell(b"P")
    while not world.model.refused:
        await world.order()
        await world.quiet(300)
        assert world.token < 2_000
    reach, tokens = world.reach, world.token
    assert reach > 1_000
    world.peer.tell(b"G")
    await world.settled()
    while world.reach < reach + 20 * 50:  # the window opens again, or is asked for
        await world.order()
        await world.quiet(400)
        assert world.token < tokens + 1_000
    await world.settled()
    world.compare()
    assert not world.doubts
    world.peer.close()


@cocotb.test()
@cocotb.parametrize(how=["finished", "reset"], state=["idle", "in flight", "sent again", "closed"])
async def a_venue_that_closes_is_a_doubt(dut: Any, how: str, state: str) -> None:
    """Whatever goes on: nothing, orders that it hasn't, the same again, a window that is shut."""
    world = Stack(dut, (how, state))
    await world.connect(small=state == "closed")
    for _ in range(5):
        await world.order()
        await world.quiet(300)
    await world.settled()
    if state in ("in flight", "sent again"):
        world.out.lost = 1.0
        for _ in range(3):
            await world.order()
            await world.quiet(300)
        if state == "sent again":
            await world.until(lambda: world.events["packets_resent"] > 0)
    elif state == "closed":
        world.peer.tell(b"P")
        while not world.model.refused:
            await world.order()
            await world.quiet(300)
    world.peer.tell({"finished": b"C", "reset": b"R"}[how])
    await world.until(lambda: not world.ports.read("live"))
    await world.quiet(3)
    # a stack that closes before it has read all may reset the connection
    ends = (ENDS[how], ENDS["reset"]) if state == "closed" else (ENDS[how],)
    assert world.ports.read("m_end") in ends and world.doubts == 1
    refused, reach = len(world.model.refused), world.reach
    await world.order()
    await world.quiet(300)
    assert len(world.model.refused) == refused + 1 and world.reach == reach
    world.peer.close()
