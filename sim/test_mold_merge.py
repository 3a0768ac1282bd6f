"""Bench of mold_merge: two feeds with losses, skew, cuts and other sessions, as mold_rx says them.

Each message carries its sequence number. Every one that is given must be whole, once and in order,
and what is not given must be what the gaps say.
"""

from __future__ import annotations

import random
import struct
from collections import Counter
from collections.abc import Iterator
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.mold_merge import FEED, GAP, HEADER, NO_START, OTHER_SESSION, MoldMerge
from sim.golden.mold_rx import END_OF_SESSION, RUNT
from sim.lib.bench import JudgeBeside, Ports, start
from sim.lib.merge_watch import Watch
from sim.lib.runner import run
from sim.stimulus import feed

SESSIONS = (b"TICKWIRE01", b"TICKWIRE02")
PACKETS = 60
FIRST = 1_000_000


def message(rng: random.Random, number: int) -> bytes:
    size = rng.choice((0, 5, 9, 12, 19, 36, 40))
    return (struct.pack(">Q", number) + rng.randbytes(size))[: size or 3]


def stream(rng: random.Random, session: bytes, first: int, packets: int) -> list[bytes]:
    """Payloads of a session: now and then a heartbeat, and the end of session, twice."""
    made, number = [], first
    for _ in range(packets):
        several = [message(rng, number + i) for i in range(rng.choice((0, 1, 2, 7)))]
        head = session + struct.pack(">QH", number, len(several))
        made.append(head + b"".join(struct.pack(">H", len(one)) + one for one in several))
        number += len(several)
    return made + [session + struct.pack(">QH", number, END_OF_SESSION)] * 2


def lines(feeds: list[Iterator[dict[str, int]]], width: int) -> Iterator[dict[str, int]]:
    """Both, side by side in one word a signal; a feed that is over is silent. What stands beside a
    header holds until the next."""
    held: list[dict[str, int]] = [{}, {}]
    while True:
        both = [next(one, None) for one in feeds]
        if both == [None, None]:
            return
        for f, one in enumerate(both):
            if one and one.get("header"):
                held[f] = {name: one[name] for name in HEADER}
        both = [(one or {}) | held[f] for f, one in enumerate(both)]
        made = {}
        for name, narrow, wide in FEED:
            key = name if name in ("header", "may_gap", *HEADER) else f"m_{name}"
            bits = narrow if width == 8 else wide
            made[f"s_{name}"] = sum(
                (one or {}).get(key, 0) << f * bits for f, one in enumerate(both)
            )
        yield made


