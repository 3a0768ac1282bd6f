"""hwtools.bits against integers: the same records packed slowly, straight from the table."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hwtools import bits
from hwtools.generate import message_table as tables
from hwtools.generate.__main__ import tables as every_table
from tickwire.gen import records

WHOLE, _ = every_table()
TABLE = {record.name: record for record in WHOLE.records}
ENUMS = {enum.name: [member.value for member in enum.members] for enum in WHOLE.enums}
NAMES = list(records.LAYOUTS)
Value = int | list[int]
Row = dict[str, Value]


def judge(record: tables.Record, row: Row) -> bytes:
    """The record's bytes by integer arithmetic: the fields joined, the first ends up highest."""
    binary = ""
    for field in record.fields:
        value = row[field.name]
        elements = value if isinstance(value, list) else [value]
        binary += "".join(format(e % 2**field.width, f"0{field.width}b") for e in elements[::-1])
    assert len(binary) == record.width
    return int(binary, 2).to_bytes((record.width + 7) // 8, "big")


def rows(record: tables.Record, count: int, seed: int) -> list[Row]:
    """All at the least, all at the most, then any."""
    rng = random.Random(seed)

    def draw(field: tables.Field) -> Value:
        def one() -> int:
            return (
                rng.choice(ENUMS[field.enum]) if field.enum else rng.randint(field.low, field.high)
            )

        return [one() for _ in range(field.count)] if field.is_array else one()

    def at(bound: str) -> Row:
        row: Row = {}
        for field in record.fields:
            value = getattr(field, bound)
            row[field.name] = [value] * field.count if field.is_array else value
        return row

    return [at("low"), at("high")] + [
        {field.name: draw(field) for field in record.fields} for _ in range(count)
    ]


def as_array(name: str, listed: list[Row]) -> bits.Records:
    held = records.LAYOUTS[name].empty(len(listed))
    for field in TABLE[name].fields:
        held[field.name] = np.array([row[field.name] for row in listed], held[field.name].dtype)
    return held


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_packs_as_integers_do_and_comes_back(name: str, seed: int) -> None:
    listed = rows(TABLE[name], 300, seed)
    held = as_array(name, listed)
    packed = bits.pack(held, records.LAYOUTS[name])
    assert [row.tobytes() for row in packed] == [judge(TABLE[name], row) for row in listed]
    assert np.array_equal(bits.unpack(packed, records.LAYOUTS[name]), held)


def test_every_record_of_the_table_is_there() -> None:
    assert list(TABLE) == NAMES
    for name, layout in records.LAYOUTS.items():
        assert layout.width == TABLE[name].width == sum(field.bits for field in layout.fields)
        assert layout.dtype.names == tuple(field.name for field in TABLE[name].fields)


def test_a_swap_of_two_fields_would_be_seen() -> None:
    listed = rows(TABLE["order"], 20, 1)
    swapped = [{**row, "price": row["shares"], "shares": row["price"]} for row in listed]
    packed = bits.pack(as_array("order", swapped), records.LAYOUTS["order"])
    assert [row.tobytes() for row in packed[2:]] != [
        judge(TABLE["order"], row) for row in listed[2:]
    ]


@pytest.mark.parametrize("count", [0, 1, 16_383, 16_384, 16_385, 50_000])
def test_any_number_of_rows(count: int) -> None:
    """The parts that the work is cut into leave no seam."""
    layout = records.DECISION
    held = layout.empty(count)
    rng = np.random.default_rng(1)
    held["token"] = rng.integers(0, 2**32, count)
    held["sequence_number"] = np.arange(count)
    packed = bits.pack(held, layout)
    assert packed.shape == (count, layout.bytes)
    assert np.array_equal(bits.unpack(packed, layout), held)


@pytest.mark.parametrize(
    ("name", "field", "value", "error"),
    [
        ("signal", "slot", 8, "signal.slot, row 1: 8 isn't 0 to 7"),
        ("signal", "strength", -65_536, "signal.strength, row 1: -65536 isn't -65535 to 65535"),
        ("signal", "decision", 3, "signal.decision, row 1: 3 isn't one of Action"),
        ("signal", "reason", 0xEE, "signal.reason, row 1: 238 isn't one of Reason"),
        ("signal", "timestamp", 2**48, "signal.timestamp, row 1: 281474976710656 isn't 0 to "),
        ("order", "price", 0, "order.price, row 1: 0 isn't 1 to 4294967295"),
    ],
)
def test_a_value_out_of_range_is_refused(name: str, field: str, value: int, error: str) -> None:
    held = as_array(name, rows(TABLE[name], 1, 1))
    held[field][1] = value
    with pytest.raises(bits.RangeError, match="^" + error.replace(".", r"\.")):
        bits.pack(held, records.LAYOUTS[name])


def test_an_element_out_of_range_is_named() -> None:
    narrow = bits.Field("few", "signed", 5, count=3, low=-16, high=15)
    layout = bits.Layout("narrow", 15, (narrow,), np.dtype([("few", np.int8, (3,))]))
    held = layout.empty(4)
    held["few"][2, 1] = 16
    with pytest.raises(bits.RangeError, match=r"^narrow\.few\[1\], row 2: 16 isn't -16 to 15$"):
        bits.pack(held, layout)


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("decision", {"decision": 3}),
        ("reason", {"reason": 0xFF}),
        ("strength", {"strength": -(2**16)}),
    ],
)
def test_bits_that_mean_nothing_are_refused(field: str, raw: Row) -> None:
    row = rows(TABLE["signal"], 1, 1)[2] | raw
    packed = np.frombuffer(judge(TABLE["signal"], row), np.uint8).reshape(1, -1)
    with pytest.raises(bits.RangeError, match=rf"^signal\.{field}, row 0: "):
        bits.unpack(packed, records.SIGNAL)


def test_padding_that_is_not_zero_is_refused() -> None:
    packed = np.zeros((3, records.SIGNAL.bytes), np.uint8)
    packed[1, 0] = 0x80
    with pytest.raises(bits.RangeError, match=r"^signal, row 1: the padding"):
        bits.unpack(packed, records.SIGNAL)


def test_a_wrong_array_is_refused() -> None:
    with pytest.raises(TypeError, match="pack wants"):
        bits.pack(records.ORDER.empty(2), records.SIGNAL)
    with pytest.raises(TypeError, match="unpack wants 50 bytes for each order"):
        bits.unpack(np.zeros((2, 40), np.uint8), records.ORDER)


def test_a_day_of_signals_is_packed_at_once() -> None:
    """Enough rows that work row by row in Python would not end within the test's limit."""
    held = records.SIGNAL.empty(200_000)
    held["sequence_number"] = np.arange(len(held))
    packed = bits.pack(held, records.SIGNAL)
    assert np.array_equal(bits.unpack(packed, records.SIGNAL), held)
