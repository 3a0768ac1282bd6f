"""The ITCH codec against another one: the library itchfeed reads and writes the same bytes."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from itch.messages import messages as judged_types

from hwtools.bits import Records
from hwtools.generate.__main__ import main, outputs
from hwtools.generate.message_table import TableError
from hwtools.generate.wire_table import ITCH, parse
from hwtools.toolchain import ROOT
from tickwire.gen.itch_table import MESSAGES
from tickwire.wire import itch
from tickwire.wire.chunks import WireError
from tickwire.wire.itch import Messages

# The library's names of fields, where they aren't the specification's.
THEIRS = {
    "level_1": "level1_price",
    "level_2": "level2_price",
    "level_3": "level3_price",
    "luld_reference_price_tier": "luld_ref",
    "ipo_quotation_release_time": "ipo_release_time",
    "ipo_quotation_release_qualifier": "ipo_release_qualifier",
    "auction_collar_extension": "auction_collar_extention",
    "original_order_reference_number": "order_reference_number",
    "price_variation_indicator": "variation_indicator",
}


def some(name: str, rows: int, seed: int, extreme: bool = False) -> Records:
    """Random records of a type; extreme ones hold only the least and greatest values."""
    generator = np.random.default_rng([seed, ord(name)])
    records = itch.empty(name, rows)
    for field in MESSAGES[name].fields[1:]:
        if field.kind == "alpha":
            letters = generator.choice(list(b" ~A") if extreme else list(range(32, 127)))
            raw = generator.integers(32, 127, (rows, field.length), np.uint8)
            raw[:, 0] = letters
            records[field.name] = raw.reshape(-1).view(f"S{field.length}")
        else:
            most = (1 << (8 * field.length)) - 1
            values = generator.integers(0, most, rows, np.uint64, endpoint=True)
            ends = np.where(generator.random(rows) < 0.5, np.uint64(0), np.uint64(most))
            records[field.name] = ends if extreme else values
    return records


def a_stream(rows: int, seed: int, extreme: bool = False) -> Messages:
    arrays = {name: some(name, rows, seed, extreme) for name in MESSAGES}
    types = np.repeat(np.array([ord(name) for name in MESSAGES], np.uint8), rows)
    return Messages.of(np.random.default_rng(seed).permutation(types), arrays)


def same(one: Messages, other: Messages) -> bool:
    return (
        np.array_equal(one.types, other.types)
        and np.array_equal(one.rows, other.rows)
        and one.arrays.keys() == other.arrays.keys()
        and all(np.array_equal(array, other.arrays[name]) for name, array in one.arrays.items())
    )


def agree(ours: dict[str, Any], theirs: Any) -> bool:
    fields = {name: getattr(theirs, THEIRS.get(name, name)) for name in ours}
    # numpy drops the padding at the end of a field, the library keeps it
    return {k: v.rstrip(b"\0") if isinstance(v, bytes) else v for k, v in fields.items()} == ours


def test_the_library_knows_the_same_types_and_lengths() -> None:
    theirs = {code.decode(): kind.message_size for code, kind in judged_types.items()}
    assert theirs == {name: kind.length for name, kind in MESSAGES.items()}
    assert len(MESSAGES) == 23


@pytest.mark.parametrize("extreme", [False, True])
@pytest.mark.parametrize("name", MESSAGES)
def test_the_library_decodes_and_encodes_the_same_bytes(name: str, extreme: bool) -> None:
    records = some(name, 50, 1, extreme)
    packed = itch.to_wire(records, MESSAGES[name])
    compared = 0
    for raw, record in zip(packed, records, strict=True):
        theirs = judged_types[name.encode()](raw.tobytes())
        ours = {field: record[field].item() for field in records.dtype.names or ()}
        assert agree(ours, theirs)
        assert theirs.to_bytes() == raw.tobytes()
        compared += len(ours)
    assert compared == 50 * len(MESSAGES[name].fields)
    assert np.array_equal(itch.from_wire(packed, MESSAGES[name]), records)


def test_the_judge_notices_a_swapped_field() -> None:
    record = some("U", 1, 2)
    theirs = judged_types[b"U"](itch.to_wire(record, MESSAGES["U"]).tobytes())
    ours = {field: record[field][0].item() for field in record.dtype.names or ()}
    assert agree(ours, theirs)
    ours["price"], ours["shares"] = ours["shares"], ours["price"]
    assert not agree(ours, theirs)


@pytest.mark.parametrize("seed", range(5))
def test_a_stream_comes_back(seed: int) -> None:
    sent = a_stream(20, seed, extreme=seed == 4)
    raw = itch.encode(sent)
    assert len(raw) == sum(20 * (kind.length + 2) for kind in MESSAGES.values())
    assert same(itch.decode(raw), sent)
    wrong = bytearray(raw)
    wrong[5] ^= 1  # tracking number of the first message
    assert not same(itch.decode(bytes(wrong)), sent)


def test_an_empty_stream() -> None:
    assert len(itch.decode(b"")) == 0
    assert itch.encode(itch.decode(b"")) == b""


ONE = itch.encode(itch.one_by_one([{"message_type": b"D", "order_reference_number": 7}]))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (ONE + b"\0\x01Z", "message 1 at byte 23: type b'Z' isn't one of ITCH 5.0"),
        (ONE + b"\0\x02DD", "message 1 at byte 23: 2 bytes, but type D (order_delete) has 19"),
        (ONE + b"\0\0", "message 1 at byte 23: a message without a type"),
        (ONE + b"\0", "message 1 at byte 23: 0 bytes announced, 0 are there"),
        (ONE + ONE[:-1], "message 1 at byte 23: 19 bytes announced, 18 are there"),
    ],
)
def test_a_faulty_stream_is_refused_or_its_good_messages_are_kept(raw: bytes, message: str) -> None:
    with pytest.raises(WireError) as error:
        itch.decode(raw)
    assert str(error.value) == message
    assert itch.decode(raw, skip_faulty=True).row(0)["order_reference_number"] == 7
    assert len(itch.decode(raw, skip_faulty=True)) == 1


def test_messages_after_a_faulty_one_are_found() -> None:
    kept = itch.decode(b"\0\x01Z" + ONE + b"\0\x03AAA" + ONE, skip_faulty=True)
    assert [chr(code) for code in kept.types] == ["D", "D"]


def test_every_way_to_cut_a_stream_is_noticed() -> None:
    raw = itch.encode(a_stream(1, 9))
    whole = {0, len(raw), *(itch.scan(raw).offsets - 2).tolist()}
    for end in range(len(raw) + 1):
        cut = bool((itch.scan(raw[:end]).faults == itch.Fault.TRUNCATED).any())
        assert cut == (end not in whole)


def test_random_bytes_never_hang_and_each_is_accounted_for() -> None:
    generator = random.Random(3)
    for _ in range(300):
        raw = generator.randbytes(generator.randrange(200))
        places = itch.scan(raw)
        if len(places.offsets) and places.faults[-1] != itch.Fault.TRUNCATED:
            assert places.offsets[-1] + places.lengths[-1] == len(raw)
        itch.decode(raw, skip_faulty=True)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("timestamp", 1 << 48, "order_delete.timestamp, row 1: 281474976710656 needs over 48 bits"),
        ("message_type", b"A", "order_delete, row 1: message_type is b'A', not 'D'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(field: str, value: Any, message: str) -> None:
    records = itch.empty("D", 3)
    records[field][1] = value
    with pytest.raises(WireError) as error:
        itch.to_wire(records, MESSAGES["D"])
    assert str(error.value) == message


def test_messages_by_name() -> None:
    messages = itch.one_by_one(
        [
            {"message_type": b"S", "event_code": b"O", "timestamp": 5},
            {"message_type": b"A", "stock": b"AMZN", "price": 2_239_500, "shares": 100},
        ]
    )
    assert messages.row(1)["stock"] == b"AMZN    "
    assert messages.column("price", np.uint32).tolist() == [0, 2_239_500]
    for wrong in ({"price": 1}, {"message_type": b"S", "price": 1}):
        with pytest.raises(WireError):
            itch.one_by_one([wrong])
    with pytest.raises(WireError, match="whole number of 4 bytes"):
        itch.one_by_one([{"message_type": b"A", "price": 1 << 32}])


def test_generated_files_are_what_the_table_makes(tmp_path: Any) -> None:
    assert main(["--check"]) == 0
    assert all((ROOT / name).read_text() == text for name, text in outputs().items())
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--root", str(tmp_path), "--check"]) == 0
    drifted = tmp_path / "hw" / "gen" / "itch_pkg.sv"
    drifted.write_text(drifted.read_text().replace("6'd36", "6'd35"))
    assert main(["--root", str(tmp_path), "--check"]) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('offset = 19, length = 4, kind = "integer", meaning = "traded"',
         'offset = 20, length = 4, kind = "integer", meaning = "traded"', "offset 20, not 19"),
        ('type = "D"', 'type = "X"', "type X is there twice"),
        ("length = 12\n", "length = 13\n", "length 13, but the fields end at 12"),
        ('kind = "price8"', 'kind = "price4"', "price4 of 8 bytes"),
        ('kind = "price8"', 'kind = "price9"', "kind 'price9' isn't one of"),
        ("book = false", "books = false", "unknown key 'books'"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(old: str, new: str, message: str) -> None:
    text = ITCH.read_text()
    assert old in text
    with pytest.raises(TableError, match=message) as error:
        parse(text.replace(old, new, 1))
    assert "\n" not in str(error.value)