class Gathered:
    """The messages put together from what the lanes say, with their sequence numbers."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.got, self.ends = dut, list[tuple[int, bytes]](), 0
        self.runts: Counter[int] = Counter()
        cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut, held, lanes = self.dut, b"", len(self.dut.m_axis_tdata) // 8
        read = Ports(dut).read
        while True:
            await RisingEdge(dut.clk)
            if read("rst") or not read("m_axis_tvalid"):
                continue
            data = read("m_axis_tdata").to_bytes(lanes, "little")
            held += data[: read("m_tail")]
            number = read("sequence_number")
            if read("m_last"):
                self.got.append((number, held))
            for _ in range(read("m_runts")):
                self.runts[number] += 1
            self.ends += read("last_of_packet")
            if read("m_start"):
                held = data[read("m_lane") :]


async def play(
    dut: Any,
    feeds: list[list[dict[str, int]]],
    any_start: bool = False,
    hold: bool = False,
    leaves: float = 0.0,
) -> tuple[MoldMerge, Gathered]:
    """With `hold` the rules don't apply: what is refused doesn't come again here. Nor where
    sessions are left, as often as `leaves` in a cycle."""
    width = len(dut.m_axis_tdata)
    model = MoldMerge(width)
    dut.resynchronise.value, dut.any_start.value, dut.hold.value = 0, int(any_start), int(hold)
    for name, _, _ in FEED:
        getattr(dut, f"s_{name}").value = 0
    judge, gathered = JudgeBeside(dut, model), Gathered(dut)
    rules = None if hold or leaves else Watch(dut)
    rng = random.Random(f"{cocotb.RANDOM_SEED} leaves")
    await start(dut)
    edges = 0
    ports = Ports(dut)
    for line in lines([iter(one) for one in feeds], width):
        edges += 1
        await RisingEdge(dut.clk)
        ports.write(line | ({"resynchronise": int(rng.random() < leaves)} if leaves else {}))
    for name, _, _ in FEED:
        await RisingEdge(dut.clk)
        ports.write({f"s_{name}": 0, "resynchronise": 0})
    judge.done(at_least=edges)
    if rules is not None:
        rules.done(at_least=len(model.given))
    return model, gathered


def lacking(model: MoldMerge) -> set[int]:
    assert all(count < 10**6 for _, count in model.missed), model.missed
    return {number + i for number, count in model.missed for i in range(count)}


def check(model: MoldMerge, gathered: Gathered, first: int, end: int) -> None:
    """Bad frames apart, given once, in order and whole, and the gaps are all that is lacking."""
    assert model.kept == sorted(set(model.kept))
    missed = lacking(model)
    assert not missed & set(model.kept)
    assert missed | set(model.kept) == set(range(first, end))
    for number, held in gathered.got:
        assert len(held) > RUNT and struct.unpack(">Q", held[:8])[0] == number
    numbers = [number for number, _ in gathered.got]
    assert set(numbers) <= set(model.given)
    assert len(numbers) + gathered.runts.total() == len(model.given) >= 40
    if not model.forgotten:
        assert model.given == model.kept and numbers == sorted(set(numbers))


@cocotb.test()
@cocotb.parametrize(skew=[0, 3, 40, 400], loss=[0.0, 0.2])
async def each_once_and_in_order(dut: Any, skew: int, loss: float) -> None:
    """B is late by `skew` cycles. With no loss nothing is missed."""
    rng = random.Random(f"{cocotb.RANDOM_SEED} {skew} {loss}")
    payloads = stream(rng, SESSIONS[0], FIRST, PACKETS)
    end = struct.unpack(">Q", payloads[-1][10:18])[0]
    lanes = len(dut.m_axis_tdata) // 8
    a, b = (list(feed.said(payloads, lanes, rng, loss)) for _ in range(2))
    start_of = next((line["sequence_number"] for line in a if line.get("header")), FIRST)
    model, gathered = await play(dut, [a, [{}] * skew + b] if skew else [a, b])
    check(model, gathered, min(model.kept[0], start_of), end)
    if not loss:
        assert not model.missed and len(model.given) == end - FIRST


@cocotb.test()
async def one_feed_alone_and_a_new_session(dut: Any) -> None:
    """B is dead. After the end of its session A begins another; before it, another is refused."""
    rng = random.Random(cocotb.RANDOM_SEED)
    lanes = len(dut.m_axis_tdata) // 8
    one = stream(rng, SESSIONS[0], FIRST, PACKETS)
    two = stream(rng, SESSIONS[1], FIRST + 10**6, PACKETS)
    alone = list(feed.said([*one[:20], *two[:3], *one[20:], *one[:5], *two], lanes, rng, 0))
    model, gathered = await play(dut, [alone, []])
    ends = [struct.unpack(">Q", payloads[-1][10:18])[0] for payloads in (one, two)]
    assert model.given == [*range(FIRST, ends[0]), *range(FIRST + 10**6, ends[1])]
    assert not model.missed and gathered.ends > PACKETS
    assert model.session == int.from_bytes(SESSIONS[1], "big") and model.ended
    assert set(model.why) == {NO_START, OTHER_SESSION}


@cocotb.test()
@cocotb.parametrize(first=[0, 1, 2, 1 << 63], any_start=[False, True])
async def a_session_is_whole_from_message_1_on(dut: Any, first: int, any_start: bool) -> None:
    """Of two in turn, the first begun by a heartbeat, nothing is lost; else each is joined late,
    which is said, and a loss unless any start is fine."""
    rng = random.Random(f"{cocotb.RANDOM_SEED} {first}")
    lanes = len(dut.m_axis_tdata) // 8
    heartbeat = SESSIONS[0] + struct.pack(">QH", first, 0)
    sessions = (stream(rng, session, first, PACKETS // 3) for session in SESSIONS)
    payloads = [heartbeat, *(payload for one in sessions for payload in one)]
    model, _ = await play(dut, [list(feed.said(payloads, lanes, rng, 0)), []], any_start)
    lost = Counter({NO_START: 2} if first != 1 and not any_start else {})
    assert len(model.given) > 40 and model.why == lost


@cocotb.test()
async def a_session_is_left_by_command(dut: Any) -> None:
    """In any cycle, amid packets too: nothing of them is given any more, and what the frames that
    are open said is undone."""
    rng, lanes = random.Random(cocotb.RANDOM_SEED), len(dut.m_axis_tdata) // 8
    payloads = stream(rng, SESSIONS[0], 1, PACKETS)
    feeds = [list(feed.said(payloads, lanes, rng, 0.1)) for _ in range(2)]
    model, _ = await play(dut, feeds, leaves=0.01)
    assert model.why[NO_START] > 10 and len(model.given) > 40, model.why
    assert model.forgotten.count("left") > 5, model.forgotten


@cocotb.test()
async def an_end_of_session_that_was_wrong_is_a_loss(dut: Any) -> None:
    """The session goes on, but of what ends with it the end has made others forget something."""
    rng, lanes = random.Random(cocotb.RANDOM_SEED), len(dut.m_axis_tdata) // 8
    payloads = stream(rng, SESSIONS[0], 1, PACKETS)[:PACKETS]
    number = struct.unpack(">Q", payloads[PACKETS // 2][10:18])[0]
    end = SESSIONS[0] + struct.pack(">QH", number, END_OF_SESSION) + bytes(60)
    a = list(feed.said(payloads[: PACKETS // 2], lanes, rng, 0))
    a += feed.said([end], lanes, rng, 0, cut=70)
    a += feed.said(payloads[PACKETS // 2 :], lanes, rng, 0)
    model, _ = await play(dut, [a, []])
    assert model.forgotten == ["lost"] and model.why == Counter({GAP: 1})
    assert model.kept == model.given and not model.missed and not model.ended


@cocotb.test()
async def what_is_cut_on_one_feed_comes_from_the_other(dut: Any) -> None:
    """A's frames end anywhere; each time B's whole copy follows, and nothing of A's counts."""
    rng = random.Random(cocotb.RANDOM_SEED)
    lanes = len(dut.m_axis_tdata) // 8
    a, b, number = list[dict[str, int]](), list[dict[str, int]](), FIRST
    for _ in range(30):
        several = [message(rng, number + i) for i in range(6)]
        payload = SESSIONS[0] + struct.pack(">QH", number, 6)
        payload += b"".join(struct.pack(">H", len(one)) + one for one in several)
        a += feed.said([payload], lanes, rng, 0, cut=rng.randint(70, 42 + len(payload)))
        b += [{}] * (len(a) - len(b))
        b += feed.said([payload], lanes, rng, 0)
        a += [{}] * (len(b) - len(a))
        number += 6
    model, gathered = await play(dut, [a, b])
    check(model, gathered, FIRST, number)
    assert not model.missed and model.kept == list(range(FIRST, number))
    # the first joins the session late: more is undone than a frame
    assert model.forgotten == ["lost"] + ["bad_frame"] * 29
    assert len(model.given) > len(model.kept)


