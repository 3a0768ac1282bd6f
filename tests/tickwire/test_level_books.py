"""Books fed by levels, and captures of IEX DEEP: held to MeatPy, to a naive book, to orders."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from meatpy.iex_deep import iex_deep_message_reader
from meatpy.iex_deep.iex_deep_market_processor import IEXDEEPMarketProcessor

from hwtools.bits import Records
from sim.run_path import day as days
from tickwire.book.compiled import Book
from tickwire.cli import __main__ as cli
from tickwire.cli.decode import main
from tickwire.data import captures
from tickwire.data.booked import UNSAID
from tickwire.data.days import write_capture
from tickwire.data.events import DataError, join
from tickwire.exchange import deep_day
from tickwire.exchange.flow import Day, DayConfig
from tickwire.exchange.market import Market, MarketConfig
from tickwire.gen.deep_table import MESSAGES
from tickwire.gen.records import Operation, Reason, Side
from tickwire.wire import deep, iex_tp, itch, level_operations, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.codec import Messages
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.operations import operations

A = Flow()
B = Flow(destination_address="233.215.21.244", destination_port=10_378)
SYMBOLS = ("AAAA", "BBBB")


@lru_cache(maxsize=None)
def a_day(kind: str) -> tuple[itch.Messages, Messages, list[int]]:
    """A day's messages, the same as levels, and which of the first each of these is from."""
    events = 6_000
    day: Day | Market
    if kind == "flow":
        day = Day(DayConfig(seed=1, events=events, symbols=SYMBOLS))
    else:
        day = Market(MarketConfig(seed=1, events=events, symbols=SYMBOLS))
    messages = day.messages()
    return messages, *deep_day.translate(messages)


def write(path: Path, kind: str, *flows: Flow, keep: Any = None) -> Path:
    sent = list(deep_day.packets(a_day(kind)[1]))
    sent = sent if keep is None else [sent[at] for at in keep]
    every = [frame[:-4] for flow in flows or (A,) for frame in frames(Chunks.of(sent), flow)]
    pcap.write(path, Chunks.of(every))
    return path


class Naive:
    """Books of levels, kept as the specification says: a size is what rests there now."""

    def __init__(self) -> None:
        self.sides: dict[tuple[bytes, str], dict[int, int]] = {}

    def take(self, symbol: bytes, side: str, price: int, size: int) -> None:
        levels = self.sides.setdefault((symbol, side), {})
        levels[price] = size
        if not size:
            del levels[price]

    def best(self, symbol: bytes, side: str) -> list[tuple[int, int]]:
        levels = self.sides.get((symbol, side), {})
        return sorted(levels.items(), reverse=side == "8")[:10]


@pytest.mark.parametrize("kind", ["flow", "market"])
def test_books_are_those_of_a_naive_book_fed_by_meatpy(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "day.pcap", kind)
    about, chunks = captures.read(path)
    observed = join(chunks)
    assert about.source == "pcap, IEX DEEP" and about.date == "2018-01-22"
    assert about.instruments == SYMBOLS and about.notes == {}
    naive, row, depths = Naive(), 0, set()
    judged = {
        name: IEXDEEPMarketProcessor(name.ljust(8).encode(), track_lob=False) for name in SYMBOLS
    }
    for message in iex_deep_message_reader.IEXDEEPMessageReader().read_file(path):
        code = message.message_type.decode()
        for processor in judged.values():
            processor.process_message(message)
        if code in "HO":
            row += 1
        if code not in "85":
            continue
        naive.take(message.symbol, code, message.price, message.size)
        name = message.symbol.decode().rstrip()
        top, levels = observed.tops[row], observed.levels[row]
        assert SYMBOLS[int(top["slot"])] == name and top["last_of_packet"] == message.event_flags
        assert not top["stale"]
        for side in "85":
            best = naive.best(message.symbol, side)
            mine = levels[Side.BUY if side == "8" else Side.SELL]
            shown = [(int(one["price"]), int(one["shares"])) for one in mine if one["orders"]]
            assert shown == best, (row, name, side)
            depths.add(len(best))
        their_levels = judged[name]._bid_levels if code == "8" else judged[name]._ask_levels
        assert their_levels == naive.sides[message.symbol, code]
        row += 1
    assert row == len(observed) > 4_000 and 10 in depths


