"""Captures through the RTL: what it decodes is what scapy, itchfeed and the host's codec decode."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
from itch.messages import messages as judged_types
from scapy.layers.inet import UDP
from scapy.layers.l2 import ARP, Dot1Q, Ether
from scapy.utils import PcapNgWriter, rdpcap

from tickwire.book.compiled import Book
from tickwire.cli import decode as command
from tickwire.cli import through_rtl
from tickwire.cli.decode import main
from tickwire.cli.through_rtl import decode
from tickwire.data import captures
from tickwire.data.booked import UNSAID
from tickwire.data.events import DataError, join
from tickwire.data.instruments import chosen
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.replay.feed import Received, receive
from tickwire.wire import itch, pcap
from tickwire.wire.capture import framed
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.operations import operations
from tickwire.wire.window import Window, WindowError

EVENTS = 1_500
# Where itchfeed calls a field other than the specification does.
THEIRS = {
    "original_order_reference_number": "order_reference_number",
    "price_variation_indicator": "variation_indicator",
    "luld_reference_price_tier": "luld_ref",
}


def a_day(seed: int = 1, events: int = EVENTS) -> Day:
    return Day(DayConfig(seed=seed, events=events))


def captured(messages: itch.Messages, flow: Flow, session: bytes = b"TICKWIRE") -> list[bytes]:
    """Frames as a capture holds them, without check sequence."""
    return [frame[:-4] for frame in frames(packets(messages, session=session), flow)]


def write(path: Path, every: list[bytes]) -> Path:
    pcap.write(path, Chunks.of(every))
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def by_scapy(path: Path) -> list[bytes]:
    """Every message of the capture, by way of scapy's headers and the specification's blocks."""
    found = []
    for packet in rdpcap(str(path)):
        if UDP not in packet:
            continue
        payload = bytes(packet[UDP].payload)[: packet[UDP].len - 8]
        count, at = struct.unpack(">H", payload[18:20])[0], 20
        for _ in range(count):
            size = struct.unpack(">H", payload[at : at + 2])[0]
            found.append(payload[at + 2 : at + 2 + size])
            at += 2 + size
    return found


def agree(row: dict[str, Any], raw: bytes) -> int:
    """Every field as itchfeed reads it; how many."""
    theirs = judged_types[raw[:1]](raw)
    names = list(itch.BY_CODE[raw[0]].host.names or ())
    for name in names:
        value = getattr(theirs, THEIRS.get(name, name))
        if isinstance(value, bytes):
            value = value.decode("latin-1").rstrip(" \0")
        assert row[name] == value, (row, name, value)
    return len(names)


def test_each_message_is_a_line_with_every_field(tmp_path: Path) -> None:
    day = a_day()
    path = write(tmp_path / "day.pcap", captured(day.messages(), Flow()))
    assert main([str(path), "--out", str(tmp_path / "day.jsonl")]) == 0
    rows, judged = lines(tmp_path / "day.jsonl"), by_scapy(path)
    assert len(rows) == len(judged) == EVENTS
    assert sum(agree(row, raw) for row, raw in zip(rows, judged, strict=True)) > 8 * EVENTS
    assert [row["sequence_number"] for row in rows] == list(range(1, EVENTS + 1))
    stamps = [row["message_cycle"] for row in rows]
    assert stamps == sorted(stamps)
    assert all(row["frame_cycle"] < row["message_cycle"] for row in rows)
    assert len({row["message_type"] for row in rows}) >= 10


def test_sessions_ports_tags_and_what_is_no_datagram(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """pcapng; two sessions on two ports, one of them tagged, and frames that aren't theirs."""
    one = captured(a_day(2, 300).messages(), Flow())
    two = captured(
        a_day(3, 200).messages(),
        Flow(destination_address="239.1.1.1", destination_port=3333, vlan=7),
        b"OTHER",
    )
    mixed = [frame for pair in zip(one, two, strict=False) for frame in pair]
    mixed += one[len(two) :] + two[len(one) :] + [bytes(Ether() / ARP())]
    with PcapNgWriter(str(tmp_path / "mixed.pcapng")) as writer:
        for frame in mixed:
            writer.write(Ether(frame))
    path, out = tmp_path / "mixed.pcapng", tmp_path / "mixed.jsonl"
    assert main([str(path), "--out", str(out)]) == 0
    summary = capsys.readouterr().err
    assert f"500 messages in {len(mixed)} frames" in summary and "1 other protocol" in summary
    rows = lines(out)
    for session, count in (("TICKWIRE", 300), ("OTHER", 200)):
        mine = [row["sequence_number"] for row in rows if row["session"] == session]
        assert mine == list(range(1, count + 1))
    assert [row["frame"] for row in rows] == sorted(row["frame"] for row in rows)
    assert main([str(path), "--out", str(out), "--port", "3333"]) == 0
    assert {row["session"] for row in lines(out)} == {"OTHER"} and len(lines(out)) == 200
    assert f"{len(one)} filtered" in capsys.readouterr().err
    assert sum(Dot1Q in Ether(frame) for frame in mixed) == len(two)


