"""Drives a block whose ports tell their cycle, and compares each output when it has a meaning.

A port's last digit is the cycle, after its record's, in which it counts; one without a digit counts
in cycle 0. So a golden model is a function of records, and knows no cycle.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cocotb.triggers import RisingEdge

from sim.lib.bench import Ports

Expected = Mapping[str, int | Collection[int]]  # one of several values, where any of them will do


def elements(values: Iterable[int], bits: int = 8) -> int:
    """Signed numbers as a packed array, the first in the least significant bits."""
    return sum((value % (1 << bits)) << bits * place for place, value in enumerate(values))


def _cycle(name: str) -> int:
    return int(name[-1]) if name[-1].isdigit() else 0


class Pipeline:
    """`controls` are 0 where no record says otherwise, `data` is noise there."""

    def __init__(
        self, dut: Any, rng: random.Random, controls: Iterable[str], data: Iterable[str]
    ) -> None:
        self.dut, self.rng, self.ports = dut, rng, Ports(dut)
        self.controls = tuple(controls)
        self.widths = {name: len(getattr(dut, name)) for name in data}
        self.cycle, self.compared = 0, Counter[str]()
        self._inputs = defaultdict[int, dict[str, int]](dict)
        self._expected = defaultdict[int, dict[str, int | Collection[int]]](dict)
        self.ports.write(dict.fromkeys((*self.controls, *self.widths), 0))

    async def record(self, inputs: Mapping[str, int], expected: Expected, apart: int = 2) -> None:
        """A record in this cycle, and the cycles up to the next one's."""
        for name, value in inputs.items():
            self._inputs[self.cycle + _cycle(name)][name] = value
        self.expect(expected)
        await self.edges(apart)

    def expect(self, expected: Expected) -> None:
        """Of a record in this cycle."""
        for name, values in expected.items():
            self._expected[self.cycle + _cycle(name)][name] = values

    async def edges(self, count: int) -> None:
        for _ in range(count):
            noise = {name: self.rng.getrandbits(width) for name, width in self.widths.items()}
            inputs = dict.fromkeys(self.controls, 0) | noise | self._inputs.pop(self.cycle, {})
            self.ports.write(inputs)
            await RisingEdge(self.dut.clk)
            for name, expected in self._expected.pop(self.cycle, {}).items():
                observed = self.ports.read(name)
                allowed = (expected,) if isinstance(expected, int) else expected
                if observed not in allowed:
                    where = f"cycle {self.cycle}: {name}"
                    raise AssertionError(f"{where} is {observed}, not {expected}")
                self.compared[name] += 1
            self.cycle += 1

    def forget(self) -> None:
        """What is on its way: a reset ends it."""
        self._inputs.clear()
        self._expected.clear()
