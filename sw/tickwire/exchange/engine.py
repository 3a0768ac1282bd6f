"""A matching engine in price-time priority, compiled: commands in, events out.

`tickwire.exchange.naive_engine` specifies what an engine does, and tests compare the two.
"""

from __future__ import annotations

import numpy as np

from hwtools.bits import Records
from tickwire.exchange import engine_kernel as kernel
from tickwire.exchange.engine_types import EngineConfig
from tickwire.exchange.events import EVENT


class Engine:
    """The books of all instruments."""

    def __init__(self, config: EngineConfig | None = None) -> None:
        self.config = config or EngineConfig()
        self._state = kernel.empty(self.config)

    def run(self, commands: Records) -> Records:
        """Apply commands in order; the events that they cause."""
        parts, row = [], 0
        while row < len(commands):
            events = np.zeros(max(1 << 16, 2 * self.config.orders), EVENT)
            row, count = kernel.run(self._state, commands, row, events)
            parts.append(events[:count])
        return np.concatenate([np.zeros(0, EVENT), *parts])

    def orders(self) -> dict[int, tuple[int, int, int, int]]:
        """The resting orders by reference: instrument, side, price, shares."""
        state = self._state
        reference, instrument, side, tick, shares, *_ = state.order[state.table[state.table >= 0]].T
        price = state.ladder[0] + tick * state.ladder[1]
        rows = zip(*(column.tolist() for column in (instrument, side, price, shares)), strict=True)
        return dict(zip(reference.view(np.uint64).tolist(), rows, strict=True))
