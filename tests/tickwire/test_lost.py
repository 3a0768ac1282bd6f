"""What decode says was lost, through the RTL: wrong frames, damaged packets, and what they hide."""

from __future__ import annotations

import json
import random
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from scapy.layers.inet import IP, fragment
from scapy.layers.inet6 import IPv6, IPv6ExtHdrHopByHop
from scapy.layers.l2 import ARP, Ether

from tests.tickwire.written import OTHER, A, B, messages, sent, write
from tickwire.cli.decode import main
from tickwire.wire import iex_tp
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames

Wrong = Callable[[bytes], list[bytes]]
CHECK = 4  # bytes of a check sequence


def event(number: int, code: bytes = b"O") -> bytes:
    """A system event, one number a nanosecond."""
    return struct.pack(">HcHH", 12, b"S", 0, 0) + number.to_bytes(6, "big") + code


def packet(number: int, count: int, session: bytes = b"DAY", says: int | None = None) -> bytes:
    body = b"".join(event(at & 0xFFFF) for at in range(number, number + count))
    number &= (1 << 64) - 1
    return session.ljust(10) + struct.pack(">QH", number, count if says is None else says) + body


def line(*packets: bytes, flow: Flow = A, checked: bool = False) -> list[bytes]:
    return [one if checked else one[:-CHECK] for one in frames(Chunks.of(packets), flow)]


def bad_sum(frame: bytes) -> list[bytes]:
    """The UDP checksum."""
    return [frame[:40] + bytes([frame[40] ^ 1]) + frame[41:]]


def garbled(frame: bytes) -> list[bytes]:
    """Not a byte of its packet's header is right."""
    return [frame[:42] + bytes(one ^ 0x5A for one in frame[42:62]) + frame[62:]]


def in_fragments(frame: bytes) -> list[bytes]:
    whole = Ether(frame)
    whole[IP].flags = 0
    del whole[IP].chksum
    pieces = fragment(whole, fragsize=48)
    assert len(pieces) > 1
    return [bytes(one) for one in pieces]


def second_fragment(frame: bytes) -> list[bytes]:
    return in_fragments(frame)[1:]


def cut(frame: bytes) -> list[bytes]:
    """Within the packet's header."""
    return [frame[:50]]


def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], every: list[bytes], *more: str
) -> tuple[int, dict[str, Any], list[tuple[str, int]]]:
    """The exit status, the summary, and the session and number of each line."""
    path, out = write(tmp_path / "day.pcap", every), tmp_path / "out.jsonl"
    status = main([str(path), "--out", str(out), "--json", *more])
    said = json.loads(capsys.readouterr().out)
    assert status == bool(said["lost"])
    rows = [json.loads(row) for row in out.read_text().splitlines()]
    assert len(rows) == said["messages"]
    return status, said, [(row["session"], row["sequence_number"]) for row in rows]


def day(*numbers: int) -> list[tuple[str, int]]:
    return [("DAY", number) for number in numbers]


WRONGS = (bad_sum, garbled, in_fragments, second_fragment, cut)


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_wrong_first_frame_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: Wrong
) -> None:
    first, *rest = line(packet(1, 3), packet(4, 2), packet(6, 1))
    status, said, rows = run(tmp_path, capsys, [*wrong(first), *rest])
    assert (status, rows) == (1, day(4, 5, 6))
    assert said["lost"] == {"wrong frames at the start": 1} and said["joined"] == {"DAY": 4}
    path = tmp_path / "day.pcap"
    assert main([str(path), "--out", str(tmp_path / "out.jsonl")]) == 1
    assert "LOST: 1 wrong frames at the start" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_wrong_last_frame_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: Wrong
) -> None:
    *rest, last = line(packet(1, 3), packet(4, 2), packet(6, 3))
    status, said, rows = run(tmp_path, capsys, [*rest, *wrong(last)])
    assert (status, rows) == (1, day(1, 2, 3, 4, 5))
    assert said["lost"] == {"wrong frames at the end": 1}


