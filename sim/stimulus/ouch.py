"""Messages in OUCH 5.0, of a venue and of a client, by the host's codec."""

from __future__ import annotations

import random

from tickwire.gen.ouch_table import CODES
from tickwire.wire.dialogue import Said, Value
from tickwire.wire.fields import Field, MessageType
from tickwire.wire.ouch import CODEC

PRICES = (0, 1, 1_234_500, 2**32 - 1, 2**32, 2**63, 2**64 - 1)


def value(rng: random.Random, field: Field) -> Value:
    if field.code:
        return rng.choice(list(CODES[field.code].values()))
    if field.kind == "alpha":
        return rng.randbytes(field.length)
    if field.kind == "wide_price4":
        return rng.choice((*PRICES, rng.randrange(2**31)))
    return rng.randrange(1 << 8 * field.length)


def message(rng: random.Random, kind: MessageType, **said: Value) -> bytes:
    """One that the host's codec makes, without appendages; what isn't said is drawn."""
    own = ("message_type", "appendage_length")
    values = {one.name: value(rng, one) for one in kind.fields if one.name not in own}
    written = Said(kind.name, values | said)
    return CODEC.encode("client" if kind.sender == "client" else "venue", written)
