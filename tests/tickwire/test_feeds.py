"""Feeds in a capture: which there are, which are one stream, and which are only named."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
import struct
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow
import pytest

from sim.run_path import day as days
from tickwire.cli.decode import main
from tickwire.data import captures, itch_files
from tickwire.data.events import DataError, join
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import Operation, Reason
from tickwire.wire import feeds, files, itch, mold, packed, pcap
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice

A = Flow()
B = Flow(destination_address="233.54.12.112", destination_port=26_401)
OTHER = Flow(destination_address="239.1.1.1", destination_port=3333)
SYMBOLS = ("AAAA", "BBBB")
EVENTS = 400


@lru_cache(maxsize=None)
def messages(seed: int = 1, events: int = EVENTS) -> itch.Messages:
    return Day(DayConfig(seed=seed, events=events, symbols=SYMBOLS)).messages()


def sent(flow: Flow, seed: int = 1, session: bytes = b"DAY", first: int = 1) -> list[bytes]:
    every = packets(messages(seed), session=session, first=first)
    return [frame[:-4] for frame in frames(every, flow)]


def write(path: Path, every: list[bytes]) -> Path:
    pcap.write(path, Chunks.of(every))
    return path


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


# -- Other files -----------------------------------------------------------------------------------

RAW = itch.encode(messages())
PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda raw: pyarrow.compress(raw, "zstd", asbytes=True),
    "lz4": lambda raw: pyarrow.compress(raw, "lz4", asbytes=True),
}


def soup(raw: bytes, *, end: bool = True) -> bytes:
    """Messages as SoupBinTCP sends them, its log-in, heartbeats and end among them."""
    places = itch.scan(raw)
    out = struct.pack(">H", 31) + b"A" + b"DAY       " + b"1".rjust(20)
    for at, length in zip(places.offsets.tolist(), places.lengths.tolist(), strict=True):
        out += struct.pack(">H", length + 1) + b"S" + raw[at : at + length]
        out += b"\0\1H" if at % 7 == 0 else b""
    return out + (b"\0\1Z" if end else b"")


@pytest.mark.parametrize("packer", PACKERS)
def test_files_are_read_through_whatever_packs_them(tmp_path: Path, packer: str) -> None:
    pack = PACKERS[packer]
    plain, day = tmp_path / "plain", tmp_path / "day"
    plain.write_bytes(RAW)
    expected = join(itch_files.read(plain)[1]).tops
    day.write_bytes(pack(RAW))
    assert np.array_equal(join(itch_files.read(day)[1]).tops, expected)
    capture = write(plain, sent(A)).read_bytes()
    day.write_bytes(pack(capture))
    assert np.array_equal(join(captures.read(day)[1]).tops, join(captures.read(plain)[1]).tops)
    for whole, read in ((RAW, itch_files.read), (capture, captures.read)):
        cut = pack(whole)
        day.write_bytes(cut[: len(cut) // 2])
        with pytest.raises(DataError) as caught:
            join(read(day)[1])
        assert "stream is damaged or ends early" in str(caught.value)
        assert str(caught.value).startswith(str(day)) and "\n" not in str(caught.value)


@pytest.mark.parametrize("piece", [1 << 24, 3_001])
def test_soup_packets_hold_the_same_day(tmp_path: Path, piece: int) -> None:
    plain, day = tmp_path / "plain", tmp_path / "day"
    plain.write_bytes(RAW)
    for end in (True, False):
        day.write_bytes(soup(RAW, end=end))
        assert files.kind(day) == (files.SOUP, "ITCH 5.0 in SoupBinTCP")
        observed = join(itch_files.read(day, piece=piece)[1]).tops
        assert (
            np.array_equal(observed, join(itch_files.read(plain)[1]).tops) and len(observed) > 300
        )
    day.write_bytes(soup(RAW, end=False)[:-3])
    with pytest.raises(DataError, match=r"ends within message|announced"):
        join(itch_files.read(day, piece=piece)[1])


def old_itch() -> bytes:
    """Messages as ITCH 4.1 has them, written by MeatPy's own types."""
    from meatpy.itch41 import itch41_market_message as theirs

    every: list[bytes] = []
    for number in range(1, 60):
        add = theirs.AddOrderMessage()
        add.timestamp, add.order_ref, add.side = number, number, b"B"
        add.shares, add.stock, add.price = 100, b"AAPL    ", 1_000_000
        gone = theirs.OrderDeleteMessage()
        gone.timestamp, gone.order_ref = number, number
        second = theirs.SecondsMessage()
        second.seconds = number
        every += [second.to_bytes(), add.to_bytes(), gone.to_bytes()]
    return b"".join(struct.pack(">H", len(one)) + one for one in every)


def bare(raw: bytes) -> bytes:
    places = itch.scan(raw)
    pairs = zip(places.offsets.tolist(), places.lengths.tolist(), strict=True)
    return b"".join(raw[at : at + length] for at, length in pairs)