def test_a_parquet_file_has_the_same_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "day.pcap", captured(a_day(4, 300).messages(), Flow()))
    for suffix in ("jsonl", "parquet"):
        assert main([str(path), "--out", str(tmp_path / f"day.{suffix}")]) == 0
    table = pyarrow.parquet.read_table(tmp_path / "day.parquet").to_pylist()
    plain = [{name: value for name, value in row.items() if value is not None} for row in table]
    assert plain == lines(tmp_path / "day.jsonl") and len(plain) == 300


def test_a_wrong_message_is_a_line_as_well(tmp_path: Path) -> None:
    messages = [b"Z" + bytes(20), b"D" + bytes(20), b"A", b"", b"S" + bytes(11)]
    body = b"".join(struct.pack(">H", len(one)) + one for one in messages)
    payload = b"TICKWIRE  " + struct.pack(">QH", 9, len(messages)) + body
    frame = frames(Chunks.of([payload]), Flow())[0][:-4]
    out = tmp_path / "out.jsonl"
    assert main([str(write(tmp_path / "odd.pcap", [frame])), "--out", str(out)]) == 1
    rows = lines(out)
    assert [row["sequence_number"] for row in rows] == [9, 10, 11, 12, 13]
    short = "shorter than any message"
    assert [row.get("fault") for row in rows] == ["unknown type", "21 bytes", short, short, None]
    assert bytes.fromhex(rows[0]["bytes"]) == messages[0] and rows[4]["name"] == "system_event"


def test_lost_packets_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = captured(a_day(5, 400).messages(), Flow())
    assert len(every) > 20
    path = write(tmp_path / "gap.pcap", every[:5] + every[8:])
    assert main([str(path), "--out", str(tmp_path / "gap.jsonl")]) == 1
    assert "LOST: " in capsys.readouterr().err


def late_line(events: int = 400) -> list[bytes]:
    """Two lines; B comes six packets behind A, and A lacks every ninth."""
    messages = a_day(5, events).messages()
    a = captured(messages, Flow())
    b = captured(messages, Flow(destination_address="233.54.12.112"))
    mixed: list[bytes] = []
    for at in range(len(a) + 6):
        if at < len(a) and (at % 9 != 4 or at == len(a) - 1):
            mixed.append(a[at])
        if at >= 6:
            mixed.append(b[at - 6])
    return mixed