@pytest.mark.parametrize("kind", ["flow", "market"])
def test_levels_and_orders_make_the_same_book(kind: str) -> None:
    """Shares at each price, after each message of a day, by either feed."""
    messages, levels, origin = a_day(kind)
    slots = {1: 0, 2: 1}
    by_orders = Book(2).apply(operations(messages, slots), levels=True)
    names = {name.ljust(8).encode(): slot for slot, name in enumerate(SYMBOLS)}
    ops = level_operations.operations(levels, names)
    by_levels = Book(2).apply(ops, levels=True)
    assert not by_levels.causes.any() and not by_levels.tops["stale"].any()
    numbers = np.array(origin)[ops["sequence_number"].astype(np.int64) - 1] + 1
    ends = np.flatnonzero(ops["last_of_packet"])
    ends = ends[np.append(np.diff(numbers[ends].astype(np.int64)) != 0, True)]  # H and its O
    assert len(np.unique(numbers[ends])) == len(ends) > 4_000
    at = np.searchsorted(by_orders.tops["sequence_number"], numbers[ends])
    assert np.array_equal(by_orders.tops["sequence_number"][at], numbers[ends])
    assert by_orders.levels is not None and by_levels.levels is not None
    for what in ("price", "shares"):
        assert np.array_equal(by_orders.levels[at][what], by_levels.levels[ends][what])
    resumed = ops["operation"] == Operation.RESUME
    begun = [np.flatnonzero(resumed & (ops["slot"] == slot))[0] for slot in names.values()]
    told = ends >= max(begun)  # both H and O were said
    assert told.sum() > 4_000
    for what in ("crossed", "locked", "halted", "stale", "reason", "timestamp", "slot"):
        assert np.array_equal(by_orders.tops[at][what][told], by_levels.tops[ends][what][told]), (
            what
        )
    assert (by_levels.tops["halted"][ends][told].sum() > 0) == (kind == "flow")


def level(side: str, price: int, size: int, done: int = 1, symbol: bytes = b"AAAA") -> Any:
    return {
        "message_type": side.encode(), "price": price, "size": size, "event_flags": done,
        "symbol": symbol, "timestamp": deep_day.DAY + 5,
    }  # fmt: skip


def of(*rows: Any) -> Records:
    return level_operations.operations(deep.CODEC.one_by_one(rows), {b"AAAA    ": 0})


def test_each_update_is_one_operation() -> None:
    ops = of(
        level("8", 100, 5), level("5", 100, 6), level("8", 100, 7, 0), level("8", 100, 7),
        level("8", 100, 0), level("8", 100, 0), level("8", 100, 3), level("8", 1, 1, 1, b"BBBB"),
    )  # fmt: skip
    kinds = [Operation(kind).name for kind in ops["operation"]]
    assert kinds == ["ADD", "ADD", "REPLACE", "REPLACE", "DELETE", "NONE", "ADD"]
    assert ops["last_of_packet"].tolist() == [1, 1, 0, 1, 1, 1, 1]
    assert ops["timestamp"].tolist() == [5] * 7 and ops["sequence_number"].tolist() == [
        *range(1, 8)
    ]
    outcome = Book(1).apply(ops)
    assert not outcome.causes.any() and not outcome.tops["stale"].any()
    assert outcome.tops["bid_shares"].tolist() == [5, 5, 7, 7, 0, 0, 3]


@pytest.mark.parametrize("price", [0, -1, 1 << 32, -(1 << 63), (1 << 63) - 1])
def test_a_price_that_no_book_holds_makes_its_book_stale(price: int) -> None:
    ops = of(level("8", 99, 5), level("8", price, 5), level("8", 99, 6))
    tops = Book(1).apply(ops).tops
    assert tops["stale"].tolist() == [0, 1, 1] and (tops["reason"][1:] == Reason.BAD_PRICE).all()


def test_an_operation_has_only_what_a_book_needs() -> None:
    """As ITCH's: a replace takes its side from the order, a delete has nothing but a reference."""
    ops = of(level("5", 100, 6), level("5", 100, 7), level("5", 100, 0))
    assert ops["side"].tolist() == [Side.SELL, 0, 0]
    assert ops["shares"].tolist() == [6, 7, 0] and ops["price"].tolist() == [100, 100, 0]
    key = (1 << 32) + 100
    assert ops["order_reference"].tolist() == [key] * 3
    assert ops["new_order_reference"].tolist() == [0, key, 0]
    assert (ops["reason"] == Reason.HALTED).all(), "nobody has said that it trades"