STRANGE = {
    "4.1": (old_itch(), "ITCH 4.1, which isn't read"),
    "4.1 in Soup": (soup(old_itch()), "ITCH 4.1 in SoupBinTCP, which isn't read"),
    "no lengths": (bare(RAW), "ITCH 5.0 without the length before each message, which isn't read"),
    "text": ("AAPL, €\n".encode() * 40, "a text, which isn't read"),
    "zip": (b"PK\x03\x04" + bytes(99), "a zip, which isn't read"),
    "parquet": (b"PAR1" + bytes(99), "a Parquet file, which isn't read"),
}


@pytest.mark.parametrize("packed_too", [False, True])
@pytest.mark.parametrize("name", STRANGE)
def test_another_file_is_refused_by_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, packed_too: bool
) -> None:
    raw, says = STRANGE[name]
    day = tmp_path / "day"
    day.write_bytes(gzip.compress(raw) if packed_too else raw)
    with pytest.raises(DataError) as caught:
        itch_files.read(day)
    assert says in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(DataError, match=r"neither pcap nor pcapng, but " + says.partition(",")[0]):
        captures.read(day)
    assert main([str(day)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"decode: {day}: ") and error.count("\n") == 1


def test_a_file_of_nothing_known_is_refused_at_its_byte(tmp_path: Path) -> None:
    day = tmp_path / "day"
    day.write_bytes(b"\0\x05\xff\xfe\xfd\xfc\xfb" * 20)
    assert files.kind(day) == (files.OTHER, "")
    with pytest.raises(DataError, match=r"message 0 at byte 2: type b'.xff' isn't one of"):
        itch_files.read(day)
    with pytest.raises(DataError, match=r"neither pcap nor pcapng$"):
        captures.read(day)
    day.write_bytes(itch.encode(messages(1, 40))[:14])  # one message is enough
    assert files.kind(day) == (files.MESSAGES, "ITCH 5.0")
    day.write_bytes(b"\0\0" + RAW)
    assert files.kind(day) == (files.MESSAGES, "ITCH 5.0")


def test_each_reader_names_the_other(tmp_path: Path) -> None:
    day = write(tmp_path / "day", sent(A))
    with pytest.raises(DataError, match="a capture; tickwire data pcap reads it"):
        itch_files.read(day)
    day.write_bytes(RAW)
    with pytest.raises(DataError, match=r"but ITCH 5\.0; tickwire data itch reads it"):
        captures.read(day)


def iex(protocol: int) -> bytes:
    body = struct.pack("<H", 2) + b"Q\0"
    return struct.pack("<BxHIIHHqqq", 1, protocol, 1, 9, len(body), 1, 0, 1, 0) + body


OTHERS = {
    "4.1": (list(mold.packetise(old_itch(), [1] * 177)), "its messages are ITCH 4.1, of which"),
    "TOPS": ([iex(0x8003)], "it holds IEX TOPS 1.6, of which nothing is read"),
    "old TOPS": ([iex(0x8002)], "it holds IEX TOPS 1.5"),
    "unknown": ([iex(0x1234)], "it holds protocol 0x1234 in IEX-TP"),
    "noise": ([bytes(range(60)), b"short"], "none of its 2 UDP datagrams is a packet of MoldUDP64"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_protocol_in_a_capture_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    payloads, says = OTHERS[name]
    path = write(tmp_path / "day", [frame[:-4] for frame in frames(Chunks.of(payloads), A)])
    with pytest.raises(DataError) as caught:
        captures.read(path)
    assert says in str(caught.value) and "\n" not in str(caught.value)
    assert main([str(path)]) == 2
    assert says in capsys.readouterr().err


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
    """A frame of IPv6, which the reader reads."""
    from scapy.layers.inet import UDP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw

    every, payloads = sent(A), list(packets(messages(), session=b"DAY"))
    layers = Ether() / IPv6(src="fe80::1", dst="ff3e::1") / UDP(dport=26_400) / Raw(payloads[-1])
    path = write(tmp_path / "day", [*every[:-1], bytes(layers)])
    assert captures.read(path)[0].notes == {}
    code, figures = summary(capsys, path)
    count = int(mold.depacketise(Chunks.of(payloads[-1:])).first[-1])
    assert code == 1 and figures["lost"] == {"messages that the hardware refused": count}
    assert figures["hardware"] == {"other_protocol": 1}


def test_a_file_of_messages_is_decoded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for name, raw in (("plain", RAW), ("packed", gzip.compress(RAW)), ("soup", soup(RAW))):
        path = tmp_path / name
        path.write_bytes(raw)
        code, figures = summary(capsys, path)
        assert (code, figures["messages"], figures["lost"]) == (0, EVENTS, {})
        rows.append((tmp_path / "out.jsonl").read_text())
    assert rows[0] == rows[1] == rows[2]


def test_an_address_of_the_future_is_listed(tmp_path: Path) -> None:
    """More sources than a line should have."""
    flows = [Flow(destination_address=f"233.0.0.{number}") for number in range(12)]
    every = [frame for at, flow in enumerate(flows) for frame in sent(flow, 1 + at % 2)]
    with pytest.raises(DataError, match="and 4 more; choose by --feed"):
        captures.read(write(tmp_path / "many", every))
    assert packed.kind(b"") == ""