@pytest.mark.parametrize("books", [False, True])
def test_what_a_late_line_brings_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], books: bool
) -> None:
    path, out = write(tmp_path / "late.pcap", late_line()), tmp_path / "late.jsonl"
    argv = [str(path), "--out", str(out), *(["--symbols", "AAAA,BBBB"] if books else []), "--json"]
    assert main(argv) == 1
    alone = json.loads(capsys.readouterr().out)
    assert alone["hardware"]["gaps"] > 3 and alone["lost"] and alone["window"] == 0
    assert len(lines(out)) < 400 and not {"hold_drops", "reordered"} & set(alone["hardware"])
    for text, cycles in (("100us", 12_500 if books else 15_625), ("20000", 20_000)):
        assert main([*argv, "--window", text]) == 0
        waited = json.loads(capsys.readouterr().out)
        assert "gaps" not in waited["hardware"] and not waited["lost"]
        assert waited["hardware"]["reordered"] > 3 and waited["window"] == cycles
        rows = lines(out)
        assert sorted(row["sequence_number"] for row in rows) == list(range(1, 401))
        if books:
            shown = {row["sequence_number"]: row["book"] for row in rows if "book" in row}
            assert len(shown) > 50 and not any(book["stale"] for book in shown.values())
            right = write(tmp_path / "whole.pcap", captured(a_day(5, 400).messages(), Flow()))
            assert main([str(right), *argv[1:]]) == 0
            whole = {row["sequence_number"]: row["book"] for row in lines(out) if "book" in row}
            assert shown == whole
            capsys.readouterr()
    assert main([*argv[:-1], "--window", "100us"]) == 0
    assert "what was ahead waited up to 1" in capsys.readouterr().err


def test_what_waits_when_a_capture_ends_comes_out(tmp_path: Path) -> None:
    """A gap that nothing fills: it is waited for beyond the last frame, then given up."""
    every = captured(a_day(5, 100).messages(), Flow())
    path, out = write(tmp_path / "end.pcap", every[:-3] + every[-2:]), tmp_path / "end.jsonl"
    assert main([str(path), "--out", str(out), "--window", "9000"]) == 1
    assert lines(out)[-1]["sequence_number"] == 100 and len(lines(out)) < 100


def test_a_window_is_cycles_or_a_time() -> None:
    for text, hertz, cycles in (
        ("0", 1, 0), ("12500", 1, 12_500), ("100us", 125_000_000, 12_500), ("0us", 7, 0),
        ("1ns", 125_000_000, 1), ("9ns", 125_000_000, 2), ("2ms", 156_250_000, 312_500),
        ("16777215", 1, (1 << 24) - 1),
    ):  # fmt: skip
        assert Window.parse(text).cycles(hertz) == cycles
    for wrong in ("", "-1", "1.5us", "1s", "us", "16777216", "0x10"):
        with pytest.raises(WindowError):
            Window.parse(wrong)
    with pytest.raises(WindowError, match="at most"):
        Window.parse("135ms").cycles(125_000_000)


@pytest.mark.parametrize(
    ("column", "row", "text"),
    [("sequence_number", 7, "message 9 isn't what"), ("at", 7, "message 8 isn't what"),
     ("frame", 7, "message 8 isn't what")],
)  # fmt: skip
def test_a_message_that_the_host_does_not_deliver_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    column: str,
    row: int,
    text: str,
) -> None:
    def doctored(*args: Any) -> Received:
        received = receive(*args)
        received.messages[column][row] += 1
        return received

    path = write(tmp_path / "day.pcap", captured(a_day(10, 100).messages(), Flow()))
    monkeypatch.setattr(through_rtl, "receive", doctored)
    assert main([str(path), "--out", str(tmp_path / "x.jsonl")]) == 2
    assert text in capsys.readouterr().err and not (tmp_path / "x.jsonl").exists()


def test_check_sequences_that_were_captured_are_kept() -> None:
    whole = frames(packets(a_day(6, 100).messages()), Flow())
    assert list(framed(whole)) == list(whole)
    assert list(framed(Chunks.of(frame[:-4] for frame in whole))) == list(whole)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.6])
