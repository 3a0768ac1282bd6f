"""Bench of tickwire_core with its session: the market of core_orders, whose orders leave in frames
of TCP, and a venue that answers behind lines of any kind."""

from __future__ import annotations

from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden.order_cancel import ALL, DISABLE
from sim.golden.order_cancel import packet as kill_packet
from sim.golden.order_cancel42 import packet as cancel_packet
from sim.golden.order_link import ENDS, messages, order_packet
from sim.golden.order_queue import token
from sim.golden.tick_pkg import unpack
from sim.lib.bench import figure, start
from sim.lib.core import WIDTH, Core
from sim.lib.core_link import LinkDesk, packets
from sim.lib.core_seen import counted, moved
from sim.stimulus.core_orders import LOCATES, UNWRITABLE, set_up
from sim.stimulus.segments import WORD, sealed
from sim.test_order_link import LINES, OUCH42
from sim.test_soup_rx import packet
from tickwire.gen import risk_regmap
from tickwire.gen.records import Act
from tickwire.wire.ouch import CODEC

# Cycles between the frames of which signals come: a venue needs its time. In OUCH 4.2, where a kill
# is what matters, orders may wait for one another.
SPACE = 60 if OUCH42 else 250
DEBUG, CANCEL = b"+lost at first", b"UX" + bytes(8)
HOST = b"R", DEBUG, CANCEL  # the host's packets
ORDER = b"UO" + bytes(46)
WRITABLE = next(slot for slot in LOCATES.values() if slot != UNWRITABLE)
SYMBOL_AT = next(one.offset for one in CODEC.by_name["enter_order"].fields if one.name == "symbol")
ARP = sealed(b"\xff" * 6 + bytes(6) + b"\x08\x06" + bytes(28))


def orders(desk: LinkDesk) -> tuple[list[bytes], set[int]]:
    """Every order's message, and the tokens of those that could not leave."""
    size = desk.speech.order_bytes
    made = [
        line["order_message"].to_bytes(size, "big") for line in desk.lines if line["order_valid"]
    ]
    refusals = [line["link_refusal"] for line in desk.lines if line["link_refused"]]
    return made, {int(unpack("confirmation", one)["token"]) for one in refusals}  # type: ignore[arg-type]


def numbers(desk: LinkDesk) -> list[int]:
    """Those that kills took from the gate; `done` holds them to the golden model."""
    return [line["number"] for line in desk.lines if line["takes"]]


async def moods(desk: LinkDesk) -> None:
    """The venue closes its window for a while, again and again."""
    while True:
        await ClockCycles(desk.dut.clk, 4_000)
        for window in (0, 8_192):
            desk.peer.window, desk.peer.due = window, True
            await ClockCycles(desk.dut.clk, 4_000)


@cocotb.test()
@cocotb.parametrize(lines=["wild"] if WIDTH == 64 and not OUCH42 else ["right"])
async def orders_leave_in_the_session(dut: Any, lines: str) -> None:
    core = Core(dut)
    await start(dut)
    desk = LinkDesk(dut, core, **LINES[lines])
    desk.keeps = 4 if OUCH42 else 1
    traffic = await set_up(dut, core, desk, SPACE)
    await desk.hand_over()
    venue, mood = cocotb.start_soon(desk.venue()), None
    if lines == "wild":
        mood = cocotb.start_soon(moods(desk))
    desk.back.put(ARP, desk.cycle)
    await core.play(traffic)
    if mood:
        mood.cancel()
    desk.peer.window, desk.peer.due = 8_192, True
    await desk.settled()
    early = 0  # the card may not know yet that the window is open
    while not await desk.send(b"R"):
        early += 1
        await ClockCycles(dut.clk, 2_000)
    lost, desk.out.lost = desk.out.lost, 1.0
    assert await desk.send(DEBUG)
    await ClockCycles(dut.clk, 1_000)
    sent = (await desk.read(risk_regmap.NEXT_BYTE))["position"]
    known = (await desk.read(risk_regmap.UNACKNOWLEDGED))["position"]
    assert 2 + len(DEBUG) <= (sent - known) % WORD < 1 << 16
    desk.out.lost = lost
    desk.peer.stream += packet(b"H")
    if OUCH42:
        await kill_slots(desk)
    await kill(desk)
    assert await desk.send(CANCEL) and not await desk.send(ORDER)
    await desk.settled()
    venue.cancel()
    counts = desk.done()
    made, refused = orders(desk)
    left = [one for one in made if token(one) not in refused]
    killed = cancels(desk) if OUCH42 else disabled(desk, made)
    host = [packet(one) for one in HOST]
    assert desk.peer.took == b"".join([*map(order_packet, left), *host[:-1], *killed, host[-1]])
    few = 1 if lines == "wild" else 5  # what waits for the venue takes the places of others
    assert len(left) > few and counts["venue_confirmations"] > 2 * few, (len(left), counts)
    assert desk.heard == desk.peer.stream
    seen = set[str]()
    observed = {
        name.removeprefix("path."): count for name, count in (await counted(core, seen)).items()
    }
    assert {name: observed[name] for name in counts} == counts
    assert observed["link_orders_held"] == len(refused) and not observed["link_doubts"]
    assert (observed["link_cancels"], observed["link_cancels_unsent"]) == (len(killed), 0)
    assert observed["link_packets_sent"] == len(packets(desk.peer.took))
    assert (observed["link_host_packets"], observed["link_host_refused"]) == (3, 1 + early)
    assert observed["link_messages_heard"] == len(messages(desk.peer.stream))
    assert observed["link_heartbeats_heard"] == 1
    await taken_back(desk)
    if lines == "wild":
        moved("orders_leave_in_the_session", seen)
    latency(desk, refused)


