"""Feeds in a capture: which there are, which are one stream, and which are only named."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from sim.run_path import day as days
from tests.tickwire.written import EVENTS, OTHER, A, B, messages, sent, write
from tickwire.cli.decode import main
from tickwire.data import captures
from tickwire.data.events import DataError, join
from tickwire.exchange.flow import packets
from tickwire.gen.records import Operation, Reason
from tickwire.wire import feeds, mold, packed
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice


def test_feeds_a_and_b_are_one_stream(tmp_path: Path) -> None:
    alone, both = write(tmp_path / "a", sent(A)), write(tmp_path / "ab", sent(A) + sent(B))
    about, chunks = captures.read(both)
    assert about.notes == {"messages of a second feed": EVENTS}
    assert np.array_equal(join(chunks).tops, join(captures.read(alone)[1]).tops)
    found = feeds.find(Chunks.of(sent(A) + sent(B)))
    assert [source.name for source in found.sources] == [
        "233.54.12.111:26400/DAY", "233.54.12.112:26401/DAY",
    ]  # fmt: skip


def altered() -> list[bytes]:
    """Feed B with one bit of its last message turned, and the checksums that belong to it."""
    *every, last = packets(messages(), session=b"DAY")
    every.append(last[:-1] + bytes([last[-1] ^ 1]))
    return [frame[:-4] for frame in frames(Chunks.of(every), B)]


NAMES = "233.54.12.111:26400/DAY (400 messages, 1 to 400), 239.1.1.1:3333/DAY (400 messages, 1 to "
MIXED = {
    "groups": (sent(A), sent(OTHER, 2), f"from 1 on: {NAMES}"),
    "sessions": (sent(A), sent(A, 2, b"OTHER"), "2 sessions in one capture: 233.54.12.111:26400"),
    "the last bit": (sent(A), altered(), "same numbers but other messages, from 400 on"),
    "one source": (sent(A), sent(A, 2), "message 1 came twice with other bytes from 233.54."),
}


@pytest.mark.parametrize("name", MIXED)
def test_other_messages_under_the_same_numbers_are_named_and_not_merged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    one, other, says = MIXED[name]
    path = write(tmp_path / "mixed", one + other)
    with pytest.raises(DataError) as caught:
        captures.read(path)
    assert says in str(caught.value) and str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert name == "one source" or "--feed" in str(caught.value)
    with pytest.raises(days.DayError, match=r"233\.54\.12\.111"):
        days.find(str(path), None)
    if name != "sessions":  # which decode takes one by one
        assert main([str(path), "--out", str(tmp_path / "x.jsonl")]) == 2
        assert says in capsys.readouterr().err and not (tmp_path / "x.jsonl").exists()


@pytest.mark.parametrize(
    ("choice", "seed"),
    [("233.54.12.111", 1), (":3333", 2), ("239.1.1.1:3333/DAY", 2), ("233.54.12.111/DAY", 1)],
)
def test_a_choice_picks_one(tmp_path: Path, choice: str, seed: int) -> None:
    path = write(tmp_path / "mixed", sent(A) + sent(OTHER, 2))
    about, chunks = captures.read(path, choices=[Choice.parse(choice)])
    alone = captures.read(write(tmp_path / "alone", sent(A, seed)))[1]
    assert np.array_equal(join(chunks).tops, join(alone).tops)
    assert about.notes == {"datagrams that weren't chosen": len(sent(A, 3 - seed))}
    day = days.find(str(path), None, chosen=[choice])
    assert [frame[:-4] for frame in day.frames] == sent(A if seed == 1 else OTHER, seed)


def test_a_session_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "mixed", sent(A) + sent(A, 2, b"OTHER"))
    chunks = captures.read(path, choices=[Choice.parse("/OTHER")])[1]
    alone = captures.read(write(tmp_path / "alone", sent(A, 2)))[1]
    assert np.array_equal(join(chunks).tops, join(alone).tops)
    with pytest.raises(DataError, match=r"none of its [0-9]+ datagrams is chosen"):
        captures.read(path, choices=[Choice.parse("1.2.3.4")])


@pytest.mark.parametrize("choice", ["", "x", "1.2.3", "1.2.3.4:x", "1.2.3.4:65536", "[1::2", ":"])
def test_a_wrong_choice_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], choice: str
) -> None:
    path = write(tmp_path / "day", sent(A))
    assert main([str(path), "--feed", choice]) == 2
    error = capsys.readouterr().err
    assert error.startswith("decode: ") and error.count("\n") == 1
    with pytest.raises(WireError):
        Choice.parse(choice)


def test_what_a_heartbeat_says_was_sent_and_did_not_come_is_a_gap(tmp_path: Path) -> None:
    """At the end of a capture, where no message follows."""
    every = packets(messages(), session=b"DAY")
    last = mold.packetise(b"", [0], session=b"DAY", sequence_number=EVENTS + 1)[0]
    whole = [frame[:-4] for frame in frames(Chunks.of([*every, last]), A)]
    lost = int(mold.depacketise(Chunks.of([every[len(every) - 1]])).first[-1])
    assert captures.read(write(tmp_path / "whole", whole))[0].notes == {}
    about, chunks = captures.read(write(tmp_path / "cut", [*whole[:-2], whole[-1]]))
    assert about.notes == {"gaps": 1, "messages lacking": lost} and lost > 0
    tops = join(chunks).tops
    assert (tops["operation"][-2:] == Operation.STALE).all()
    assert (tops["reason"][-2:] == Reason.GAP).all() and not tops["stale"][:-2].any()


def test_a_session_without_messages_is_no_feed(tmp_path: Path) -> None:
    """Its heartbeats count further than this day's messages, and say nothing of them."""
    beats = mold.packetise(b"", [0, 0], session=b"OTHER", sequence_number=9_999, end=True)
    silent = [frame[:-4] for flow in (OTHER, A) for frame in frames(beats, flow)]
    path = write(tmp_path / "day", silent + sent(A) + silent)
    assert captures.read(path)[0].notes == {}
    found = feeds.find(Chunks.of(silent + sent(A) + silent))
    assert [source.name for source in found.sources] == ["233.54.12.111:26400/DAY"]
    assert found.ends("DAY") == EVENTS + 1 and (found.source == -1).sum() == 12
    with pytest.raises(DataError, match="its 6 packets hold no message"):
        captures.read(write(tmp_path / "silent", silent))