def test_either_status_halts() -> None:
    def said(kind: str, status: bytes) -> Any:
        name = "trading_status" if kind == "H" else "operational_halt_status"
        return {"message_type": kind.encode(), name: status, "symbol": b"AAAA",
                "timestamp": deep_day.DAY}  # fmt: skip

    ops = of(
        said("H", b"T"), said("O", b"O"), said("H", b"H"), said("O", b"N"), said("H", b"T"),
        said("H", b"O"), said("H", b"P"), said("H", b"T"),
    )  # fmt: skip
    halted = [True, True, True, True, False, True, True, False]
    assert Book(1).apply(ops).tops["halted"].tolist() == halted
    assert ops["last_of_packet"].tolist() == [1] * 8
    for one in (said("O", b"N"), said("H", b"T")):  # what isn't said counts as a halt
        assert of(one)["operation"].tolist() == [Operation.HALT]
    assert ops["reason"].tolist() == [Reason.HALTED] * 4 + [Reason.OK] * 4
    later = level_operations.operations(
        deep.CODEC.one_by_one([level("8", 100, 5)]),
        {b"AAAA    ": 0},
        any_hours=True,
    )
    assert later["reason"].tolist() == [Reason.OK]


@pytest.mark.parametrize("time", [deep_day.DAY - 1, 0, deep_day.DAY + (1 << 48)])
def test_a_time_that_no_day_has_makes_its_book_stale(time: int) -> None:
    """As in hardware; the day is the first message's."""
    ops = of(level("8", 100, 5), level("8", 100, 7) | {"timestamp": time}, level("8", 100, 6))
    tops = Book(1).apply(ops).tops
    assert tops["stale"].tolist() == [0, 1, 1]
    assert (tops["reason"][1:] == Reason.PARSE_ERROR).all() and ops["timestamp"][1] == 0
    last = level("8", 100, 7) | {"timestamp": deep_day.DAY + (1 << 48) - 1}
    assert not Book(1).apply(of(level("8", 100, 5), last)).tops["stale"].any()


def test_what_the_morning_leaves_out_is_noted(tmp_path: Path) -> None:
    rows = [level("8", 100, 5), level("8", 100, 5, 1, b"BBBB")]
    rows += [{"message_type": b"H", "trading_status": b"T", "symbol": b"AAAA",
              "timestamp": deep_day.DAY}]  # fmt: skip
    body = bytes(deep.CODEC.encode(deep.CODEC.one_by_one(rows)))
    path = tmp_path / "day.pcap"
    sent = iex_tp.packetise(body, [len(rows)])
    pcap.write(path, Chunks.of([frame[:-4] for frame in frames(sent, A)]))
    about, chunks = captures.read(path)
    assert about.notes == {UNSAID: 2}
    assert (join(chunks).tops["reason"] == Reason.HALTED).all()
    assert captures.read(path, trust_from_here=True)[0].notes == {}


@pytest.mark.parametrize("beats", [False, True])
def test_trust_from_here_forgives_no_loss_that_is_known(tmp_path: Path, beats: bool) -> None:
    """A heartbeat names the next message, and what comes first is a later one."""
    rows = [level("8", 100 + at, 5) for at in range(40)]
    body = bytes(deep.CODEC.encode(deep.CODEC.one_by_one(rows)))
    sent = [
        iex_tp.packetise(b"", [0], sequence_number=11),
        iex_tp.packetise(body, [1] * 40, sequence_number=21),
    ]
    every = [frame[:-4] for one in sent[not beats :] for frame in frames(one, A)]
    path = tmp_path / "late.pcap"
    pcap.write(path, Chunks.of(every))
    about, chunks = captures.read(path, trust_from_here=True)
    assert bool(join(chunks).tops["stale"].all()) == beats == about.notes.get("gaps", 0)
    status = main([str(path), "--symbols", "AAAA", "--trust-from-here",
                   "--out", str(tmp_path / "rows.jsonl")])  # fmt: skip
    books = [json.loads(line)["book"] for line in (tmp_path / "rows.jsonl").open()]
    assert len(books) == 40 and {one["stale"] for one in books} == {int(beats)} == {status}
    assert {one["reason"] for one in books} == {"gap" if beats else "one_sided"}