def disabled(desk: LinkDesk, made: list[bytes]) -> list[bytes]:
    """What a kill sends in OUCH 5.0, by numbers above all orders'."""
    disable, cancel = numbers(desk)
    assert max(map(token, made)) < disable < cancel
    return [kill_packet(DISABLE, disable, {}), kill_packet(ALL, cancel, {})]


async def kill_slots(desk: LinkDesk) -> None:
    """Of the slot whose orders can't be written, then of that which has all that are open."""
    for slot in (UNWRITABLE, WRITABLE):
        assert await desk.say(Act.KILL_SLOT, slot=slot)
        await ClockCycles(desk.dut.clk, 300)


def cancels(desk: LinkDesk) -> list[bytes]:
    """In OUCH 4.2: a cancel of each order that is open, by the slot's kill and by that of all."""
    places = int(desk.dut.OPEN.value)
    live = sorted((one for one, _ in desk.open), key=lambda one: one % places)
    assert len(live) >= 3 and not numbers(desk)
    return [cancel_packet(one) for one in live] * 2


async def kill(desk: LinkDesk) -> None:
    """The board's kill switch, for a cycle."""
    desk.ports.write({"kill_pin": 1})
    await ClockCycles(desk.dut.clk, 1)
    desk.ports.write({"kill_pin": 0})


async def taken_back(desk: LinkDesk) -> None:
    """The host has the session again, and is told where it stands."""
    await desk.take_back()
    await ClockCycles(desk.dut.clk, 200)
    status = await desk.read(risk_regmap.SESSION_STATUS)
    assert status["settled"] and not status["live"] and status["ended"] == ENDS["asked"]
    ends, sent, heard = desk.ends, len(desk.peer.took), len(desk.peer.stream)
    for register, stands in (
        (risk_regmap.UNACKNOWLEDGED, ends.next_byte + sent),
        (risk_regmap.NEXT_BYTE, ends.next_byte + sent),
        (risk_regmap.EXPECTED_BYTE, ends.expected_byte + heard),
    ):
        assert (await desk.read(register))["position"] == stands % WORD, register.name


def latency(desk: LinkDesk, refused: set[int]) -> None:
    """From a signal to the first byte of its order's frame, where no other frame was leaving."""
    late, lines, signals = set[int](), desk.lines, dict[tuple[int, int], int]()
    for at, line in enumerate(lines):
        if line["m_valid"]:
            row = unpack("signal", line["m_signal"])
            signals[row["slot"], row["sequence_number"]] = at  # type: ignore[index]
        if line["decision_valid"] and at + 1 < len(lines) and lines[at + 1]["order_valid"]:
            row = unpack("decision", line["decision"])
            began = at + 3
            if row["token"] in refused:
                continue
            if not any(one["m_link_tvalid"] for one in lines[at - 20 : began]):
                assert lines[began]["m_link_tvalid"]
                of = signals[row["slot"], row["sequence_number"]]  # type: ignore[index]
                late.add(began - of)
    assert len(late) == 1, late
    figure("signal_to_first_byte", late.pop(), "cycles")


