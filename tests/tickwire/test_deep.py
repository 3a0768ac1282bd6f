"""IEX DEEP's codec and packets: MeatPy decodes and encodes the same bytes."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from meatpy.iex_deep import iex_deep_market_message as theirs

from hwtools.bits import Records
from hwtools.generate.message_table import TableError
from hwtools.generate.wire_table import DEEP, parse
from tickwire.gen.deep_table import MESSAGES
from tickwire.wire import deep, iex_tp
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.codec import Messages, from_wire, to_wire

CLASSES = {
    kind.message_type.decode(): kind
    for kind in vars(theirs).values()
    if isinstance(kind, type) and getattr(kind, "message_type", b"")
}


def some(name: str, rows: int, seed: int) -> Records:
    """Random records of a type; every third holds the least or the greatest values."""
    generator = np.random.default_rng([seed, ord(name)])
    records = deep.CODEC.empty(name, rows)
    for field in MESSAGES[name].fields[1:]:
        if field.kind == "alpha":
            raw = generator.integers(32, 127, (rows, field.length), np.uint8)
            records[field.name] = raw.reshape(-1).view(f"S{field.length}")
        else:
            dtype = records.dtype[field.name]
            ends = np.iinfo(dtype)
            values = generator.integers(ends.min, ends.max, rows, dtype, endpoint=True)
            values[::6], values[3::6] = ends.min, ends.max
            records[field.name] = values
    return records


def a_stream(rows: int, seed: int) -> Messages:
    arrays = {name: some(name, rows, seed) for name in MESSAGES}
    types = np.repeat(np.array([ord(name) for name in MESSAGES], np.uint8), rows)
    return Messages.of(np.random.default_rng(seed).permutation(types), arrays)


def test_meatpy_knows_the_same_types_and_lengths() -> None:
    known = {name: kind.message_length for name, kind in CLASSES.items()}
    assert known | {"I": 18} == {name: kind.length for name, kind in MESSAGES.items()}
    assert len(known) == 12


@pytest.mark.parametrize("name", CLASSES)
def test_meatpy_decodes_and_encodes_the_same_bytes(name: str) -> None:
    records = some(name, 60, 1)
    packed = to_wire(records, MESSAGES[name])
    compared = 0
    for raw, record in zip(packed, records, strict=True):
        judged = theirs.IEXDEEPMarketMessage.from_bytes(raw.tobytes())
        for field in MESSAGES[name].fields[1:]:
            value = getattr(judged, field.name)
            assert value == record[field.name].item(), (name, field.name)
            compared += 1
        assert judged.to_bytes() == raw.tobytes()
    assert compared == 60 * (len(MESSAGES[name].fields) - 1)
    assert np.array_equal(from_wire(packed, MESSAGES[name]), records)


def test_a_message_that_meatpy_lacks_is_as_the_specification_has_it() -> None:
    raw = struct.pack("<ccq8s", b"I", b"A", 1_516_630_000_000_000_123, b"ZIEXT   ")
    stream = deep.CODEC.decode(struct.pack("<H", len(raw)) + raw)
    assert stream.row(0) == {
        "message_type": b"I",
        "retail_liquidity_indicator": b"A",
        "timestamp": 1_516_630_000_000_000_123,
        "symbol": b"ZIEXT   ",
    }


def test_a_stream_comes_back_and_a_faulty_one_is_refused() -> None:
    sent = a_stream(20, 2)
    raw = deep.CODEC.encode(sent)
    back = deep.CODEC.decode(raw)
    assert np.array_equal(back.types, sent.types) and np.array_equal(back.rows, sent.rows)
    assert all(np.array_equal(array, back.arrays[name]) for name, array in sent.arrays.items())
    with pytest.raises(WireError, match=r"announced, [0-9]+ are there"):
        deep.CODEC.decode(raw[:-1])
    with pytest.raises(WireError, match=r"type b'Z' isn't one of DEEP 1\.0"):
        deep.CODEC.decode(b"\1\0Z")
    with pytest.raises(WireError, match="9 bytes, but type S"):
        deep.CODEC.decode(b"\x09\0S" + bytes(8))
    with pytest.raises(WireError, match="whole number of 8 bytes"):
        deep.CODEC.one_by_one([{"message_type": b"8", "price": 1 << 63}])


def test_texts_keep_all_their_bytes() -> None:
    raw = struct.pack("<cBq8sIq", b"8", 1, 5, b"AB\0\0    ", 100, 10_000)
    stream = deep.CODEC.decode(struct.pack("<H", len(raw)) + raw)
    assert stream.row(0)["symbol"] == b"AB\0\0    "
    assert deep.CODEC.encode(stream)[2:] == raw


# -- Packets ---------------------------------------------------------------------------------------


def test_a_packet_is_as_the_specification_has_it() -> None:
    raw = deep.CODEC.encode(a_stream(1, 3))
    first, *_ = sizes = [2 + int(size) for size in deep.CODEC.scan(raw).lengths]
    packets = iex_tp.packetise(
        raw, [1, 0, len(sizes) - 1], channel=7, session=11, sequence_number=100, stream_offset=50,
        times=np.array([1, 2, 3]),
    )  # fmt: skip
    rest = len(raw) - first
    for packet, (size, count, offset, number, time), body in zip(
        packets,
        [(first, 1, 50, 100, 1), (0, 0, 50 + first, 101, 2),
         (rest, len(sizes) - 1, 50 + first, 101, 3)],
        [raw[:first], b"", raw[first:]],
        strict=True,
    ):  # fmt: skip
        head = struct.pack("<BBHIIHHqqq", 1, 0, 0x8004, 7, 11, size, count, offset, number, time)
        assert packet == head + body
    back = iex_tp.depacketise(packets)
    assert back.stream == raw and set(back.session.tolist()) == {b"7:11"}
    assert back.message_sequence.tolist() == list(range(100, 100 + len(sizes)))


GOOD = iex_tp.packetise(deep.CODEC.encode(a_stream(1, 4)), [len(MESSAGES)])[0]


@pytest.mark.parametrize(
    ("packet", "fault"),
    [
        (GOOD, "NONE"),
        (GOOD[:39], "SHORT_HEADER"),
        (GOOD[:-1], "BAD_HEADER"),
        (GOOD + b"\0", "BAD_HEADER"),
        (b"\2" + GOOD[1:], "BAD_HEADER"),
        (GOOD[:14] + b"\1\0" + GOOD[16:], "TRAILING"),
        (GOOD[:14] + b"\xff\0" + GOOD[16:], "TRUNCATED"),
        (GOOD[:31] + b"\x80" + GOOD[32:], "BAD_HEADER"),
    ],
)
def test_a_faulty_packet_is_named(packet: bytes, fault: str) -> None:
    packets = Chunks.of([GOOD, packet])
    if fault == "NONE":
        assert len(iex_tp.depacketise(packets).first) == 3
        return
    with pytest.raises(WireError, match="packet 1 of "):
        iex_tp.depacketise(packets)
    assert iex_tp.faults(packets).tolist()[1] in (iex_tp.PacketFault[fault], 4)


@pytest.mark.parametrize(
    ("counts", "body", "says"),
    [
        ([1], 0, "1 messages in packets, 13 in all"),
        ([13], -1, "message 12: the stream ends within it"),
        ([-1, 14], 0, "a packet holds 0 to 65535 messages, and as many bytes"),
    ],
)
def test_packets_that_cannot_be_are_refused(counts: list[int], body: int, says: str) -> None:
    raw = deep.CODEC.encode(a_stream(1, 5))
    with pytest.raises(WireError, match=says):
        iex_tp.packetise(raw[: len(raw) + body], counts)


def test_a_packet_holds_no_more_than_its_length_can_say() -> None:
    one = struct.pack("<H", 10) + b"S" + bytes(9)
    most = 65_535 // 12
    assert len(iex_tp.packetise(one * most, [most])) == 1
    with pytest.raises(WireError, match="and as many bytes"):
        iex_tp.packetise(one * (most + 1), [most + 1])
    assert iex_tp.packetise(b"", [0])[0][32:40] == bytes(8)  # a time that isn't given is 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('order = "little"', 'order = "middle"', "order 'middle' isn't one of big, little"),
        ('transport = "iex_tp"', 'transport = "mold"', "unknown key 'iex_tp'"),
        ('kind = "epoch"', 'kind = "timestamp6"', "kind 'timestamp6' isn't one of"),
        ('length = 8, kind = "epoch"', 'length = 6, kind = "timestamp"', "6 bytes in little order"),
        ('kind = "signed_price4"', 'kind = "price4"', "price4 of 8 bytes"),
        ('type = "8"', 'type = "+"', "isn't one letter or digit"),
        ("[protocol]", "[protocols]", "protocol is lacking"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(old: str, new: str, message: str) -> None:
    text = DEEP.read_text()
    assert old in text
    with pytest.raises(TableError, match=message) as error:
        parse(text.replace(old, new, 1))
    assert "\n" not in str(error.value)