def test_a_wrong_check_sequence_stays_wrong_among_right_ones(share: float) -> None:
    """Up to half of them; where more are wrong the capture counts as one that has none."""
    whole = list(frames(packets(a_day(6, 100).messages()), Flow()))
    wrong = int(len(whole) * share)
    spoiled = [one[:-1] + bytes([one[-1] ^ 1]) for one in whole[:wrong]] + whole[wrong:]
    observed = list(framed(Chunks.of(spoiled)))
    if share <= 0.5:
        assert observed == spoiled and observed != whole
    else:
        assert [one[:-4] for one in observed] == spoiled


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["absent.pcap"], "absent.pcap: No such file or directory"),
        (["text.pcap"], "text.pcap: neither pcap nor pcapng"),
        (["cut.pcap"], "cut.pcap: it breaks off within record"),
        (["header.pcap"], "header.pcap: it breaks off within record"),
        (["empty.pcap"], "empty.pcap: it holds no frame"),
        (["day.pcap", "--out", "x.csv"], "x.csv: write to a name that ends in .jsonl or .parquet"),
        (["day.pcap", "--port", "70000"], "port 70000 isn't within 0 to 65,535"),
        (
            ["day.pcap", "--window", "soon"],
            "--window 'soon': a whole number of cycles, or a time such as",
        ),
        (["day.pcap", "--window", "1000ms"], "--window 1000ms: 156,250,000 cycles; a window holds"),
        (["messages", "--window", "9"], "messages: only a capture has lines out of step"),
        (["day.pcap", "--symbols", "TOOLONGNAME"], "a symbol has 1 to 8 characters"),
        (["day.pcap", "--symbols", "ZZZZ"], "day.pcap: no message names ZZZZ"),
        (["messages", "--out", "messages.jsonl"], "messages.jsonl: it is what is read"),
        (["day.pcap", "--simbols", "A"], "unrecognized arguments: --simbols A"),
        (["day.pcap", "--symbols", "A=x"], "A=x: a locate is a whole number below 65,536"),
        (["day.pcap", "--symbols", "A,B,C,D,E,F,G,H,I"], "9 symbols; a file holds at most 8"),
    ],
)
def test_one_line_says_what_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = write(Path("day.pcap"), captured(a_day(7, 50).messages(), Flow())).read_bytes()
    stream = itch.encode(a_day(7, 50).messages())
    Path("messages").write_bytes(bytes(stream))
    Path("messages.jsonl").symlink_to("messages")
    Path("text.pcap").write_text("this is no capture at all")
    Path("cut.pcap").write_bytes(whole[:-9])
    Path("header.pcap").write_bytes(whole + whole[24:36])
    Path("empty.pcap").write_bytes(whole[:24])
    try:
        assert main(arguments) == 2
    except SystemExit as refused:
        assert refused.code == 2
    error = capsys.readouterr().err
    assert error.startswith("decode: ") and text in error and error.count("\n") == 1


def test_symbols_may_bring_their_locates() -> None:
    assert chosen(["A", "B=13", "A"]) == (["A", "B"], {"B": 13})
    for wrong in (["A=65536"], ["A="], ["A=1", "A=2"], ["A=1", "B=1"]):
        with pytest.raises(DataError):
            chosen(wrong)


@pytest.mark.long
def test_books_of_symbols_are_those_of_the_book() -> None:
    """Two of a day's eight, learned from the directory, one by its locate."""
    day = a_day(8, 3_000)
    messages = day.messages()
    every = Chunks.of(captured(messages, Flow()))
    times = np.zeros(len(every), np.int64)
    for names, locates in ((["CCCC", "AAAA"], {}), (["ANY"], {"ANY": 3})):
        decoded = decode(every, times, symbols=names, locates=locates)
        followed = locates or {1: 1, 3: 0}
        slots = {3: 0} if locates else followed
        ops = operations(messages, slots)
        expected = Book(8).apply(ops).tops
        books = {
            int(decoded.messages["sequence_number"][row]): book
            for row, book in decoded.books.items()
        }
        assert len(books) == len(ops) > 200
        for top in expected:
            book = books[int(top["sequence_number"])]
            assert book["symbol"] == names[int(top["slot"])]
            for name in ("bid_price", "bid_shares", "bid_orders", "ask_price", "ask_shares"):
                assert book[name] == int(top[name])
            assert book["stale"] == bool(top["stale"])
        assert decoded.learned == set(names)


