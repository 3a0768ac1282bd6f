"""Which instruments are followed: by name, by locate, and where no directory names them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.run_path import day as days
from tickwire.board.virtual.harness import MESSAGE
from tickwire.cli import decode as command
from tickwire.cli import through_rtl
from tickwire.cli.decoded import Decoded
from tickwire.data import captures, itch_files
from tickwire.data.booked import UNSAID
from tickwire.data.events import DataError, join
from tickwire.data.instruments import Directory, chosen, shown
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import Reason
from tickwire.wire import itch, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.itch import Messages

SYMBOLS = ("AAAA", "BBBB", "CCCC")
EVENTS = 3_000


@lru_cache(maxsize=None)
def whole() -> Messages:
    return Day(DayConfig(seed=3, events=EVENTS, symbols=SYMBOLS)).messages()


def without(messages: Messages, kinds: str = "RHY") -> Messages:
    """As captures bring it that begin after the directory, but for sequence numbers from 1 on."""
    keep = ~np.isin(messages.types, np.frombuffer(kinds.encode(), np.uint8))
    arrays = {name: array for name, array in messages.arrays.items() if name not in kinds}
    return Messages.of(messages.types[keep], arrays)


def renamed(messages: Messages, old: bytes, new: bytes) -> Messages:
    """With another stock in every message that names this one."""
    arrays = {}
    for kind, array in messages.arrays.items():
        arrays[kind] = array.copy()
        if "stock" in (array.dtype.names or ()):
            here = array["stock"] == old.ljust(8)
            arrays[kind]["stock"][here] = new
    return Messages(messages.types, messages.rows, arrays)


def capture(path: Path, messages: Messages) -> Path:
    pcap.write(path, Chunks.of(frame[:-4] for frame in frames(packets(messages), Flow())))
    return path


def file(path: Path, messages: Messages) -> Path:
    path.write_bytes(itch.encode(messages))
    return path


READERS = {
    "pcap": (capture, lambda *args: captures.read(*args)),
    "itch": (file, lambda *args: itch_files.read(*args, piece=20_001)),
}


@pytest.mark.parametrize("reader", READERS)
def test_adds_name_what_no_directory_does(tmp_path: Path, reader: str) -> None:
    write, read = READERS[reader]
    with_directory = write(tmp_path / "whole", whole())
    late = write(tmp_path / "late", without(whole()))
    for asked in ((), ("CCCC", "AAAA"), ("CCCC", "AAAA=1"), ("ANY=3", "AAAA")):
        about, chunks = read(late, asked)
        expected = ("ANY", "AAAA") if "ANY=3" in asked else ("CCCC", "AAAA") if asked else SYMBOLS
        if not asked:
            assert set(about.instruments) == set(SYMBOLS)
        else:
            assert about.instruments == expected
        observed = join(chunks)
        named = ["CCCC" if name == "ANY" else name for name in about.instruments]
        reference = join(read(with_directory, named)[1])
        adds = reference.tops["operation"] == 1
        assert len(observed) > 1_500 and adds.any()
        for what in ("bid_price", "ask_price", "bid_shares", "slot"):
            orders = np.flatnonzero(~np.isin(reference.tops["operation"], HALTS))
            mine = np.flatnonzero(~np.isin(observed.tops["operation"], HALTS))
            assert np.array_equal(observed.tops[what][mine], reference.tops[what][orders])


HALTS = (0, 7, 8)  # none, halt, resume


def test_numbers_of_operations_are_as_they_are_here() -> None:
    from tickwire.gen.records import Operation

    assert HALTS == (Operation.NONE, Operation.HALT, Operation.RESUME)


def test_a_day_for_make_sim_takes_names_and_locates(tmp_path: Path) -> None:
    for write in (capture, file):
        path = write(tmp_path / "day", without(whole()))
        day = days.find(str(path), None, symbols=("BBBB", "ANY=3"))
        assert day.symbols == ("BBBB", "ANY") and day.registers.locates == {2: 0, 3: 1}
        assert set(days.find(str(path), None).registers.locates) == {1, 2, 3}
    with pytest.raises(DataError, match="no message names ZZZZ"):
        days.find(str(path), None, symbols=("ZZZZ",))


def test_a_day_for_make_sim_writes_the_names_that_its_messages_give(tmp_path: Path) -> None:
    """To a locate that is given a name that is nowhere its own: that isn't known, and not held."""
    assert days.find("flow", 100).registers.known == dict(enumerate(days.SYMBOLS))
    for write in (capture, file):
        path = write(tmp_path / "day", whole())
        assert days.find(str(path), None).registers.known == {0: "AAAA", 1: "BBBB", 2: "CCCC"}
        for asked, known in (
            (("CCCC", "BBBB=2"), {0: "CCCC", 1: "BBBB"}),
            (("CCCC", "BBBB=1"), {0: "CCCC"}),
            (("ANY=2",), {}),
        ):
            assert days.find(str(path), None, symbols=asked).registers.known == known


