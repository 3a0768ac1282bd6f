"""Readers of market data, against the book itself; a damaged file is an error of one line."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.data import bitstamp, captures, itch_files, lobster_days
from tickwire.data.booked import quiet
from tickwire.data.events import DataError, join
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import Operation, Reason
from tickwire.wire import itch, mold, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice
from tickwire.wire.market import Market
from tickwire.wire.operations import operations

SYMBOLS = ("AAAA", "BBBB", "CCCC")


@lru_cache(maxsize=None)
def stream() -> tuple[bytes, itch.Messages]:
    messages = Day(DayConfig(seed=8, events=8_000, symbols=SYMBOLS)).messages()
    return itch.encode(messages), messages


def books(slots: dict[int, int], **more: Any) -> Any:
    return Book(len(slots)).apply(
        operations(stream()[1], slots, market=Market(), **more), levels=True
    )


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("piece", [1 << 24, 5_003])
def test_an_itch_file(tmp_path: Path, packed: bool, piece: int) -> None:
    path = tmp_path / "day.NASDAQ_ITCH50"
    raw = stream()[0] + b"\0\0"
    path.write_bytes(gzip.compress(raw) if packed else raw)
    observed = join(itch_files.read(path, piece=piece)[1])
    expected = books({1: 0, 2: 1, 3: 2})
    assert np.array_equal(observed.levels, expected.levels)
    assert np.array_equal(observed.tops["sequence_number"], expected.tops["sequence_number"])
    assert (observed.tops["last_of_packet"] == 1).all() and len(observed) > 7_000
    about, chunks = itch_files.read(path, ["CCCC"], piece=piece)
    assert about.instruments == ("CCCC",)
    some = join(chunks)
    mine = expected.tops["slot"] == 2
    assert np.array_equal(some.levels, expected.levels[mine]) and len(some) == mine.sum() > 500


@pytest.mark.parametrize("cut", [1, 3, 40, 5_000])
@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_itch_file_is_refused_with_its_place(tmp_path: Path, cut: int, packed: bool) -> None:
    path = tmp_path / "day.gz"
    whole = gzip.compress(stream()[0]) if packed else stream()[0]
    path.write_bytes(whole[:-cut])
    with pytest.raises(DataError) as caught:
        join(itch_files.read(path, piece=40_000)[1])
    message = str(caught.value)
    assert message.startswith(str(path)) and "\n" not in message
    assert "gzip" in message if packed else "the file ends within message" in message


def test_a_wrong_itch_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "day"
    raw = bytearray(stream()[0])
    raw[2] = ord("z")
    path.write_bytes(raw)
    with pytest.raises(DataError, match="type b'z' isn't one"):
        itch_files.read(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match="no message"):
        itch_files.read(path)
    path.write_bytes(stream()[0])
    with pytest.raises(DataError, match="no message names ZZZZ"):
        itch_files.read(path, ["AAAA", "ZZZZ"])
    with pytest.raises(DataError, match="No such file"):
        itch_files.read(tmp_path / "none")


def capture(path: Path, keep_a: Any = None, keep_b: Any = None, vlan: int | None = None) -> None:
    """Write feed A and perhaps feed B, each with the packets that are kept."""
    every = list(packets(stream()[1]))
    kept = every if keep_a is None else [every[index] for index in keep_a]
    captured = list(frames(Chunks.of(kept), Flow(vlan=vlan)))
    if keep_b is not None:
        flow = Flow(destination_address="233.54.12.112", destination_port=26_401)
        captured += list(frames(Chunks.of([every[index] for index in keep_b]), flow))
    pcap.write(path, Chunks.of(captured))


@pytest.mark.parametrize("vlan", [None, 5])
def test_a_capture_of_one_feed(tmp_path: Path, vlan: int | None) -> None:
    path = tmp_path / "day.pcap"
    capture(path, vlan=vlan)
    about, chunks = captures.read(path)
    observed = join(chunks)
    sent = mold.depacketise(packets(stream()[1]))
    expected = books({1: 0, 2: 1, 3: 2}, last=sent.last_of_packet)
    assert about.instruments == SYMBOLS and about.notes == {}
    assert np.array_equal(observed.tops, expected.tops)
    assert np.array_equal(observed.levels, expected.levels)
    assert 300 < observed.tops["last_of_packet"].sum() < len(observed)


def test_two_feeds_make_up_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "day.pcap"
    count = len(packets(stream()[1]))
    generator = np.random.default_rng(1)
    lost = generator.random((2, count)) < 0.2
    lost[1] &= ~lost[0]
    lost[:, :3] = False  # the directory
    capture(path, np.flatnonzero(~lost[0]), generator.permutation(np.flatnonzero(~lost[1])))
    about, chunks = captures.read(path)
    sent = mold.depacketise(packets(stream()[1]))
    expected = books({1: 0, 2: 1, 3: 2}, last=sent.last_of_packet)
    assert np.array_equal(join(chunks).tops, expected.tops)
    assert about.notes["messages of a second feed"] > 1_000
    # one feed alone has gaps: everything is stale from the first one on
    about, chunks = captures.read(path, choices=[Choice(port=26_401)])
    alone = join(chunks)
    assert about.notes["gaps"] > 10
    first = int(np.argmax(alone.tops["operation"] == Operation.STALE))
    assert (alone.tops["reason"][first + 3 :] == Reason.GAP).all() and first < len(alone) // 2
    assert np.array_equal(alone.levels[:first], expected.levels[:first])


@pytest.mark.parametrize("cut", [1, 7, 17, 200])
def test_a_cut_capture_is_refused_with_its_place(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "day.pcap"
    capture(path)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(DataError, match=r"it breaks off within record \d+, at byte \d+"):
        captures.read(path)
    path.write_bytes(b"not a capture, but long enough to be one")
    with pytest.raises(DataError, match="neither pcap nor pcapng"):
        captures.read(path)


def with_check(frame: bytes) -> bytes:
    return frame + zlib.crc32(frame).to_bytes(4, "little")


def turned(frame: bytes, at: int) -> bytes:
    return frame[:at] + bytes([frame[at] ^ 4]) + frame[at + 1 :]


@pytest.mark.parametrize("checked", [False, True])
def test_a_wrong_datagram_of_a_capture_is_lost(tmp_path: Path, checked: bool) -> None:
    """One bit of a price, found by the UDP checksum, by the frame's where the capture has it, or by
    none: then the sender gave no checksum, and the books are others."""
    path = tmp_path / "day.pcap"
    sent = [frame if checked else frame[:-4] for frame in frames(packets(stream()[1]), Flow())]
    place = len(sent) // 2
    bad = turned(sent[place], 42 + 20 + 2 + 35)
    pcap.write(path, Chunks.of([*sent[:place], bad, *sent[place + 1 :]]))
    about, chunks = captures.read(path)
    cause = "frames with a wrong check sequence" if checked else "datagrams with a wrong checksum"
    count = int.from_bytes(bad[60:62], "big")
    assert about.notes == {cause: 1, "gaps": 1, "messages lacking": count} and count > 0
    alone = join(chunks)
    first = int(np.argmax(alone.tops["operation"] == Operation.STALE))
    assert (alone.tops["reason"][first + 3 :] == Reason.GAP).all() and 0 < first < len(alone)
    # the other feed's copy makes up for it
    pcap.write(path, Chunks.of([*sent[:place], bad, *sent[place:]]))
    about, chunks = captures.read(path)
    assert about.notes == {cause: 1}
    assert np.array_equal(join(chunks).tops, books({1: 0, 2: 1, 3: 2}, last=lasts()).tops)
    if not checked:
        silent = bad[:40] + b"\0\0" + bad[42:]
        pcap.write(path, Chunks.of([*sent[:place], silent, *sent[place + 1 :]]))
        about, chunks = captures.read(path)
        assert about.notes == {}
        assert not np.array_equal(join(chunks).tops, books({1: 0, 2: 1, 3: 2}, last=lasts()).tops)


def lasts() -> Any:
    return mold.depacketise(packets(stream()[1])).last_of_packet


@pytest.mark.parametrize("first", [0, 2, 1001, 2**64 - 10_000])
def test_a_capture_that_begins_within_a_session_is_not_trusted(tmp_path: Path, first: int) -> None:
    """Nothing of it lacks, whatever its numbers are."""
    path = tmp_path / "day.pcap"
    every = packets(stream()[1], first=first)
    pcap.write(path, frames(every, Flow()))
    about, chunks = captures.read(path)
    assert about.notes == {"joined at message": first}
    tops = join(chunks).tops
    assert tops["stale"].all() and (tops["reason"] == Reason.NO_START).all()
    about, chunks = captures.read(path, trust_from_here=True)
    assert about.notes == {"joined at message": first}
    believed = join(chunks).tops
    assert not believed["stale"].any() and len(believed) == len(tops) - len(SYMBOLS)


def test_frames_of_something_else_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "day.pcap"
    feed = list(frames(packets(stream()[1]), Flow()))
    arp = with_check(b"\xff" * 12 + b"\x08\x06" + bytes(46))
    pcap.write(path, Chunks.of([arp, *feed, arp]))
    about, _ = captures.read(path)
    assert about.notes == {"frames of something else": 2}
    pcap.write(path, Chunks.of([arp]))
    with pytest.raises(DataError, match="no datagram in its 1 frames: 1 frames of something else"):
        captures.read(path)


# -- LOBSTER -------------------------------------------------------------------------------------

MESSAGES = """34200.1,1,11,100,1000000,1
34200.2,1,12,50,1000200,-1
34200.3,5,0,10,1000100,1
34200.4,4,12,20,1000200,-1
34200.5,7,0,0,-1,-1
34200.6,7,0,0,1,-1
34200.7,2,12,10,1000200,-1
34200.8,3,11,100,1000000,1
"""
BOOKS = """9999999999,0,1000000,100
1000200,50,1000000,100
1000200,50,1000000,100
1000200,30,1000000,100
1000200,30,1000000,100
1000200,30,1000000,100
1000200,20,1000000,100
1000200,20,-9999999999,0
"""


def test_a_lobster_day(tmp_path: Path) -> None:
    path = tmp_path / "LOBSTER_SampleFile_XYZ_2012-06-21_1.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("XYZ_message_1.csv", MESSAGES)
        file.writestr("XYZ_orderbook_1.csv", BOOKS)
    about, chunks = lobster_days.read(path)
    observed = join(chunks)
    assert (about.instruments, about.date, about.depth) == (("XYZ",), "2012-06-21", 1)
    assert about.notes == {"hidden executions left out": 1}
    tops = observed.tops
    kinds = [Operation(kind).name for kind in tops["operation"]]
    assert kinds == ["ADD", "ADD", "EXECUTE", "HALT", "RESUME", "CANCEL", "DELETE"]
    assert tops["ask_shares"].tolist() == [0, 50, 30, 30, 30, 20, 20]
    reasons = [Reason(reason).name for reason in tops["reason"]]
    assert reasons == ["ONE_SIDED", "OK", "OK", "HALTED", "OK", "OK", "ONE_SIDED"]
    assert tops["operation_side"].tolist() == [0, 1, 1, 0, 0, 1, 0]
    assert tops["timestamp"][0] == 34_200_100_000_000
    whole = path.read_bytes()
    for cut in (10, len(whole) // 2):
        path.write_bytes(whole[:-cut])
        with pytest.raises(DataError, match="ends without a zip's directory"):
            lobster_days.read(path)
    damaged = bytearray(whole)
    damaged[60:90] = bytes(30)
    path.write_bytes(damaged)
    with pytest.raises(DataError) as caught:
        lobster_days.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "rows"),
    [("1000200,20,1000000,100", "1000200,21,1000000,100", "of 4 rows"), ("10002", "10102", "of 4")],
)
def test_a_lobster_day_with_another_book(tmp_path: Path, right: str, wrong: str, rows: str) -> None:
    """One size, or one side's prices."""
    path = tmp_path / "LOBSTER_SampleFile_XYZ_2012-06-21_1.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("XYZ_message_1.csv", MESSAGES)
        file.writestr("XYZ_orderbook_1.csv", BOOKS.replace(right, wrong))
    with pytest.raises(DataError, match=f"isn't what the message makes of the row before.*{rows}"):
        lobster_days.read(path)