@pytest.mark.parametrize("trust", [False, True])
def test_a_capture_that_begins_late_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trust: bool,
) -> None:
    """And the register is written by which the hardware believes it, or doesn't."""
    given: list[int] = []

    def run(top: Any, traffic: Any, registers: Any, **more: Any) -> Any:
        given.append(registers.any_start)
        return real(top, traffic, registers, **more)

    real = through_rtl.Top.run
    monkeypatch.setattr(through_rtl.Top, "run", run)
    every = captured(a_day(5, 300).messages(), Flow())
    path = write(tmp_path / "late.pcap", every[12:])
    told = ["--trust-from-here"] if trust else []
    assert main([str(path), "--out", str(tmp_path / "late.jsonl"), *told]) == 0
    first = lines(tmp_path / "late.jsonl")[0]["sequence_number"]
    says = "trusted from there on" if trust else "not trusted until a snapshot"
    said = capsys.readouterr().err.splitlines()
    assert first > 1 and f"TICKWIRE joined at message {first}: {says}" in said
    assert given == [int(trust)]


@pytest.mark.long
@pytest.mark.parametrize("trust", [False, True])
def test_books_of_a_capture_that_begins_late(trust: bool) -> None:
    """Before any order: what is believed by word is then the book."""
    messages = a_day(8, 3_000).messages()
    payloads = packetise(itch.encode(messages), [1] * len(messages), session=b"TICKWIRE")
    every = Chunks.of(frame[:-4] for frame in list(frames(payloads, Flow()))[2:])
    times = np.zeros(len(every), np.int64)
    decoded = decode(every, times, symbols=["CCCC"], locates={"CCCC": 3}, trust_from_here=trust)
    expected = {int(top["sequence_number"]): top
                for top in Book(8).apply(operations(messages, {3: 0})).tops}  # fmt: skip
    assert len(decoded.books) > 100 and decoded.dropped["late_joins"] == 1
    for row, book in decoded.books.items():
        top = expected[int(decoded.messages["sequence_number"][row])]
        assert book["stale"] == (not trust or bool(top["stale"]))
        assert book["bid_price"] == (int(top["bid_price"]) if trust else 0)


def said(*messages: bytes) -> list[bytes]:
    return [len(one).to_bytes(2, "big") + one for one in messages]


def head(kind: bytes, locate: int) -> bytes:
    return kind + locate.to_bytes(2, "big") + bytes(8)


def listed(locate: int, name: bytes) -> list[bytes]:
    """It is in the directory, and trades."""
    return said(
        head(b"R", locate) + name + b"QN\0\0\0dNCZ PNN1N\0\0\0\0N",
        head(b"H", locate) + name + b"T     ",
    )


def added(locate: int, name: bytes, number: int, price: int) -> bytes:
    raw = head(b"A", locate) + number.to_bytes(8, "big") + b"B" + (7).to_bytes(4, "big")
    return said(raw + name + price.to_bytes(4, "big"))[0]


def packed(session: bytes, messages: list[bytes], first: int = 1) -> list[bytes]:
    payloads = packetise(
        b"".join(messages), [1] * len(messages), session=session, sequence_number=first
    )
    return [frame[:-4] for frame in frames(payloads, Flow())]


def empty(session: bytes, number: int, count: bytes) -> list[bytes]:
    """A packet without messages: a heartbeat, or the end."""
    payload = session.ljust(10) + number.to_bytes(8, "big") + count
    return [frame[:-4] for frame in frames(Chunks.of([payload]), Flow())]


AAPL, MSFT = b"AAPL    ", b"MSFT    "
OPENS, RUNS = said(head(b"S", 0) + b"O", head(b"S", 0) + b"Q")


def traded(of_aapl: int, of_msft: int, number: int) -> list[bytes]:
    every = [OPENS, *listed(of_aapl, AAPL), *listed(of_msft, MSFT), RUNS]
    every += [added(of_aapl, AAPL, number + at, 1_500_000) for at in range(3)]
    return every + [added(of_msft, MSFT, number + 9 + at, 3_300_000) for at in range(3)]