@pytest.mark.parametrize(("place", "where"), [(0, "start"), (-1, "end")])
def test_a_wrong_check_sequence_loses_the_first_and_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: int, where: str
) -> None:
    every = line(*(packet(at, 1) for at in range(1, 6)), checked=True)
    every[place] = every[place][:-1] + bytes([every[place][-1] ^ 1])
    status, said, rows = run(tmp_path, capsys, every)
    assert status == 1 and said["lost"] == {f"wrong frames at the {where}": 1}
    assert len(rows) == 4 and said["refused"] == {"frames with a wrong check sequence": 1}


@pytest.mark.parametrize("wrong", WRONGS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_another_line_has_is_not_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: Wrong, place: int
) -> None:
    """First, within or last; whichever line is ahead."""
    packets = packet(1, 3), packet(4, 2), packet(6, 3)
    a, b = line(*packets), line(*packets, flow=B)
    for which in (a, b):
        for lines in ([a, b], [b, a]):
            every = [
                piece
                for at in range(3)
                for one in lines
                for piece in (wrong(one[at]) if one is which and at == place else [one[at]])
            ]
            status, said, rows = run(tmp_path, capsys, every)
            assert (status, said["lost"]) == (0, {}) and sorted(rows) == day(*range(1, 9))


def test_the_last_message_of_one_line_lost_behind_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wrong frame isn't the capture's last one."""
    a, b = line(packet(1, 1), packet(2, 1)), line(packet(1, 1), flow=B)
    status, said, rows = run(tmp_path, capsys, [a[0], *bad_sum(a[1]), *b])
    assert (status, rows, said["lost"]) == (1, day(1), {"wrong frames at the end": 1})


def test_a_line_of_wrong_frames_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is known by what its packets say."""
    (a,), (b,) = line(packet(1, 2)), line(packet(3, 2), flow=B)
    for wrong in (bad_sum, in_fragments):
        status, said, _ = run(tmp_path, capsys, [a, *wrong(b)])
        assert status == 1 and said["lost"] == {"wrong frames at the end": 1}


def test_two_lines_of_any_frames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right, wrong or not there: it fails where no line has a packet that one of them shows."""
    met: Counter[int] = Counter()
    for seed in range(120):
        draw = random.Random(seed)
        first, packets = draw.choice([1, 50]), []
        for _ in range(draw.randint(2, 5)):
            packets.append(packet(first, draw.randint(2, 4)))
            first += packets[-1][19]
        lines = [line(*packets), line(*packets, flow=B)]
        every, shown, right = list[bytes](), set[int](), set[int]()
        for at in range(len(packets)):
            for one in lines:
                fate = draw.choice(["right", "right", "wrong", "none"])
                pieces = draw.choice([bad_sum, in_fragments])(one[at])
                every += {"right": [one[at]], "wrong": pieces, "none": []}[fate]
                shown |= {at} if fate != "none" else set()
                right |= {at} if fate == "right" else set()
        if right:
            lost = set(range(min(shown), max(shown) + 1)) - right
            status, _, rows = run(tmp_path, capsys, every)
            assert status == bool(lost), (seed, lost)
            assert len(rows) == sum(packets[at][19] for at in right)
            met[status] += 1
    assert min(met[0], met[1]) > 40


def test_a_capture_joined_late_loses_nothing_by_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong frames to another group or port, of another protocol, or that are no datagram."""
    mine = line(packet(7, 3), packet(10, 2))
    right, wrong = list[bytes](), list[bytes]()
    for flow in (Flow(destination_port=9), OTHER):
        one, other = line(packet(1, 1, b"X"), packet(6, 1), flow=flow)
        right, wrong = [*right, one], [*wrong, *bad_sum(other)]
    group = "233.54.12.111"
    query = bytes(Ether() / IP(dst=group, proto=2) / bytes(8))
    report = bytes(Ether() / IPv6(dst="ff3e::1") / IPv6ExtHdrHopByHop() / bytes(8))
    others = [*right, *wrong, bytes(Ether() / ARP()), query, report]
    every = [*others, *mine, *others]
    status, said, rows = run(tmp_path, capsys, every, "--feed", "/DAY")
    assert (status, said["lost"], said["joined"]) == (0, {}, {"DAY": 7})
    assert rows == day(*range(7, 12))