@cocotb.test()
async def packets_that_overlap(dut: Any) -> None:
    """A packet's first messages were seen, its others weren't: runts and long ones."""
    rng = random.Random(cocotb.RANDOM_SEED)
    lanes = len(dut.m_axis_tdata) // 8
    every = [message(rng, FIRST + i) for i in range(200)]
    payloads, at = [], 0
    while at < len(every):
        begin, at = max(0, at - rng.randint(0, 6)), min(len(every), at + rng.randint(1, 6))
        several = every[begin:at]
        head = SESSIONS[0] + struct.pack(">QH", FIRST + begin, len(several))
        payloads.append(head + b"".join(struct.pack(">H", len(one)) + one for one in several))
    model, gathered = await play(dut, [list(feed.said(payloads, lanes, rng, 0)), []])
    check(model, gathered, FIRST, FIRST + len(every))
    assert not model.missed and gathered.ends == len(payloads)


@cocotb.test()
@cocotb.parametrize(skew=[0, 5, 40, 400], leaves=[0.0, 0.002])
async def what_is_refused_is_said(dut: Any, skew: int, leaves: float) -> None:
    """With `hold`: what is ahead changes nothing until it may, and is refused, as is what a frame
    keeps from being taken that may yet turn out wrong; also where sessions are left."""
    rng, lanes = random.Random(f"{cocotb.RANDOM_SEED} {skew}"), len(dut.m_axis_tdata) // 8
    payloads = stream(rng, SESSIONS[0], 1, PACKETS) + stream(rng, SESSIONS[1], 1, PACKETS)
    feeds: list[list[dict[str, int]]] = [[], [{}] * skew]
    for one in feeds:
        for payload in payloads:
            if rng.random() < 0.1:
                one += feed.said([payload], lanes, rng, 0, cut=max(60, 42 + len(payload)) + 3)
            one += feed.said([payload], lanes, rng, 0.15)
        for line in one:
            if line.get("header"):
                line["may_gap"] = int(rng.random() < 0.3)
    seen: Counter[str] = Counter()

    async def count() -> None:
        read = Ports(dut).read
        while True:
            await RisingEdge(dut.clk)
            seen.update({name: read(name).bit_count() for name in ("acted", "refused", "quiet")})

    counting = cocotb.start_soon(count())
    model, _ = await play(dut, feeds, hold=True, leaves=leaves)
    counting.cancel()
    assert seen["acted"] > 20 and seen["refused"] > 20 and seen["quiet"] > 20, seen
    assert model.missed and len(model.given) > 40