def test_midnight_is_new_yorks() -> None:
    try:
        zone = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        pytest.skip("no time zones on this machine")
    for year in (2016, 2018, 2025, 2026):
        for hour in (0, 3, 9, 12, 19, 23):
            for day in range(365):
                then = datetime(year, 1, 1, hour, 30, tzinfo=zone) + timedelta(days=day)
                if hour < 9 and then.weekday() == 6:  # when clocks change
                    continue
                second = int(then.timestamp())
                expected = second - 3600 * hour - 1800
                observed = level_operations.midnight(second * 1_000_000_000 + 7)
                assert observed == expected * 1_000_000_000, then


def test_a_day_goes_on_beyond_midnight() -> None:
    late = level("8", 1, 1) | {"timestamp": deep_day.DAY + 86_400_000_000_123}
    assert of(level("8", 1, 2), late)["timestamp"].tolist() == [5, 86_400_000_000_123]


def test_what_changes_nothing_says_nothing() -> None:
    assert len(of(level("8", 1, 1, 1, b"BBBB"))) == 0
    ops = of(level("5", 7, 0), level("5", 7, 3), level("5", 7, 0), level("5", -7, 3))
    kinds = [Operation.NONE, Operation.ADD, Operation.DELETE, Operation.STALE]
    assert ops["operation"].tolist() == kinds
    for name in ("price", "shares", "side", "new_order_reference"):
        assert ops[name][[0, 2, 3]].tolist() == [0, 0, 0], name
    assert ops["order_reference"].tolist() == [0, (1 << 32) + 7, (1 << 32) + 7, 0]


@pytest.mark.parametrize(
    ("spoiled", "whose"),
    [
        (lambda one: one + b"x", {b"AAAA"}),  # a wrong length, of 8
        (lambda one: b"z" + one[1:], {b"AAAA"}),  # an unknown type
        (lambda one: one[:12], {b"AAAA", b"BBBB"}),  # nobody knows of whom
        (lambda one: b"B" + one[1:], set()),  # a trade break of a wrong length
    ],
)
def test_decode_shows_no_book_as_good_behind_what_it_cannot_read(
    tmp_path: Path, spoiled: Any, whose: set[bytes]
) -> None:
    names = (b"AAAA", b"BBBB")
    rows = [
        level(side, price, 5, 1, name) for name in names for side, price in (("8", 100), ("5", 101))
    ]
    rows += [rows[0], *(level("8", 100, 7, 1, name) for name in names)]
    raw = [bytes(deep.CODEC.encode(deep.CODEC.one_by_one([row])))[2:] for row in rows]
    raw[4] = spoiled(raw[4])
    body = b"".join(len(one).to_bytes(2, "little") + one for one in raw)
    path, out = tmp_path / "day.pcap", tmp_path / "out.jsonl"
    sent = iex_tp.packetise(body, [len(raw)])
    pcap.write(path, Chunks.of([frame[:-4] for frame in frames(sent, A)]))
    asked = ["--symbols", "AAAA,BBBB", "--out", str(out)]
    assert main([str(path), *asked]) == 1
    books = [json.loads(one)["book"] for one in out.read_text().splitlines()[-2:]]
    for name, book in zip(names, books, strict=True):
        stale = name in whose
        assert book["stale"] == stale and (book["reason"] == "parse_error") == stale
        assert book["bid_shares"] == (0 if stale else 7)


# -- Captures --------------------------------------------------------------------------------------


