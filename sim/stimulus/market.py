"""A little market for the benches of the whole path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tickwire.wire import itch


def market(seed: int, events: int, locates: Mapping[int, float]) -> itch.Messages:
    """Adds and deletes of instruments, each with its share of the events, in minutes of their time:
    400 of one are long enough for it to be warm."""
    rng = np.random.default_rng(seed)
    types, added, deleted = list[str](), list[dict[str, Any]](), list[dict[str, Any]]()
    resting = {locate: {b"B": list[int](), b"S": list[int]()} for locate in locates}
    time, reference = 34_200 * 10**9, 0
    for _ in range(events):
        time += int(rng.integers(1, 700_000_000))
        locate = rng.choice([*locates], p=[*locates.values()])
        side = rng.choice([b"B", b"S"])
        mine = resting[locate][side]
        if len(mine) < 4 or rng.random() < 0.5:
            reference += 1
            away = 100 * int(rng.integers(1, 9))
            price = 1_000_000 - away if side == b"B" else 1_000_000 + away
            added.append({
                "stock_locate": locate, "timestamp": time, "order_reference_number": reference,
                "buy_sell_indicator": side, "shares": int(rng.integers(1, 900)), "price": price,
                "stock": b"TICK    ",
            })  # fmt: skip
            mine.append(reference)
            types.append("A")
        else:
            gone = mine.pop(int(rng.integers(len(mine))))
            deleted.append(
                {"stock_locate": locate, "timestamp": time, "order_reference_number": gone}
            )
            types.append("D")
    arrays = {"A": itch.empty("A", len(added)), "D": itch.empty("D", len(deleted))}
    for kind, rows in (("A", added), ("D", deleted)):
        for at, row in enumerate(rows):
            for name, value in row.items():
                arrays[kind][name][at] = value
    return itch.Messages.of(np.frombuffer("".join(types).encode(), np.uint8), arrays)