@cocotb.test()
@cocotb.parametrize(both=[False, True])
async def what_a_bad_frame_says_is_forgotten(dut: Any, both: bool) -> None:
    """Frames of any session, number and count, their check sequence wrong, among A's right ones,
    and among B's, which says the same a little later: nothing is missed in the end."""
    lanes = len(dut.m_axis_tdata) // 8
    skew = (5 if lanes == 1 else 11) if both else None
    rng = random.Random(f"{cocotb.RANDOM_SEED} {skew}")
    payloads = stream(rng, SESSIONS[0], FIRST, 2 * PACKETS)
    end = struct.unpack(">Q", payloads[-1][10:18])[0]

    def spoiled(payload: bytes) -> bytes:
        session = rng.choice((*SESSIONS, SESSIONS[0]))
        ours = (
            FIRST + rng.randrange(200),
            FIRST + rng.getrandbits(40),
            struct.unpack(">Q", payload[10:18])[0],
        )
        return (
            session
            + struct.pack(">QH", rng.choice(ours), rng.choice((0, 1, 3, 65535)))
            + payload[20:]
        )

    def said_wrong(bad: bytes) -> Iterator[dict[str, int]]:
        yield from feed.said([bad], lanes, rng, 0, cut=max(60, 42 + len(bad)) + 3)

    def mixed(ahead: int) -> Iterator[dict[str, int]]:
        # The session is joined, then comes a long frame of both feeds at once, wrong on each: a
        # heartbeat, further ahead on B.
        yield from feed.said(payloads[:1], lanes, rng, 0)
        yield from said_wrong(SESSIONS[0] + struct.pack(">QH", FIRST + ahead, 0) + bytes(600))
        for payload in payloads[1:]:
            if rng.random() < 0.4:
                yield from said_wrong(spoiled(payload))
            yield from feed.said([payload], lanes, rng, 0)

    a = list(mixed(1 << 20))
    b = [] if skew is None else [{}] * skew + list(mixed(1 << 21))
    model, gathered = await play(dut, [a, b])
    missed = lacking(model)
    assert missed | set(model.kept) == set(range(FIRST, end)) and len(model.kept) > 40
    assert len(model.forgotten) >= 10 and set(numbers(gathered)) <= set(model.given)
    if skew is None:
        # lost: by an end of session, a gap, a session joined late
        assert not model.missed and "bad_frame" in model.forgotten
        assert model.kept == list(range(FIRST, end)) and len(model.given) > len(model.kept)
    else:
        assert set(model.forgotten) == {"bad_frame", "lost"}


@cocotb.test()
@cocotb.parametrize(skew=[0, 5, 40, 400])
async def by_rules_alone(dut: Any, skew: int) -> None:
    """Lost, cut, spoiled and skewed packets, judged without a cycle: no golden model."""
    rng, lanes = random.Random(f"{cocotb.RANDOM_SEED} {skew}"), len(dut.m_axis_tdata) // 8
    payloads = stream(rng, SESSIONS[0], FIRST, PACKETS) + stream(rng, SESSIONS[1], 7, PACKETS)
    feeds: list[list[dict[str, int]]] = [[], [{}] * skew]
    for one in feeds:
        for place, payload in enumerate(payloads):
            if rng.random() < 0.15:  # another number, and the frame turns out wrong
                number = FIRST + rng.choice((rng.randrange(200), rng.getrandbits(63)))
                other = payload[:10] + struct.pack(">Q", number) + payload[18:]
                one += feed.said([other], lanes, rng, 0, cut=max(60, 42 + len(other)) + 3)
            if 10 < place < PACKETS // 2 and rng.random() < 0.4:  # not before it begins, nor after
                one += feed.said([b"ANOTHERONE" + payload[10:]], lanes, rng, 0)
            one += feed.said([payload], lanes, rng, 0.15)
    rules, ports = Watch(dut), Ports(dut)
    ports.write(
        {"resynchronise": 0, "any_start": 0, "hold": 0} | {f"s_{name}": 0 for name, _, _ in FEED}
    )
    await start(dut)
    for line in lines([iter(one) for one in feeds], len(dut.m_axis_tdata)):
        await RisingEdge(dut.clk)
        ports.write(line)
    for _ in range(8):
        await RisingEdge(dut.clk)
        ports.write({f"s_{name}": 0 for name, _, _ in FEED})
    rules.done(at_least=200)
    met = rules.rules.met
    assert met["gaps"] and met["sessions_ended"] >= 2 and met["undone"] > 5, met
    assert met["late_joins"] >= 2 and met["others"] > 5, met
    assert met["undecided"] < met["packets"] // 4, met


def numbers(gathered: Gathered) -> list[int]:
    return [number for number, _ in gathered.got]


@pytest.mark.parametrize("width", [8, 64])
def test_mold_merge(width: int) -> None:
    run("mold_merge", W=width)
