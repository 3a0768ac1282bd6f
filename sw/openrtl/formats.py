"""A fixed-point format: what a wire, a register, a port or a type of hls4ml holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FixedPoint:
    """A sign bit or none, bits left of the binary point without the sign, and bits right of it."""

    signed: bool
    integer: int
    fraction: int

    @property
    def width(self) -> int:
        return int(self.signed) + self.integer + self.fraction

    @property
    def step(self) -> float:
        return 2.0**-self.fraction

    @property
    def low(self) -> float:
        return -(2.0**self.integer) if self.signed else 0.0

    @property
    def high(self) -> float:
        return 2.0**self.integer - self.step