def fresh(path: Path, *more: str) -> list[tuple[str, int, int]]:
    """Of the books that aren't stale: session, number, best bid."""
    out = path.with_suffix(".jsonl")
    assert main([str(path), "--out", str(out), "--symbols", *more]) in (0, 1)
    rows = [row for row in lines(out) if row.get("book") and not row["book"]["stale"]]
    return [(row["session"], row["sequence_number"], row["book"]["bid_price"]) for row in rows]


@pytest.mark.long
def test_a_locate_that_changes_hands_is_not_taken_for_the_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given as NAME=locate, by the day or within one: no book has another instrument's orders."""
    frames_of = packed(b"MON", traded(13, 14, 100)) + packed(b"TUE", traded(14, 13, 500))
    days = write(tmp_path / "days.pcap", frames_of)
    moved = traded(13, 14, 100) + listed(14, AAPL) + [added(14, AAPL, 900, 5_000_000)]
    onto = write(tmp_path / "onto.pcap", packed(b"DAY", moved))
    for path in (days, onto):
        for asked in ("AAPL", "AAPL=14", "AAPL=13"):
            books = fresh(path, asked)
            assert all(bid in (0, 1_500_000) for _, _, bid in books), (path, asked, books)
        assert any(bid == 1_500_000 for _, _, bid in fresh(path, "AAPL"))
    assert any(bid == 3_300_000 for *_, bid in fresh(onto, "MSFT"))
    for path in (days, onto):  # a name of one's own, which no message could contradict
        assert main([str(path), "--symbols", "ANY=14"]) == 2
        assert "locate 14 stands for" in capsys.readouterr().err


@pytest.mark.long
def test_what_comes_late_of_a_session_is_no_book_of_its_own(tmp_path: Path) -> None:
    """Though what a session that is joined late had before is to be trusted."""
    day = [OPENS, *listed(13, AAPL), RUNS]
    day += [added(13, AAPL, 100 + at, 1_000_000 + 100 * at) for at in range(30)]
    every, late = packed(b"DAY", day), slice(20, 23)
    end = empty(b"DAY", 35, b"\xff\xff")
    other = packed(b"NEXT", traded(13, 14, 500))
    path = write(tmp_path / "late.pcap", every[:20] + every[23:] + end + other + every[late])
    books = fresh(path, "AAPL=13", "--trust-from-here")
    assert {number for session, number, _ in books if session == "DAY"} <= set(range(1, 21))
    assert len([1 for session, *_ in books if session == "DAY"]) > 10


@pytest.mark.parametrize("trust", [False, True])
def test_what_a_heartbeat_says_was_sent_before_is_a_loss(tmp_path: Path, trust: bool) -> None:
    """Also where the session is joined late, and what was before it is trusted."""
    day = [OPENS, *listed(13, AAPL), RUNS]
    day += [added(13, AAPL, 100 + at, 1_000_000 + 100 * at) for at in range(40)]
    beat = empty(b"DAY", 11, b"\0\0")
    for beats, stale in ((beat, True), ([], not trust)):
        path = write(tmp_path / "beat.pcap", beats + packed(b"DAY", day[20:], first=21))
        about, chunks = captures.read(path, ["AAPL=13"], trust_from_here=trust)
        events = join(chunks).tops["stale"].astype(bool).tolist()
        assert len(events) >= 24 and all(events) == stale == any(events)
        about.notes.pop("ignored while stale", None)
        lacking = {"gaps": 1, "messages lacking": 10} if beats else {}
        assert about.notes == lacking | {"joined at message": 11 if beats else 21} | (
            {} if trust else {UNSAID: 1}
        )


def test_nothing_is_left_after_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    path = write(tmp_path / "day.pcap", captured(a_day(9, 50).messages(), Flow()))
    monkeypatch.setattr(command, "decode", interrupted)
    assert main([str(path), "--out", str(tmp_path / "x.jsonl")]) == 130
    assert capsys.readouterr().err == "decode: interrupted\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["day.pcap"]