@pytest.mark.parametrize(
    ("packets", "lacks", "gaps", "joined"),
    [
        ([packet(1, 0), packet(3, 2)], 2, 1, {}),
        ([packet(5, 0), packet(7, 2)], 2, 1, {"DAY": 5}),
        ([packet(1, 0), packet(1, 2)], 0, 0, {}),
        ([packet(3, 0), packet(3, 2)], 0, 0, {"DAY": 3}),
        ([packet(1, 0), packet(3, 2), packet(8, 0)], 5, 2, {}),
        ([packet(1, 1), packet(5, 0, says=0xFFFF)], 3, 1, {}),
    ],
)
def test_a_heartbeat_says_what_is_owed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    packets: list[bytes],
    lacks: int,
    gaps: int,
    joined: dict[str, int],
) -> None:
    status, said, _ = run(tmp_path, capsys, line(*packets))
    assert said["gaps"] == {"packets": gaps, "messages": lacks} and said["joined"] == joined
    assert status == bool(lacks) and said["lost"].get("messages lacking", 0) == lacks


@pytest.mark.parametrize("says", [0, 0xFFFF])
@pytest.mark.parametrize("number", [1, 5])
def test_another_lines_packet_without_messages_says_what_is_owed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, says: int
) -> None:
    """B sends nothing but that: what it names lacks on A."""
    b = line(packet(number, 0, says=says), flow=B)
    a = line(packet(3, 2))
    status, said, _ = run(tmp_path, capsys, [*b, *a] if number == 1 else [*a, *b])
    lacks = 2 if number == 1 else 0
    assert said["gaps"]["messages"] == lacks and status == bool(lacks)
    b = line(packet(9, 0, says=says), flow=B)
    status, said, _ = run(tmp_path, capsys, [*line(packet(1, 4)), *b])
    assert said["gaps"] == {"packets": 1, "messages": 4} and status == 1


@pytest.mark.parametrize(
    ("damaged", "heard"),
    [
        (lambda number: packet(number, 2, says=3), 2),  # shorter than its count says
        (lambda number: packet(number, 3)[:-1], 2),  # a length that runs over
        (lambda number: packet(number, 3)[:25], 0),
        (lambda number: packet(number, 2)[:-14] + b"\xff\xff" + bytes(40), 1),
    ],
)
@pytest.mark.parametrize("place", ["start", "within", "end", "alone"])
def test_a_damaged_packet_is_lost(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damaged: Callable[[int], bytes],
    heard: int,
    place: str,
) -> None:
    every = {
        "start": [damaged(1), packet(4, 2), packet(6, 2)],
        "within": [packet(1, 2), damaged(3), packet(6, 2)],
        "end": [packet(1, 2), packet(3, 2), damaged(5)],
        "alone": [packet(1, 2), packet(1, 3, b"X")[:-1], packet(3, 2)],
    }[place]
    status, said, rows = run(tmp_path, capsys, line(*every))
    assert status == 1 and len(rows) == 4 + (2 if place == "alone" else heard)
    lost = said["lost"]
    if place == "within":
        assert lost == {"messages lacking": 3 - heard}
    elif place == "end":
        assert lost == {"damaged packets at the end": 1}
    elif place == "start":
        gap = {"messages lacking": 3 - heard} if heard else {"damaged packets at the start": 1}
        assert lost == gap
    else:
        assert lost == {"damaged packets of another session": 1}


