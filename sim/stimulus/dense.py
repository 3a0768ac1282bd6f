"""Packets as dense as their kind can be: what a book's levels and orders must keep up with."""

from __future__ import annotations

import numpy as np

from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise

DENSE = 69  # deletes that a packet of 1,500 bytes holds


def dense(kind: str, count: int) -> Chunks:
    """`full`: packets of 69 deletes, each of its level's one order; `single`: packets of one."""
    size = DENSE if kind == "full" else 1
    orders = count * size
    numbers = np.arange(orders)
    adds, deletes = itch.empty("A", orders), itch.empty("D", orders)
    for one in (adds, deletes):
        one["stock_locate"], one["order_reference_number"] = 100, 1 + numbers
    adds["buy_sell_indicator"], adds["shares"], adds["stock"] = b"B", 100, b"TICK    "
    adds["price"] = 1_000_000 - 100 * (numbers % DENSE)
    types = np.tile(np.repeat(np.frombuffer(b"AD", np.uint8), size), count)
    messages = itch.Messages.of(types, {"A": adds, "D": deletes})
    # adds are longer: two packets of them, then one of deletes
    cut = [size // 2, size - size // 2, size] if size > 1 else [1, 1]
    return frames(packetise(itch.encode(messages), cut * count, session=b"DENSE"), Flow())