@pytest.mark.parametrize("reader", READERS)
def test_names_are_kept_as_sent(tmp_path: Path, reader: str) -> None:
    """Filled up with NULs instead of spaces, or with both: another name than the short one."""
    write, read = READERS[reader]
    for raw, name in ((b"AA\0\0\0\0\0\0", "AA" + "\0" * 6), (b"AA\0\0    ", "AA\0\0")):
        path = write(tmp_path / "day", renamed(whole(), b"AAAA", raw))
        about, _ = read(path)
        assert about.instruments == (name, *SYMBOLS[1:])
        with pytest.raises(DataError, match=r"AA is sent as 'AA\\\\x00.*; AA=1 follows it") as said:
            read(path, ["AA"])
        assert "\n" not in str(said.value) and "\0" not in str(said.value)
        about, chunks = read(path, ["AA=1"])
        assert about.instruments == ("AA",) and len(join(chunks)) > 300
    assert shown("AB\0") == "AB\\x00"


def test_rows_have_texts_as_sent() -> None:
    messages = renamed(whole(), b"AAAA", b"AA\0\0\0\0\0\0")
    row = messages.row(int(np.argmax(messages.types == ord("A"))))
    assert itch.encode(messages).count(b"AA\0\0\0\0\0\0") > 300
    assert isinstance(row["stock"], bytes) and len(row["stock"]) == 8
    names = {
        messages.row(at)["stock"] for at in np.flatnonzero(messages.types == ord("R")).tolist()
    }
    assert names == {b"AA\0\0\0\0\0\0", b"BBBB    ", b"CCCC    "}


@pytest.mark.parametrize("reader", READERS)
def test_a_name_with_two_locates_is_refused(tmp_path: Path, reader: str) -> None:
    write, read = READERS[reader]
    path = write(tmp_path / "day", renamed(whole(), b"BBBB", b"AAAA    "))
    for asked in ((), ("AAAA",), ("AAAA=2",)):
        with pytest.raises(DataError, match=r"AAAA has the locates 1 and 2; a book here has one"):
            join(read(path, asked)[1])
    observed = join(read(path, ("DDDD=3",))[1])  # a name of one's own
    assert len(observed) == len(join(read(write(tmp_path / "w", whole()), ("CCCC",))[1])) > 300
    assert len(join(read(path, ("CCCC",))[1])) > 300


def test_a_locate_with_two_names_is_refused(tmp_path: Path) -> None:
    messages = whole()
    adds = messages.arrays["A"].copy()
    adds["stock"][np.argmax(adds["stock"] == b"BBBB    ")] = b"DDDD    "
    path = capture(tmp_path / "day", Messages(messages.types, messages.rows,
                                              {**messages.arrays, "A": adds}))  # fmt: skip
    for asked in (("BBBB",), ("DDDD",), ("BBBB=2",), ("EEEE=2",)):
        with pytest.raises(DataError, match="locate 2 stands for BBBB and DDDD"):
            captures.read(path, asked)
    assert captures.read(path, ("AAAA",))[0].instruments == ("AAAA",)


def test_a_name_that_comes_late_in_a_file(tmp_path: Path) -> None:
    """Asked for, it is found in a later piece; not asked for, it is said."""
    messages = without(whole())
    late = int(np.argmax(messages.column("stock_locate", np.uint16) == 3))
    early = np.flatnonzero(messages.column("stock_locate", np.uint16) != 3)[:400]
    rest = np.setdiff1d(np.arange(late, len(messages)), early)
    order = np.concatenate([early, rest])
    moved = Messages(messages.types[order], messages.rows[order], messages.arrays)
    path = file(tmp_path / "day", moved)
    about, chunks = itch_files.read(path, ["CCCC"], piece=4_000)
    assert about.instruments == ("CCCC",) and len(join(chunks)) > 300
    with pytest.raises(DataError, match="CCCC comes late; choose symbols"):
        join(itch_files.read(path, piece=4_000)[1])
    with pytest.raises(DataError, match="no message names ZZZZ"):
        itch_files.read(path, ["ZZZZ"], piece=4_000)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["NINECHARS"], "1 to 8 characters, not 'NINECHARS'"),
        (["=5"], "1 to 8 characters, not ''"),
        (["A="], "A=: a locate is a whole number below 65,536"),
        (["A=-1"], "A=-1: a locate is"),
        (["A=65536"], "A=65536: a locate is"),
        (["A=1", "A=2"], "A is given two locates, 1 and 2"),
        (["A=1", "B=1"], "another symbol has that locate"),
        ([*"ABCDEFGHI"], "9 symbols; a file holds at most 8"),
    ],
)
def test_wrong_symbols_are_one_line(words: list[str], says: str) -> None:
    with pytest.raises(DataError) as caught:
        chosen(words)
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_whatever_names_a_stock_tells_its_locate() -> None:
    naming = {"R", "H", "Y", "L", "K", "J", "h", "A", "F", "P", "Q", "I", "N", "O"}
    assert {kind for kind in itch.CODEC.messages if names_a_stock(kind)} == naming
    for kind in naming:
        directory = Directory("day", ())
        directory.learn(itch.one_by_one(
            [{"message_type": kind.encode(), "stock": b"ABC", "stock_locate": 65_535}]
        ))  # fmt: skip
        assert directory.names() == ("ABC",) and directory.slots == {65_535: 0}
        assert directory.learned == ({"ABC"} if kind == "R" else set())
        assert chosen(["A=65535"]) == (["A"], {"A": 65_535})