def test_bytes_behind_the_last_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Within the session its count is what the numbers say; at its end nobody knows."""
    odd, more = packet(3, 2) + event(5), packet(5, 1)
    assert run(tmp_path, capsys, line(packet(1, 2), odd, more))[0] == 0
    status, said, _ = run(tmp_path, capsys, line(packet(1, 2), odd))
    assert status == 1 and said["lost"] == {"damaged packets at the end": 1}


def test_a_damaged_packet_that_the_other_line_has_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = line(packet(1, 2), packet(3, 3)[:-1]), line(packet(1, 2), packet(3, 3), flow=B)
    status, _, rows = run(tmp_path, capsys, [a[0], b[0], a[1], b[1]])
    assert status == 0 and rows == day(*range(1, 6))


def test_a_message_too_many_hides_none_too_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A's wrong frame gives two messages, and B gives them again; a frame that is too long for the
    hardware has two."""
    long = b"DAY".ljust(10) + struct.pack(">QH", 5, 2) + event(5)
    long += struct.pack(">H", 9_100) + b"S" + bytes(9_099)
    a, (b,) = line(packet(1, 2), packet(3, 2), long), line(packet(3, 2), flow=B)
    status, said, rows = run(tmp_path, capsys, [a[0], *bad_sum(a[1]), b, a[2]])
    assert status == 1 and rows == day(1, 2, 3, 4) and said["undone"] >= 2
    assert said["lost"]["messages that the hardware refused"] == 2


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_messages_of_wrong_frames_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    a, (b,) = line(packet(1, 2), packet(3, 2), packet(5, 1)), line(packet(3, 2), flow=B)
    path = write(tmp_path / "day.pcap", [a[0], *bad_sum(a[1]), b, a[2]])
    out = tmp_path / f"day.{suffix}"
    assert main([str(path), "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "5 messages in 4 frames" in said
    assert "left out: 2 messages of frames that turned out wrong" in said
    if suffix == "parquet":
        rows = pyarrow.parquet.read_table(out).to_pylist()
    else:
        rows = [json.loads(row) for row in out.read_text().splitlines()]
    found = [(row["frame"], row["sequence_number"]) for row in rows]
    assert found == [(0, 1), (0, 2), (2, 3), (2, 4), (3, 5)]


def test_no_book_is_shown_of_a_wrong_frame(tmp_path: Path) -> None:
    whole = sent(A)
    at = len(whole) // 2
    every = [*whole[:at], *bad_sum(whole[at]), *whole[at:]]
    path, out = write(tmp_path / "day.pcap", every), tmp_path / "out.jsonl"
    assert main([str(path), "--out", str(out), "--symbols", "AAAA,BBBB"]) == 0
    rows = [json.loads(row) for row in out.read_text().splitlines()]
    assert [row["sequence_number"] for row in rows] == list(range(1, len(messages()) + 1))
    assert at not in {row["frame"] for row in rows} and any("book" in row for row in rows)


def test_sessions_one_after_the_other_have_their_own_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second begins where the first has ended, and what is late of the first counts once."""
    a = line(packet(1, 2), packet(3, 0, says=0xFFFF), packet(1, 1, b"N\0"), packet(2, 1, b"N\0"))
    late = line(packet(1, 2), flow=B)
    status, said, rows = run(tmp_path, capsys, [*a, *late])
    assert (status, said["lost"], said["duplicates"]) == (0, {}, 2)
    assert rows == [*day(1, 2), ("N\0", 1), ("N\0", 2)]


@pytest.mark.parametrize(
    "numbers",
    [
        [(1 << 64) - 2, 1 << 64],
        [(1 << 64) - 2],
        [1, (1 << 64) - 9],
        [(1 << 63) + 5, 1],
    ],
)
def test_numbers_that_go_round_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], numbers: list[int]
) -> None:
    path = write(tmp_path / "round.pcap", line(*(packet(at, 2) for at in numbers)))
    assert main([str(path), "--out", str(tmp_path / "out.jsonl")]) == 2
    error = capsys.readouterr().err
    assert "session 'DAY': its messages' numbers go round 2^64" in error and error.count("\n") == 1


def test_a_great_gap_is_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    far = (1 << 62) + 1
    status, said, _ = run(tmp_path, capsys, line(packet(1, 1), packet(far, 1)))
    assert status == 1 and said["gaps"] == {"packets": 1, "messages": far - 2}


@pytest.mark.parametrize("place", [0, 2])
def test_wrong_frames_of_deep_are_lost_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: int
) -> None:
    body = struct.pack("<HcBq", 10, b"S", ord("O"), 1_000) * 6
    every = line(*iex_tp.packetise(body, [2, 2, 2]))
    every[place : place + 1] = bad_sum(every[place])
    status, said, rows = run(tmp_path, capsys, every)
    where = "end" if place else "start"
    assert status == 1 and said["lost"] == {f"wrong frames at the {where}": 1}
    assert len(rows) == 4