# -- Bitcoin -------------------------------------------------------------------------------------

ORDERS = """id,timestamp,exchange_timestamp,price,volume,action,direction
1,1777689383201,1777689380521,100.5,1.5,created,bid
2,1777689383201,1777689380521,101.0,2e-07,created,ask
3,1777689383201,1777689380521,999999999.0,1.0,created,ask
4,1777689383300,1777689380600,102.0,0.5,created,bid
2,1777689383400,1777689380600,101.0,0.0,deleted,ask
5,1777689383500,1777689380600,103.0,4.0,created,ask
5,1777689383600,1777689380600,103.0,1.0,changed,ask
9,1777689383600,1777689380600,103.0,1.0,deleted,ask
1,1777689383700,1777689380600,100.5,1.5,deleted,bid
4,1777689384000,1777689384000,102.0,0.5,deleted,bid
5,1777689384000,1777689384000,103.0,1.0,deleted,ask
"""


def test_bitcoin_orders(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(ORDERS.encode()))
    about, chunks = bitstamp.read(path)
    observed = join(chunks)
    assert (about.instruments, about.date) == (("BTCUSD",), "2026-05-02")
    kinds = [Operation(kind).name for kind in observed.tops["operation"]]
    # order 4 crosses and waits until order 2 has traded
    assert kinds == ["ADD", "ADD", "EXECUTE", "ADD", "ADD", "EXECUTE", "DELETE"]
    prices, shares = observed.tops["operation_price"], observed.tops["operation_shares"]
    assert prices.tolist()[:4] == [1_005_000, 1_010_000, 1_010_000, 1_020_000]
    assert shares.tolist() == [
        1_500_000, 1, 1, 500_000, 4_000_000, 3_000_000, 1_500_000,
    ]  # fmt: skip
    assert about.notes == {
        "orders that don't fit 32 bits": 1,
        "orders that crossed, kept aside": 1,
        "rows that name no order": 1,
        "deletions added at the recording's end": 2,
    }
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="damaged or cut short"):
        bitstamp.read(path)
    path.write_bytes(gzip.compress(ORDERS.replace("4.0", "four").encode()))
    with pytest.raises(DataError, match="line 7"):
        bitstamp.read(path)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("0", 0),
        ("0.0", 0),
        ("1", 10),
        ("0.04", 1),
        ("0.05", 1),
        ("0.15", 2),
        ("1e-9", 1),
        ("2.25", 23),
    ],
)
def test_decimals_become_whole_units(text: str, whole: int) -> None:
    assert bitstamp.scaled(text, 10) == whole


@pytest.mark.long
def test_the_package_holds_what_is_documented() -> None:
    try:
        path = bitstamp.find()
    except DataError as error:
        pytest.skip(str(error))
    about, chunks = bitstamp.read(path)
    observed = join(chunks)
    assert len(observed) > 100_000
    assert not any(name.startswith("refused") for name in about.notes)
    assert (observed.tops["reason"] == Reason.OK).mean() > 0.97
    ops = operations_of(path)
    naive = NaiveBook(1).apply(ops[:12_000], levels=True)
    assert np.array_equal(naive.levels, observed.levels[:12_000])


def operations_of(path: Path) -> Records:
    return bitstamp._Converter({}).run(bitstamp._rows(path, quiet))