@cocotb.test(skip=bool(OUCH42))
async def a_doubt_disarms(dut: Any) -> None:
    """The venue resets, and the gate is disarmed; the session can be handed over again, and is good
    once the host has armed."""
    core = Core(dut)
    await start(dut)
    desk = LinkDesk(dut, core)
    await set_up(dut, core, desk)
    await desk.hand_over()
    await ClockCycles(dut.clk, 300)
    assert not await desk.given(desk.ends), "it is the card's already"
    desk.back.put(desk.peer.spoken("RA"), desk.cycle)
    await ClockCycles(dut.clk, 600)
    status = await desk.read(risk_regmap.SESSION_STATUS)
    assert not status["live"] and status["settled"] and status["ended"] == ENDS["reset"]
    assert not (await desk.read(risk_regmap.STATUS))["armed"]
    desk.running.cancel()
    await desk.hand_over()
    await desk.arm()
    assert await desk.send(b"R")
    await desk.settled()
    assert desk.peer.took == packet(b"R")
    assert sum(line["link_doubt"] for line in desk.lines) == 1
    seen = set[str]()
    desk.done()
    assert (await counted(core, seen))["path.link_doubts"] == 1
    moved("a_doubt_disarms", seen)


@cocotb.test(skip=WIDTH != 8)
async def a_kill_stops_what_waits(dut: Any) -> None:
    """A disarming, a slot's kill, then all: of an order behind a packet of the host's, whose frame
    takes longer at 8 bits. And what each kill sends to the venue, behind all that left before."""
    core = Core(dut)
    await start(dut)
    desk = LinkDesk(dut, core)
    traffic = await set_up(dut, core, desk, SPACE)
    await desk.hand_over()
    playing = cocotb.start_soon(core.play(traffic))
    go = await desk.prepare(Act.DISARM)
    before = await waiting(desk)
    await desk.go(go)
    await ClockCycles(dut.clk, 300)
    await desk.arm()
    go = await desk.prepare(Act.KILL_SLOT, slot=2)
    first = await waiting(desk)
    await desk.go(go)
    await ClockCycles(dut.clk, 300)
    for act in (Act.DISARM, Act.REVIVE_SLOT):
        assert await desk.say(act, slot=2)
    await desk.arm()
    second = await waiting(desk)
    await kill(desk)
    playing.cancel()
    await desk.settled()
    _, refused = orders(desk)
    for one in (before, first, second):
        assert token(one) in refused and order_packet(one) not in desk.peer.took
    sent = [one for one in packets(desk.peer.took) if one[:2] in (b"UC", b"UD")]
    of_slot, disable, cancel = numbers(desk)
    symbol = first[SYMBOL_AT : SYMBOL_AT + 8]
    assert sent == [
        kill_packet(2, of_slot, {2: symbol})[2:],
        kill_packet(DISABLE, disable, {})[2:],
        kill_packet(ALL, cancel, {})[2:],
    ]
    tokens = [token(one[1:]) for one in packets(desk.peer.took) if one[:1] == b"U"]
    assert tokens == sorted({*tokens}), "numbers rise on the line"
    desk.done()


async def waiting(desk: LinkDesk) -> bytes:
    """An order that waits for the line, which the host's packets take."""
    speaking = cocotb.start_soon(speak(desk))
    while not (desk.ports.read("order_valid") and desk.ports.read("m_link_tvalid")):
        await RisingEdge(desk.dut.clk)
    speaking.cancel()
    return desk.ports.read("order_message").to_bytes(desk.speech.order_bytes, "big")


async def speak(desk: LinkDesk) -> None:
    while True:
        await desk.offer(b"+" + bytes(55))
        while (await desk.read(risk_regmap.SESSION_STATUS))["waits"]:
            pass


@cocotb.test(skip=WIDTH == 8 or bool(OUCH42))
async def without_a_session_no_order_leaves(dut: Any) -> None:
    """The gate hears of each that it was rejected; the host's packets are refused at once; and what
    a kill has to cancel is the host's to send."""
    core = Core(dut)
    await start(dut)
    desk = LinkDesk(dut, core)
    traffic = await set_up(dut, core, desk)
    assert not await desk.send(b"R")
    await core.play(traffic)
    await ClockCycles(dut.clk, 600)
    made, refused = orders(desk)
    assert len(made) > 5 and {*map(token, made)} == refused
    await kill(desk)
    await ClockCycles(dut.clk, 100)
    assert not any(line["m_link_tvalid"] for line in desk.lines)
    assert not (await desk.read(risk_regmap.SESSION_STATUS))["live"]
    counts = desk.done()
    seen = set[str]()
    observed = await counted(core, seen)
    assert {name: observed[f"path.{name}"] for name in counts} == counts
    assert observed["path.link_orders_held"] == len(made)
    assert (observed["path.link_cancels"], observed["path.link_cancels_unsent"]) == (0, 1)
    moved("without_a_session_no_order_leaves", seen)
