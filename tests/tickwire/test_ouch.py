"""OUCH 5.0 and 4.2: every message there and back, held to bytes cut by hand; what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tickwire.said import OUCH, OUCH42, Talker, layouts, senders, sliced, tags
from tickwire.gen import ouch42_table, ouch_table
from tickwire.wire.chunks import WireError
from tickwire.wire.dialogue import Dialogue, Said
from tickwire.wire.fields import MessageType
from tickwire.wire.ouch import CODEC, CODEC_42

ROUNDS = 300
BOTH = [(CODEC, kind) for kind in ouch_table.MESSAGES] + [
    (CODEC_42, kind) for kind in ouch42_table.MESSAGES
]
NAMED = [f"{codec.title} {kind.sender} {kind.type}" for codec, kind in BOTH]
CANCEL = CODEC.by_name["cancel_order"]
ENTER = CODEC.by_name["enter_order"]


def talker(codec: Dialogue, seed: int = 1) -> Talker:
    if codec is CODEC:
        return Talker(codec, ouch_table.TAGS, ouch_table.CODES, seed)
    return Talker(codec, (), ouch42_table.CODES, seed)


def refused(codec: Dialogue, sender: str, raw: bytes) -> str:
    with pytest.raises(WireError) as error:
        codec.decode(sender, raw)  # type: ignore[arg-type]
    return str(error.value)


def test_the_types_and_lengths_are_those_typed_by_hand() -> None:
    for codec, text, number in ((CODEC, OUCH, 25), (CODEC_42, OUCH42, 20)):
        known = {(kind.sender, kind.type): kind.length for other, kind in BOTH if other is codec}
        assert known == {key: length for key, (length, _) in layouts(text).items()}
        assert len(known) == number
    assert {tag.number: tag.name for tag in ouch_table.TAGS} == {
        number: name for number, (name, _) in tags().items()
    }


@pytest.mark.parametrize(("codec", "kind"), BOTH, ids=NAMED)
def test_every_message_there_and_back(codec: Dialogue, kind: MessageType) -> None:
    text, draws = OUCH if codec is CODEC else OUCH42, talker(codec)
    (sender,) = senders(kind)
    appended = 0
    for _ in range(ROUNDS):
        said = draws.draw(kind)
        raw = codec.encode(sender, said)
        assert sliced(text, sender, raw) == (said.values, said.tags, b"")
        assert codec.decode(sender, raw) == said
        appended += len(said.tags)
    assert appended >= (ROUNDS // 4 if kind.tags else 0)


@pytest.mark.parametrize(("codec", "kind"), BOTH, ids=NAMED)
def test_no_other_length_is_taken(codec: Dialogue, kind: MessageType) -> None:
    (sender,) = senders(kind)
    raw = codec.encode(sender, talker(codec).draw(kind, appended=0))
    for length in range(1, len(raw)):
        assert refused(codec, sender, raw[:length]) == (
            f"{kind.name}: {length} bytes, but it has {kind.length}"
        )
    one_more = refused(codec, sender, raw + b"\0")
    if kind.tail == "tags":
        assert one_more == f"{kind.name}: 0 bytes of appendages announced, 1 are there"
    else:
        assert one_more == f"{kind.name}: {kind.length + 1} bytes, but it has {kind.length}"
    if kind.tail == "optional_tags":
        assert codec.decode(sender, raw + b"\0\0") == codec.decode(sender, raw)
        assert "1 bytes of appendages announced, 0" in refused(codec, sender, raw + b"\0\1")


@pytest.mark.parametrize("codec", [CODEC, CODEC_42], ids=["5.0", "4.2"])
@pytest.mark.parametrize("sender", ["client", "venue"])
def test_no_other_type_is_taken(codec: Dialogue, sender: str) -> None:
    known = {kind.code for other, kind in BOTH if other is codec and kind.sender == sender}
    for code in set(range(256)) - known:
        said = refused(codec, sender, bytes([code]) + bytes(80))
        assert said == f"type {bytes([code])!r} isn't one of a {sender} in {codec.title}"
    assert refused(codec, sender, b"") == "a message without a type"


def test_the_real_cancel_is_nine_bytes_and_both_forms_are_taken() -> None:
    said = Said("cancel_order", {"user_ref_num": 7, "quantity": 0})
    assert CODEC.encode("client", said) == b"X\0\0\0\7\0\0\0\0"
    indexed = replace(said, tags={"user_ref_index": 3})
    assert CODEC.encode("client", indexed) == b"X\0\0\0\7\0\0\0\0\0\3\2\x1c\3"
    assert CODEC.decode("client", b"X\0\0\0\7\0\0\0\0\0\3\2\x1c\3") == indexed


def test_an_order_is_the_bytes_of_the_specification() -> None:
    values = {
        "user_ref_num": 0x01020304, "side": b"T", "quantity": 100, "symbol": b"AMZN",
        "price": 1_234_500, "time_in_force": b"3", "display": b"Y", "capacity": b"P",
        "intermarket_sweep_eligibility": b"N", "cross_type": b"N", "cl_ord_id": b"ORDER",
    }  # fmt: skip
    raw = bytes.fromhex(
        "4f 01020304 54 00000064 414d5a4e20202020 000000000012d644 33 59 50 4e 4e"
        "4f52444552202020202020202020 0000"
    )
    assert CODEC.encode("client", Said("enter_order", values)) == raw
    assert len(raw) == 47


def enter(appendages: bytes, announced: int | None = None) -> bytes:
    raw = CODEC.encode("client", talker(CODEC).draw(ENTER, appended=0))[:-2]
    count = len(appendages) if announced is None else announced
    return raw + count.to_bytes(2, "big") + appendages


@pytest.mark.parametrize(
    ("appendages", "announced", "message"),
    [
        (b"\5\2FIRM", 5, "enter_order: 5 bytes of appendages announced, 6 are there"),
        (b"\5\2FIRM", 7, "enter_order: 7 bytes of appendages announced, 6 are there"),
        (b"\0", None, "enter_order: the appendage at byte 47 has no number"),
        (b"\5\2FIRM\0\0", None, "enter_order: the appendage at byte 53 has no number"),
        (b"\5\2FIR", None, "enter_order: the appendage at byte 47 has 4 of 5 bytes"),
        (b"\4\2FIR", None, "enter_order: appendage firm at byte 47: 3 bytes, but it has 4"),
        (b"\6\2FIRMS", None, "enter_order: appendage firm at byte 47: 5 bytes, but it has 4"),
        (b"\1\2", None, "enter_order: appendage firm at byte 47: 0 bytes, but it has 4"),
        (b"\5\2FIRM\5\2FIRM", None, "enter_order: appendage 2 at byte 53 is there twice"),
        (b"\2\xc8x\2\xc8x", None, "enter_order: appendage 200 at byte 50 is there twice"),
    ],
)
def test_wrong_appendages_are_refused(
    appendages: bytes, announced: int | None, message: str
) -> None:
    assert refused(CODEC, "client", enter(appendages, announced)) == message


def test_unknown_appendages_are_skipped_and_kept() -> None:
    said = CODEC.decode("client", enter(b"\2\xc8x\5\2FIRM\1\x08\4\xc9abc"))
    assert said.tags == {"firm": b"FIRM"}
    assert said.unknown == ((200, b"x"), (8, b""), (201, b"abc"))
    with pytest.raises(WireError, match="enter_order: appendage 200 has no name"):
        CODEC.encode("client", said)


def test_random_bytes_are_refused_or_mean_themselves() -> None:
    draws, taken, wrong = talker(CODEC, 5), 0, 0
    kinds = [kind for kind in ouch_table.MESSAGES if kind.tags]
    for _ in range(4000):
        kind = draws.rng.choice(kinds)
        (sender,) = senders(kind)
        raw = bytearray(CODEC.encode(sender, draws.draw(kind)))
        raw[draws.rng.randrange(kind.length - 1, len(raw))] = draws.rng.randrange(256)
        try:
            said = CODEC.decode(sender, bytes(raw))
        except WireError:
            wrong += 1
            continue
        assert (said.values, said.tags) == sliced_known(sender, bytes(raw), said)
        taken += 1
    assert taken > 1000
    assert wrong > 500


def sliced_known(sender: str, raw: bytes, said: Said) -> tuple[object, object]:
    """By hand, where no appendage is unknown; else what was said."""
    if said.unknown:
        return said.values, said.tags
    values, appended, _ = sliced(OUCH, sender, raw)
    return values, appended


GOOD = talker(CODEC, 2).draw(ENTER, appended=0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            replace(GOOD, name="order_accepted"),
            "order_accepted isn't a message that a client sends",
        ),
        (replace(GOOD, name="shout"), "shout isn't a message that a client sends in OUCH 5.0"),
        (replace(GOOD, payload=b"x"), "enter_order: nothing may follow it"),
        (replace(GOOD, values={**GOOD.values, "colour": 1}), "enter_order has no field colour"),
        (
            replace(GOOD, values={**GOOD.values, "appendage_length": 1}),
            "enter_order has no field appendage_length",
        ),
        (replace(GOOD, values={}), "enter_order: user_ref_num is lacking"),
        (
            replace(GOOD, values={**GOOD.values, "side": b"X"}),
            "enter_order.side: b'X' isn't one of 'B S T E'",
        ),
        (
            replace(GOOD, values={**GOOD.values, "quantity": 1 << 32}),
            "enter_order.quantity: 4294967296 isn't a whole number of 4 bytes",
        ),
        (
            replace(GOOD, values={**GOOD.values, "quantity": -1}),
            "enter_order.quantity: -1 isn't a whole number of 4 bytes",
        ),
        (
            replace(GOOD, values={**GOOD.values, "symbol": b"TOOLONGER"}),
            "enter_order.symbol: b'TOOLONGER' isn't at most 8 bytes",
        ),
        (
            replace(GOOD, values={**GOOD.values, "symbol": 5}),
            "enter_order.symbol: 5 isn't at most 8",
        ),
        (replace(GOOD, tags={"route": b"X"}), "enter_order can't have the appendage route"),
        (
            replace(GOOD, tags={"peg_offset": 1 << 31}),
            "enter_order: appendage peg_offset: 2147483648 isn't a whole number of 4 bytes",
        ),
        (
            replace(GOOD, tags={"shares_located": b"X"}),
            "enter_order: appendage shares_located: b'X' isn't one of 'Y N'",
        ),
    ],
)
def test_what_does_not_fit_is_not_encoded(said: Said, message: str) -> None:
    with pytest.raises(WireError) as error:
        CODEC.encode("client", said)
    assert str(error.value).startswith(message)


def test_a_venue_may_have_letters_that_are_not_known() -> None:
    kind = CODEC.by_name["order_accepted"]
    raw = bytearray(CODEC.encode("venue", talker(CODEC).draw(kind, appended=0)))
    raw[13] = ord("?")
    assert CODEC.decode("venue", bytes(raw)).values["side"] == b"?"
