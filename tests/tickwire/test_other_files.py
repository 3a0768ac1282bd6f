"""Files and protocols other than captures of ITCH 5.0: read where they can be, else named."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
from pathlib import Path

import numpy as np
import pyarrow
import pytest

from tests.tickwire.written import EVENTS, A, messages, sent, write
from tickwire.cli.decode import main
from tickwire.data import captures, itch_files
from tickwire.data.events import DataError, join
from tickwire.wire import files, itch, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames

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


def summary(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> tuple[int, dict]:  # type: ignore[type-arg]
    out = path.with_name("out.jsonl")
    code = main([str(path), "--out", str(out), "--json", *more])
    figures = json.loads(capsys.readouterr().out)
    assert len(out.read_text().splitlines()) == figures["messages"]
    return code, figures


def test_a_file_of_messages_is_decoded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for name, raw in (("plain", RAW), ("packed", gzip.compress(RAW)), ("soup", soup(RAW))):
        path = tmp_path / name
        path.write_bytes(raw)
        code, figures = summary(capsys, path)
        assert (code, figures["messages"], figures["lost"]) == (0, EVENTS, {})
        rows.append((tmp_path / "out.jsonl").read_text())
    assert rows[0] == rows[1] == rows[2]


def accepted(number: int, session: bytes = b"DAY") -> bytes:
    return struct.pack(">H", 31) + b"A" + session.ljust(10) + str(number).rjust(20).encode()


def sequenced(first: int, last: int) -> bytes:
    """Messages of RAW by their numbers, `last` among them."""
    places = itch.scan(RAW)
    cut = [RAW[at : at + n] for at, n in zip(places.offsets, places.lengths, strict=True)]
    return b"".join(struct.pack(">H", len(one) + 1) + b"S" + one for one in cut[first - 1 : last])


SOUPS = {
    "late": (accepted(101) + sequenced(101, 200), "goes on at message 101 where 1 is the next"),
    "gap": (
        accepted(1) + sequenced(1, 100) + accepted(151) + sequenced(151, 200),
        "session DAY goes on at message 151 where 101 is the next",
    ),
    "again": (
        accepted(1) + sequenced(1, 100) + accepted(91) + sequenced(91, 200),
        "session DAY goes on at message 91 where 101 is the next",
    ),
    "two sessions": (
        accepted(1) + sequenced(1, 100) + accepted(101, b"DAY2") + sequenced(101, 200),
        "two sessions: DAY and DAY2",
    ),
    "behind its end": (
        accepted(1) + sequenced(1, 100) + b"\0\1Z" + sequenced(101, 200),
        "message 101 comes behind its SoupBinTCP session's end",
    ),
    "no answer": (struct.pack(">H", 12) + b"A" + b"DAY        " + sequenced(1, 200),
                  "an answer to a login that isn't SoupBinTCP's"),
}  # fmt: skip


@pytest.mark.parametrize("what", SOUPS)
def test_a_soup_file_is_one_session_without_a_gap(tmp_path: Path, what: str) -> None:
    day = tmp_path / "day"
    raw, says = SOUPS[what]
    day.write_bytes(raw)
    with pytest.raises(DataError, match=says):
        join(itch_files.read(day)[1])
    whole = accepted(1) + sequenced(1, 100) + b"\0\1H" + accepted(101) + sequenced(101, 200)
    day.write_bytes(whole)
    rows = join(itch_files.read(day)[1]).tops
    day.write_bytes(accepted(1) + sequenced(1, 200))
    assert np.array_equal(rows, join(itch_files.read(day)[1]).tops) and len(rows) > 50
