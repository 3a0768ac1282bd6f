"""Bench of deep_parse: messages of every type, right and wrong, in packets of iextp_rx; and a day
whose operations must be the host's, once each level is known to be there or not."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.deep_parse import EVENTS, HALTS, HOST, LATENCY, MESSAGES, UPDATES, DeepParse
from sim.golden.iextp_rx import IextpRx
from sim.golden.mold_rx import RUNT
from sim.golden.tick_pkg import NUMBERS, events
from sim.lib.bench import JudgeBeside, Ports, figure, start
from sim.lib.runner import run
from sim.stimulus import feed
from sim.test_iextp_rx import packed
from tickwire.exchange import deep_day
from tickwire.exchange.flow import Day, DayConfig
from tickwire.gen.records import Operation, Reason
from tickwire.wire import iex_tp, level_operations

PACKETS = 600
SYMBOLS = [b"AAAA    ", b"BBBB    ", b"AAAB    ", b"BBBB    ", b"A       ", b"ZZZZZZZZ", b"", b"E"]
ENABLED = 0b10111011
MIDNIGHT = deep_day.DAY
NAMES = ("tail", "last", "runts", "start", "lane", "length", "cycle", "frame_cycle")
Line = dict[str, int]
PULSES = ("over", "begins", "opens", "bad_frame", "missing")
OFTEN = {"begins": 0.0002, "opens": 0.001, "bad_frame": 0.001, "missing": 0.0002}


def symbols(names: list[bytes]) -> int:
    return sum(int.from_bytes(one.ljust(8), "big") << 64 * at for at, one in enumerate(names))


def message(rng: random.Random, kind: str, symbol: bytes) -> bytes:
    """A message of this type with anything in its fields but what is an alphabet of its own."""
    body = bytearray(rng.randbytes(MESSAGES[kind]["length"]))
    said = {"H": b"TTTHOP", "O": b"NNNO"}.get(kind, b"01B")
    body[0:2] = kind.encode() + rng.choice(said).to_bytes(1, "big")
    time = MIDNIGHT + rng.choice((rng.getrandbits(47), rng.getrandbits(20), (1 << 48) - 1))
    if rng.random() < 0.05:
        time = MIDNIGHT + rng.choice((-1, 1 << 48, -MIDNIGHT, 1 << 60))
    body[2:10] = time.to_bytes(8, "little")
    if kind != "S":
        body[10:18] = symbol.ljust(8)
    if kind in UPDATES:
        body[1] = rng.choice((0, 1, 1, 0x80, 0x81))
        price = rng.choice((rng.randrange(1, 1 << 32), 1, (1 << 32) - 1, 1_000_000))
        if rng.random() < 0.1:
            price = rng.choice((0, -1, 1 << 32, -(1 << 63), (1 << 63) - 1, 1 << 40))
        body[22:30] = price.to_bytes(8, "little", signed=True)
        if rng.random() < 0.2:
            body[18:22] = bytes(4)
    return bytes(body)


def any_message(rng: random.Random) -> bytes:
    kind = rng.choice([*MESSAGES, *UPDATES * 6, *HALTS * 5])
    right = message(rng, kind, rng.choice([*SYMBOLS, b"AAAA\0\0\0\0", b"CCCC"]))
    spoiled = rng.random()
    if spoiled < 0.08:  # a wrong length
        size = rng.choice((0, 1, 8, 9, 10, 17, 18, len(right) - 1, len(right) + 1, 299))
        return (right + bytes(300))[:size]
    if spoiled < 0.14:  # a type that there isn't
        size = rng.choice((9, 12, 17, 18, len(right)))
        return (rng.choice(b"Zaz\x00\xff").to_bytes(1, "big") + right[1:] + bytes(9))[:size]
    return right


def lines(payloads: list[bytes], counts: list[int], lanes: int, first: int = 1 << 40) -> list[Line]:
    """What mold_merge gives of these: its own port names, and numbers."""
    rng, cycles, numbered = random.Random(cocotb.RANDOM_SEED), list[Line](), first
    beats = feed.said(payloads, lanes, rng, 0, model=IextpRx(8 * lanes))
    for beat in beats:
        line = {f"s_{name}": beat.get(f"m_{name}", 0) for name in NAMES}
        line["s_axis_tvalid"] = beat["m_axis_tvalid"]
        line["s_axis_tdata"] = beat.get("m_axis_tdata", 0)
        line["sequence_number"] = numbered
        numbered += line["s_last"] + line["s_runts"]
        cycles.append(line | dict.fromkeys(PULSES, 0))
    assert numbered == first + sum(counts)
    return cycles


async def play(dut: Any, cycles: list[Line]) -> tuple[DeepParse, Counter[str], list[bytes]]:
    """`enable` and `symbol` among the lines take effect where they stand."""
    model = DeepParse(len(dut.s_axis_tdata))
    silent = dict.fromkeys((*(f"s_{name}" for name in NAMES), "s_axis_tvalid", "s_axis_tdata"), 0)
    silent |= dict.fromkeys(("sequence_number", *PULSES), 0)
    ports = Ports(dut)
    ports.write(silent | {"enable": ENABLED, "symbol": symbols(SYMBOLS), "midnight": MIDNIGHT})
    judge = JudgeBeside(dut, model)
    counts: Counter[str] = Counter()
    host: list[bytes] = []
    await start(dut)
    for line in [silent | {"begins": 1}, *cycles, *[silent] * 6]:
        await RisingEdge(dut.clk)
        ports.write(line)
        counts.update(events("path_events", ports.read("path_events")))
        counts["lost"] += ports.read("lost")
        counts["operations"] += ports.read("m_valid")
        if ports.read("host_valid"):
            host.append(ports.read("host_message").to_bytes(40, "big"))
    judge.done(at_least=len(cycles))
    return model, counts, host


def check(every: list[bytes], model: DeepParse, counts: Counter[str], host: list[bytes]) -> None:
    assert [one for one, _ in model.judged] == [one for one in every if len(one) > RUNT]
    assert sum(counts[event] for event in EVENTS) == len(every)
    assert counts["operations"] == len(model.operations)
    assert len(host) == len(model.host)
    assert all(given.startswith(sent) for given, sent in zip(host, model.host, strict=True))


@cocotb.test()
async def every_message_comes_to_its_operation(dut: Any) -> None:
    """Between packets slots are given other symbols, enabled and not; sessions end."""
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [[any_message(rng) for _ in range(rng.choice((0, 1, 3, 8)))] for _ in range(PACKETS)]
    payloads, sizes = [packed(several) for several in packets], [len(one) for one in packets]
    lanes = len(dut.s_axis_tdata) // 8
    cycles = lines(payloads, sizes, lanes)
    names, enabled = [*SYMBOLS], ENABLED
    for line in cycles:
        chance = rng.random() / lanes
        if chance < 0.0005:
            names[rng.randrange(8)] = rng.choice(SYMBOLS)
        elif chance < 0.001:
            enabled ^= rng.choice((1, 2, 4, 1))
        over = 0.001 <= chance < 0.0012
        line |= {"enable": enabled, "symbol": symbols(names), "over": int(over)}
        line |= {name: int(rng.random() / lanes < OFTEN[name]) for name in PULSES[1:]}
    model, counts, host = await play(dut, cycles)
    check([one for several in packets for one in several], model, counts, host)
    assert all(counts[event] for event in EVENTS) and host and model.met["lost"]
    kinds = Counter(one["operation"] for one in model.operations)
    assert set(kinds) == {
        NUMBERS[f"OPERATION_{one}"] for one in ("LEVEL", "STALE", "HALT", "RESUME")
    }
    often = {kind: count for kind, count in kinds.items() if kind != Operation.RESUME}
    assert min(often.values()) > 5  # what resumes, either_status_halts has
    reasons = Counter(one["reason"] for one in model.operations)
    assert min(reasons[NUMBERS[f"REASON_{one}"]] for one in ("BAD_PRICE", "PARSE_ERROR")) > 3


@cocotb.test()
async def either_status_halts(dut: Any) -> None:
    """The last of each kind counts, of the instrument that the slot follows, in this session."""
    rng, lanes = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tdata) // 8
    several = [message(rng, rng.choice(HALTS), rng.choice(SYMBOLS[:2])) for _ in range(300)]
    cycles = lines([packed([one]) for one in several], [1] * len(several), lanes)
    names, enabled = [*SYMBOLS], 3
    for line in cycles:
        chance = rng.random() / lanes
        if chance < 0.0008:
            names[0], names[1] = names[1], names[0]
        elif chance < 0.0012:
            enabled ^= 2
        line |= {"enable": enabled, "symbol": symbols(names), "over": int(chance < 0.0002)}
        line |= {name: int(rng.random() / lanes < OFTEN[name]) for name in PULSES[1:]}
    model, counts, host = await play(dut, cycles)
    check(several, model, counts, host)
    kinds = Counter(one["operation"] for one in model.operations)
    assert min(kinds[NUMBERS[f"OPERATION_{one}"]] for one in ("HALT", "RESUME")) > 10
    assert model.met["undone"]


DOUBTS: dict[str, tuple[list[Line], bool]] = {  # and whether all that goes on is known after it
    "undone": ([{"bad_frame": 1}], False),
    "undone before it": ([{"opens": 1}, {"bad_frame": 1}], True),
    "lost": ([{"missing": 1}], False),
    "over": ([{"over": 1}], False),
    "begun": ([{"begins": 1}], False),
    "disabled": ([{"enable": 0}, {"enable": ENABLED}], False),
    "another": ([{"symbol": 0}, {"symbol": symbols(SYMBOLS)}], False),
}


@cocotb.test()
@cocotb.parametrize(what=tuple(DOUBTS), first=tuple(HALTS))
async def what_may_be_wrong_halts(dut: Any, what: str, first: str) -> None:
    """A slot resumes once both statuses have come since, whichever comes first."""
    rng, lanes = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tdata) // 8
    goes_on = {"H": b"T", "O": b"N"}
    bodies = {kind: bytearray(message(rng, kind, SYMBOLS[0])) for kind in HALTS}
    for kind, body in bodies.items():
        body[1:2], body[2:10] = goes_on[kind], (MIDNIGHT + 1).to_bytes(8, "little")
    order = [first, HALTS.replace(first, "")]
    several = [bytes(bodies[kind]) for kind in (*order, *order)]
    parts = [lines([packed([one])], [1], lanes, 1 + at) for at, one in enumerate(several)]
    quiet = dict.fromkeys(parts[0][0], 0) | {"sequence_number": 1}
    pulses, known = DOUBTS[what]
    middle = [quiet] * 4 + [line for one in pulses for line in (quiet | one, quiet, quiet, quiet)]
    parts = [[*part, *[quiet] * 4] for part in parts]
    model, _, _ = await play(dut, [*parts[0], *parts[1], *middle, *parts[2], *parts[3]])
    said = [op["operation"] == NUMBERS["OPERATION_RESUME"] for op in model.operations]
    assert said == [False, True, known, True]


@cocotb.test()
async def every_type_in_every_alignment(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [
        [bytes(9 + shift), message(rng, kind, SYMBOLS[0]), message(rng, "5", SYMBOLS[1])]
        for kind in (*UPDATES, *HOST)
        for shift in range(8)
    ]
    payloads = [packed(several) for several in packets]
    cycles = lines(payloads, [len(one) for one in packets], len(dut.s_axis_tdata) // 8)
    model, counts, host = await play(dut, cycles)
    check([one for several in packets for one in several], model, counts, host)
    figure("latency", LATENCY, "cycles")  # the model is compared at every edge


@cocotb.test()
async def a_day_is_the_hosts_operations(dut: Any) -> None:
    """level_operations.py reads the same bytes, and knows itself which levels there are."""
    day = Day(DayConfig(seed=cocotb.RANDOM_SEED, events=250, symbols=("AAAA", "BBBB")))
    messages, _ = deep_day.translate(day.messages())
    sent = deep_day.packets(messages)
    counts = iex_tp.depacketise(sent).message_count.tolist()
    cycles = lines([bytes(one) for one in sent], counts, len(dut.s_axis_tdata) // 8, 1)
    model, _, _ = await play(dut, cycles)
    slots = {SYMBOLS[0]: 0, SYMBOLS[1]: 1}
    expected = level_operations.operations(messages, slots)
    expected["reason"][expected["reason"] == Reason.HALTED] = Reason.OK  # market_state says it
    resolved = [one.copy() for one in model.operations]
    there: dict[tuple[int, int], int] = {}
    for op in resolved:
        if op["operation"] == NUMBERS["OPERATION_LEVEL"]:
            resolve(op, there)
    assert len(resolved) == len(expected) > 250
    for name in expected.dtype.names or ():
        if name not in ("frame_cycle", "message_cycle"):
            observed = np.array([op[name] for op in resolved], np.uint64)
            assert np.array_equal(observed, expected[name].astype(np.uint64)), name
    kinds = Counter(expected["operation"].tolist())
    assert min(kinds[kind] for kind in (Operation.ADD, Operation.REPLACE, Operation.DELETE)) > 20


def resolve(op: dict[str, int], there: dict[tuple[int, int], int]) -> None:
    """What a level comes to, as docs/feeds.md says, where these levels are there."""
    key = op["slot"], op["order_reference"]
    before = there.get(key, 0)
    there[key] = op["shares"]
    kind = Operation.REPLACE if before else Operation.ADD
    if not op["shares"]:
        kind = Operation.DELETE if before else Operation.NONE
    op["operation"] = kind
    unread = {
        Operation.ADD: ("new_order_reference",),
        Operation.REPLACE: ("side",),
        Operation.DELETE: ("new_order_reference", "side", "price"),
        Operation.NONE: ("order_reference", "new_order_reference", "side", "price"),
    }
    op |= dict.fromkeys(unread[kind], 0)


@pytest.mark.parametrize("width", [8, 64])
def test_deep_parse(width: int) -> None:
    run("deep_parse", W=width)
