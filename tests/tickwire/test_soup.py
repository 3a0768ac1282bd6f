"""SoupBinTCP: every packet there and back; by hand, and by `nasdaq-protocols` if it is there."""

from __future__ import annotations

import random

import pytest
from nasdaq_protocols.soup import core as theirs

from tests.tickwire.said import SOUP, Talker, layouts, senders, sliced
from tickwire.gen.soup_table import MESSAGES
from tickwire.wire.chunks import WireError
from tickwire.wire.dialogue import Said
from tickwire.wire.fields import MessageType
from tickwire.wire.soup import CODEC, LONGEST, packet, split

NAMED = [f"{kind.sender} {kind.type}" for kind in MESSAGES]


def test_the_types_and_lengths_are_those_typed_by_hand() -> None:
    known = {(side, kind.type): kind.length for kind in MESSAGES for side in senders(kind)}
    assert known == {key: length for key, (length, _) in layouts(SOUP).items()}
    assert len(known) == 11


@pytest.mark.parametrize("kind", MESSAGES, ids=NAMED)
def test_every_packet_there_and_back(kind: MessageType) -> None:
    draws = Talker(CODEC, (), {}, 1)
    for sender in senders(kind):
        for _ in range(100):
            said = draws.draw(kind)
            raw = CODEC.encode(sender, said)
            assert sliced(SOUP, sender, raw) == (said.values, {}, said.payload)
            assert CODEC.decode(sender, raw) == said
        for length in range(1, kind.length):
            with pytest.raises(WireError, match=f"{kind.name}: {length} bytes, but it has"):
                CODEC.decode(sender, raw[:length])
        if kind.tail != "payload":
            with pytest.raises(WireError, match=f"{kind.name}: {kind.length + 1} bytes"):
                CODEC.decode(sender, raw + b"x")


def test_a_sequence_number_is_digits() -> None:
    raw = CODEC.encode("venue", Said("login_accepted", {"session": b"S", "sequence_number": 12}))
    assert raw == b"A" + b"S         " + b"12".rjust(20)
    assert CODEC.decode("venue", raw[:11] + b"12".ljust(20)).values["sequence_number"] == 12
    for wrong in (b"", b"1 2", b"+12", b"-1", b"0x1", b"\xb2"):
        with pytest.raises(
            WireError, match=r"login_accepted\.sequence_number: .* a number in digits"
        ):
            CODEC.decode("venue", raw[:11] + wrong.rjust(20))
    with pytest.raises(WireError, match="isn't a whole number of 20 digits"):
        CODEC.encode("venue", Said("login_accepted", {"session": b"", "sequence_number": 10**20}))


def test_a_stream_may_be_cut_anywhere() -> None:
    rng = random.Random(3)
    messages = [rng.randbytes(rng.choice((1, 2, 47, 300))) for _ in range(40)]
    stream = b"".join(packet(message) for message in messages)
    for cut in range(len(stream) + 1):
        first, rest = split(stream[:cut])
        then, nothing = split(rest + stream[cut:])
        assert (first + then, nothing) == (messages, b"")
    assert packet(bytes(LONGEST))[:2] == b"\xff\xff"
    for wrong in (b"", bytes(LONGEST + 1)):
        with pytest.raises(WireError, match=f"a packet has 1 to 65535 bytes, not {len(wrong)}"):
            packet(wrong)
    with pytest.raises(WireError, match="packet 1 at byte 3: a packet without a type"):
        split(b"\0\1R\0\0\0\1R")


def test_another_library_reads_and_writes_the_same_bytes() -> None:
    cases = [
        ("client", Said("login_request", {"username": b"trader", "password": b"secret1234",
          "requested_session": b"0123456789", "requested_sequence_number": 17}),
         theirs.LoginRequest("trader", "secret1234", "0123456789", "17")),
        ("venue", Said("login_accepted", {"session": b"0123456789", "sequence_number": 9}),
         theirs.LoginAccepted("0123456789", 9)),
        ("venue", Said("login_rejected", {"reject_reason_code": b"A"}), theirs.LoginRejected("A")),
        ("venue", Said("sequenced_data", payload=b"abc"), theirs.SequencedData(b"abc")),
        ("client", Said("unsequenced_data", payload=b"abc"), theirs.UnSequencedData(b"abc")),
        ("client", Said("debug", payload=b"abc"), theirs.Debug("abc")),
        ("client", Said("client_heartbeat"), theirs.ClientHeartbeat()),
        ("venue", Said("server_heartbeat"), theirs.ServerHeartbeat()),
        ("venue", Said("end_of_session"), theirs.EndOfSession()),
        ("client", Said("logout_request"), theirs.LogoutRequest()),
    ]  # fmt: skip
    for sender, said, other in cases:
        raw = packet(CODEC.encode(sender, said))  # type: ignore[arg-type]
        assert theirs.SoupMessage.from_bytes(raw)[1] == other, said
        (message,), rest = split(other.to_bytes()[1])
        assert (CODEC.decode(sender, message), rest) == (said, b"")  # type: ignore[arg-type]
    assert {said.name for _, said, _ in cases} == {kind.name for kind in MESSAGES}