def names_a_stock(kind: str) -> bool:
    return any(field.name == "stock" for field in itch.CODEC.messages[kind].fields)


def test_a_second_locate_that_comes_late_is_refused() -> None:
    def add(stock: bytes, locate: int) -> Messages:
        row = {"message_type": b"A", "stock": stock, "stock_locate": locate}
        return itch.one_by_one([row])

    directory = Directory("day", ["ABC"])
    directory.learn(add(b"ABC", 1))
    assert directory.names() == ("ABC",)
    directory.learn(add(b"ABC", 1))
    directory.learn(add(b"XYZ", 2))
    directory.learn(add(b"XYZ", 3))  # which nobody follows
    with pytest.raises(DataError, match="ABC has the locates 1 and 4"):
        directory.learn(add(b"ABC", 4))
    with pytest.raises(DataError, match="ABC has the locates 1 and 4"):
        assert directory.unlearned
    with pytest.raises(DataError, match="day: 0 instruments; choose symbols"):
        Directory("day", ()).names()


def test_many_instruments_are_listed() -> None:
    directory = Directory("day", ())
    directory.learn(Day(DayConfig(seed=1, events=40, symbols=tuple("ABCDEFGHIJ"))).messages())
    eight = Directory("day", ())
    eight.learn(Day(DayConfig(seed=1, events=40, symbols=tuple("ABCDEFGH"))).messages())
    assert eight.names() == tuple("ABCDEFGH")
    with pytest.raises(DataError, match=r"day: 10 instruments \(A, B, .*H, …\); choose symbols"):
        directory.names()


@pytest.mark.parametrize(
    ("late", "symbols", "locates"),
    [
        (True, "CCCC,AAAA", {"CCCC": 3, "AAAA": 1}),
        (False, "CCCC,AAAA", {}),
        (False, "CCCC,ANY=1", {"ANY": 1}),
        (True, "BBBB", {"BBBB": 2}),
    ],
)
def test_decode_gives_the_hardware_what_no_directory_tells_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    late: bool,
    symbols: str,
    locates: dict[str, int],
) -> None:
    given: dict[str, Any] = {}

    def doubled(*_: Any, **more: Any) -> Decoded:
        given.update(more)
        none = np.zeros(0, np.int64)
        return Decoded(np.zeros(0, MESSAGE), none, none, none, {}, Counter(), 1, 1, frozenset())

    monkeypatch.setattr(command, "decode", doubled)
    monkeypatch.setattr(command, "rows", lambda _: iter(()))
    path = capture(tmp_path / "day", without(whole()) if late else whole())
    assert command.main([str(path), "--symbols", symbols]) == 1  # nothing was decoded
    assert given["locates"] == locates
    assert "no book of" in capsys.readouterr().err


@pytest.mark.long
def test_books_without_a_directory_are_those_with_one(tmp_path: Path) -> None:
    """Through the RTL, whose slots learn from the directory alone."""
    every = Chunks.of(frame[:-4] for frame in frames(packets(without(whole(), "R")), Flow()))
    directory = Directory("day", ["CCCC", "AAAA"])
    directory.learn(without(whole(), "R"))
    decoded = through_rtl.decode(
        every, np.zeros(len(every), np.int64),
        symbols=["CCCC", "AAAA"], locates=directory.unlearned,
    )  # fmt: skip
    expected = join(
        captures.read(capture(tmp_path / "day", without(whole(), "R")), ["CCCC", "AAAA"])[1]
    )
    tops = expected.tops[expected.tops["operation"] != 0]
    books = [decoded.books[at] for at in sorted(decoded.books)]
    assert [book["bid_price"] for book in books] == tops["bid_price"].tolist() and len(books) > 300


@pytest.mark.parametrize("reader", READERS)
def test_who_is_left_out_of_the_mornings_list_is_noted(tmp_path: Path, reader: str) -> None:
    """Nobody may act on them, which a data set would else say by its reasons alone."""
    write, read = READERS[reader]
    for messages, unsaid in ((whole(), 0), (without(whole(), "H"), len(SYMBOLS))):
        about, chunks = read(write(tmp_path / "day", messages))
        tops = join(chunks).tops
        assert about.notes.get(UNSAID, 0) == unsaid
        assert (tops["reason"] == Reason.HALTED).any() or not unsaid
    trusted, _ = captures.read(capture(tmp_path / "day", without(whole())), trust_from_here=True)
    assert UNSAID not in trusted.notes
