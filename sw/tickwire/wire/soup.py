"""SoupBinTCP: its codec, of the table hw/regs/soup.toml, and its packets in a stream of bytes.

How the codec works stands in `dialogue`.
"""

from __future__ import annotations

from tickwire.gen.soup_table import MESSAGES
from tickwire.wire.chunks import WireError
from tickwire.wire.dialogue import Dialogue

CODEC = Dialogue("SoupBinTCP", MESSAGES)
PREFIX = 2  # bytes of a packet's length
LONGEST = 0xFFFF


def packet(message: bytes) -> bytes:
    """The packet of a message: its length before it."""
    if not 0 < len(message) <= LONGEST:
        raise WireError(f"a packet has 1 to {LONGEST} bytes, not {len(message)}")
    return len(message).to_bytes(PREFIX, "big") + message


def split(stream: bytes) -> tuple[list[bytes], bytes]:
    """The messages of the packets that are whole, and the bytes of the one that isn't yet."""
    messages: list[bytes] = []
    at = 0
    while len(stream) - at >= PREFIX:
        length = int.from_bytes(stream[at : at + PREFIX], "big")
        if length == 0:
            raise WireError(f"packet {len(messages)} at byte {at}: a packet without a type")
        end = at + PREFIX + length
        if end > len(stream):
            break
        messages.append(stream[at + PREFIX : end])
        at = end
    return messages, stream[at:]