def test_feeds_make_up_for_each_other_and_gaps_are_stale(tmp_path: Path) -> None:
    count = len(deep_day.packets(a_day("flow")[1]))
    whole = join(captures.read(write(tmp_path / "day", "flow"))[1])
    about, chunks = captures.read(write(tmp_path / "both", "flow", A, B))
    assert about.notes == {"messages of a second feed": len(a_day("flow")[1])}
    assert np.array_equal(join(chunks).tops, whole.tops)
    keep = [at for at in range(count) if at != count // 2]
    about, chunks = captures.read(write(tmp_path / "gap", "flow", keep=keep))
    tops = join(chunks).tops
    assert about.notes["gaps"] == 1 and about.notes["messages lacking"] > 0
    first = int(np.argmax(tops["operation"] == Operation.STALE))
    assert (tops["reason"][first + 2 :] == Reason.GAP).all() and 0 < first < len(tops)
    assert np.array_equal(tops[:first], whole.tops[:first])
    late = range(10, count)
    about, chunks = captures.read(write(tmp_path / "late", "flow", keep=late))
    assert join(chunks).tops["stale"].all() and about.notes["joined at message"] > 1


def test_symbols_of_a_feed_of_levels(tmp_path: Path) -> None:
    path = write(tmp_path / "day", "flow")
    about, chunks = captures.read(path, ["BBBB"])
    tops = join(chunks).tops
    assert about.instruments == ("BBBB",) and len(tops) > 1_000 and not tops["slot"].any()
    with pytest.raises(DataError, match="no message names ZZZZ"):
        captures.read(path, ["ZZZZ"])
    rows = [level("8", 100, 5, 1, b"AB\0\0\0\0\0\0"), level("8", 100, 5, 1, b"CD")]
    raw = deep.CODEC.encode(deep.CODEC.one_by_one(rows))
    odd = tmp_path / "odd"
    pcap.write(odd, Chunks.of(frame[:-4] for frame in frames(iex_tp.packetise(raw, [2]), A)))
    assert captures.read(odd)[0].instruments == ("AB" + "\0" * 6, "CD")
    with pytest.raises(DataError, match=r"no message names AB; it is sent as 'AB\\\\x00"):
        captures.read(odd, ["AB"])
    with pytest.raises(DataError, match=r"no message names C$"):
        captures.read(odd, ["C"])
    with pytest.raises(DataError, match="A=3: DEEP has no locates"):
        captures.read(path, ["A=3"])
    with pytest.raises(days.DayError, match="the core does not read"):
        days.find(str(path), None)


def test_decode_writes_every_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = write(tmp_path / "day.pcap", "flow"), tmp_path / "day.jsonl"
    assert main([str(path), "--window", "9us"]) == 2
    assert "the host decodes IEX DEEP, by number; leave out" in capsys.readouterr().err
    assert main([str(path), "--out", str(out), "--symbols", "AAAA", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    judged = list(iex_deep_message_reader.IEXDEEPMessageReader().read_file(path))
    assert len(rows) == len(judged) == figures["messages"] == len(a_day("flow")[1])
    assert figures["lost"] == {} and figures["sources"][0]["session"] == "1:1"
    compared = 0
    for row, message in zip(rows, judged, strict=True):
        code = message.message_type.decode()
        for field in MESSAGES[code].fields[1:]:
            value = getattr(message, field.name)
            value = value.decode().rstrip(" ") if isinstance(value, bytes) else value
            assert row[field.name] == value
            compared += 1
    assert compared > 25_000
    books = [row["book"] for row in rows if "book" in row]
    expected = join(captures.read(path, ["AAAA"])[1]).tops
    assert [book["bid_price"] for book in books] == expected["bid_price"].tolist()
    assert {book["symbol"] for book in books} == {"AAAA"}


def test_decode_fails_where_levels_are_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = (
        write(tmp_path / "day", "flow", keep=[*range(5), *range(7, 20)]),
        tmp_path / "x.jsonl",
    )
    assert main([str(path), "--out", str(out)]) == 1
    assert "LOST: " in capsys.readouterr().err
    right = deep.CODEC.encode(deep.CODEC.one_by_one([level("8", 100, 5)]))
    sent = iex_tp.packetise(right + b"\3\0Zzz", [2])
    pcap.write(path, Chunks.of(frame[:-4] for frame in frames(sent, A)))
    assert main([str(path), "--out", str(out)]) == 1
    last = json.loads(out.read_text().splitlines()[-1])
    assert last["fault"] == "unknown type" and bytes.fromhex(last["bytes"]) == b"Zzz"
    assert "1 of an unknown type" in capsys.readouterr().err


@pytest.mark.parametrize("protocol", ["itch", "deep"])
def test_a_day_is_written_as_a_capture(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    protocol: str,
) -> None:
    path = tmp_path / "day.pcap"
    words = ["--protocol", protocol, "--messages", "2000", "--instruments", "2", "--feeds", "2"]
    monkeypatch.setattr(sys, "argv", ["tickwire", "data", "capture", str(path), *words, "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    figures = json.loads(capsys.readouterr().out)
    about, chunks = captures.read(path)
    assert about.notes == {"messages of a second feed": figures["messages"]}
    assert about.instruments == SYMBOLS and not join(chunks).tops["stale"].any()
    for wrong in (("x", protocol), ("flow", "x")):
        with pytest.raises(DataError, match="is one of"):
            write_capture(path, *wrong, 2_000, 1, 1, 1)