def test_spoiled_captures_are_read_or_refused_in_one_line(tmp_path: Path) -> None:
    """Bits, bytes, frames and records at random; no checksum finds what is wrong."""
    generator = random.Random(6)
    read = refused = 0
    for _ in range(60):
        every = sent(A)
        for _ in range(generator.randrange(4)):
            at = generator.randrange(len(every))
            frame = bytearray(every[at])
            frame[40:42] = b"\0\0"
            frame[generator.randrange(12, len(frame))] ^= 1 << generator.randrange(8)
            other = generator.randbytes(generator.randrange(99))
            choices = [bytes(frame), bytes(frame[: generator.randrange(60)]), other]
            every[at : at + 1] = generator.choice([choices[:1], choices[1:2], choices[2:], []])
        path = write(tmp_path / "day", every)
        if generator.random() < 0.2:
            path.write_bytes(path.read_bytes()[: generator.randrange(9_000)])
        try:
            observed = join(captures.read(path)[1])
            assert len(observed) > 0
            read += 1
        except DataError as error:
            assert str(error).startswith(str(path)) and "\n" not in str(error)
            refused += 1
    assert read > 20 and refused > 5


def test_other_datagrams_and_damaged_packets_are_counted(tmp_path: Path) -> None:
    every = list(packets(messages(), session=b"DAY"))
    lost = len(every) // 2
    every[lost] = every[lost][:-1]
    feed = [frame[:-4] for frame in frames(Chunks.of(every), A)]
    noise = [frame[:-4] for frame in frames(Chunks.of([b"hello"] * 3), OTHER)]
    about, _ = captures.read(write(tmp_path / "day", noise + feed))
    assert about.notes["damaged packets"] == 1 and about.notes["gaps"] == 1
    assert about.notes["datagrams of something else"] == 3


# -- decode's verdict ------------------------------------------------------------------------------


def summary(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> tuple[int, dict]:  # type: ignore[type-arg]
    out = path.with_name("out.jsonl")
    code = main([str(path), "--out", str(out), "--json", *more])
    figures = json.loads(capsys.readouterr().out)
    assert len(out.read_text().splitlines()) == figures["messages"]
    return code, figures


def test_a_whole_capture_succeeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, figures = summary(capsys, write(tmp_path / "day", sent(A) + sent(B)))
    assert (code, figures["lost"], figures["duplicates"]) == (0, {}, EVENTS)
    assert figures["gaps"] == {"packets": 0, "messages": 0} and figures["refused"] == {}
    assert [source["port"] for source in figures["sources"]] == [26_400, 26_401]


def test_what_is_lost_fails_by_its_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = sent(A)
    counts = [int.from_bytes(frame[60:62], "big") for frame in every]
    code, figures = summary(
        capsys, write(tmp_path / "gaps", [*every[:3], *every[5:9], *every[10:]])
    )
    lost = counts[3] + counts[4] + counts[9]
    assert code == 1 and figures["gaps"] == {"packets": 2, "messages": lost}
    assert figures["lost"] == {"messages lacking": lost}
    bad = every[-1][:-1] + bytes([every[-1][-1] ^ 1])
    code, figures = summary(capsys, write(tmp_path / "end", [*every[:-1], bad]))
    assert code == 1 and figures["lost"] == {"wrong frames at the end": 1}
    assert figures["refused"] == {"datagrams with a wrong checksum": 1}
    assert figures["hardware"]["bad_checksum"] == 1
    code, figures = summary(capsys, write(tmp_path / "late", every[5:]))
    assert code == 0 and figures["joined"] == {"DAY": sum(counts[:5]) + 1}


def test_what_the_hardware_refuses_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A frame with three tags, which the reader reads."""
    from scapy.layers.inet import IP, UDP
    from scapy.layers.l2 import Dot1Q, Ether
    from scapy.packet import Raw

    every, payloads = sent(A), list(packets(messages(), session=b"DAY"))
    layers = Ether() / Dot1Q() / Dot1Q() / Dot1Q() / IP(dst="239.1.1.1") / UDP(dport=26_400)
    layers /= Raw(payloads[-1])
    path = write(tmp_path / "day", [*every[:-1], bytes(layers)])
    assert captures.read(path)[0].notes == {}
    code, figures = summary(capsys, path)
    count = int(mold.depacketise(Chunks.of(payloads[-1:])).first[-1])
    assert code == 1 and figures["lost"] == {"messages that the hardware refused": count}
    assert figures["hardware"] == {"other_protocol": 1}


def test_an_address_of_the_future_is_listed(tmp_path: Path) -> None:
    """More sources than a line should have."""
    flows = [Flow(destination_address=f"233.0.0.{number}") for number in range(12)]
    every = [frame for at, flow in enumerate(flows) for frame in sent(flow, 1 + at % 2)]
    with pytest.raises(DataError, match="and 4 more; choose by --feed"):
        captures.read(write(tmp_path / "many", every))
    assert packed.kind(b"") == ""
