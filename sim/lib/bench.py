"""What every bench shares: clock and reset, pauses, a golden model compared at every edge."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource

from sim.lib.runner import FIGURES, PERIOD_NS

PAUSES = ("never", "often", "bursts")


class Model(Protocol):
    """A golden model, stepped once a clock edge; signals go by the names of the module's ports."""

    @property
    def inputs(self) -> Sequence[str]:
        """The ports that `step` takes."""

    def outputs(self) -> Mapping[str, int]:
        """The outputs before the edge; one that is undefined then is left out, of one that is so in
        part `care` says which bits count."""

    def step(self, *_: Any, **inputs: Any) -> None:
        """Take the edge, with the inputs as they were before it: each by its own name."""

    def reset(self) -> None:
        """Take an edge in reset."""


def figure(metric: str, value: int, unit: str) -> None:
    """Leave a figure for the report. Its latency may not rise above the committed one in CI."""
    with Path(FIGURES).open("a") as file:
        file.write(json.dumps([metric, value, unit]) + "\n")


async def start(dut: Any, cycles: int = 4) -> None:
    """Start the clock and hold reset for `cycles` edges."""
    dut.rst.value = 1
    Clock(dut.clk, PERIOD_NS, "ns").start()
    await ClockCycles(dut.clk, cycles)
    dut.rst.value = 0
    await RisingEdge(dut.clk)


async def latency(dut: Any) -> int:
    """Edges from the one that accepts the next beat to the one after which it is presented."""
    while not (int(dut.s_axis_tvalid.value) and int(dut.s_axis_tready.value)):
        await RisingEdge(dut.clk)
    edges = 0
    while not int(dut.m_axis_tvalid.value):
        await RisingEdge(dut.clk)
        edges += 1
    return edges


async def reset(dut: Any) -> None:
    """One edge in reset, in the middle of whatever goes on."""
    dut.rst.value = 1
    await RisingEdge(dut.clk)
    dut.rst.value = 0
    await RisingEdge(dut.clk)


class Ports:
    """A module's ports by name, in plain integers: most of a bench's time goes into these."""

    def __init__(self, dut: Any) -> None:
        self._dut, self._handles, self._driven = dut, dict[str, Any](), dict[str, int]()

    def read(self, name: str) -> int:
        """An X or a Z isn't a number: ValueError."""
        handle = self._handles.get(name)
        if handle is None:
            # Without the LogicArray that handle.value makes: this is four times as fast.
            handle = self._handles[name] = getattr(self._dut, name)._handle.get_signal_val_binstr
        return int(handle(), 2)

    def write(self, line: Mapping[str, int]) -> None:
        """Drive these, which nothing else may drive."""
        driven = self._driven
        for name, value in line.items():
            if driven.get(name) != value:
                driven[name] = value
                getattr(self._dut, name).value = value


class Judge:
    """Compares the module with its model at every edge; `edges` counts them."""

    def __init__(self, dut: Any, model: Model) -> None:
        self.dut, self.model, self.edges, self.ports = dut, model, 0, Ports(dut)
        self._task = cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut, model, read = self.dut, self.model, self.ports.read
        while not read("rst"):  # registers hold anything until the first reset
            await RisingEdge(dut.clk)
        model.reset()
        while True:
            await RisingEdge(dut.clk)
            if read("rst"):
                model.reset()
                continue
            inputs = {name: read(name) for name in model.inputs}
            for name, expected in self._expected(inputs).items():
                observed = read(name)
                observed &= getattr(expected, "care", -1)
                assert observed == expected, (
                    f"edge {self.edges}: {name} is {observed:#x}, not {expected:#x}"
                )
            model.step(**inputs)
            self.edges += 1

    def _expected(self, inputs: Mapping[str, int]) -> Mapping[str, int]:  # noqa: ARG002
        return self.model.outputs()

    def done(self, at_least: int) -> None:
        """End the comparison, which must have been of `at_least` edges."""
        if self._task.done():
            self._task.result()
        self._task.cancel()
        assert self.edges >= at_least, f"the model was compared at {self.edges} edges only"


class ModelBeside(Model, Protocol):
    """A golden model of a module that also answers in the cycle of its inputs."""

    def beside(self, **inputs: int) -> Mapping[str, int]:
        """Those answers."""


class JudgeBeside(Judge):
    """The judge of such a module."""

    model: ModelBeside

    def __init__(self, dut: Any, model: ModelBeside) -> None:
        super().__init__(dut, model)

    def _expected(self, inputs: Mapping[str, int]) -> Mapping[str, int]:
        return {**self.model.outputs(), **self.model.beside(**inputs)}


def pauses(kind: str, rng: random.Random) -> Iterator[bool] | None:
    """When a source or a sink holds still: never, at random, or for stretches."""
    if kind == "never":
        return None
    if kind == "often":
        return iter(lambda: rng.random() < 0.5, None)
    stretches = ((rng.randint(1, 12), pausing) for pausing in itertools.cycle((False, True)))
    return (pausing for length, pausing in stretches for _ in range(length))


class Stream:
    """A source on `s_axis` and a sink on `m_axis`, from a library that knows nothing of our RTL."""

    def __init__(self, dut: Any, idle: str, backpressure: str) -> None:
        rng = random.Random(cocotb.RANDOM_SEED)
        self.rng = rng
        self.lanes = len(dut.s_axis_tkeep)
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.clk, dut.rst)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.clk, dut.rst)
        for end, kind in ((self.source, idle), (self.sink, backpressure)):
            pattern = pauses(kind, rng)
            if pattern is not None:
                end.set_pause_generator(pattern)

    def frames(self, count: int, longest: int) -> list[AxiStreamFrame]:
        """Random frames of 1 to `longest` bytes; one in four has tuser set."""
        return [
            AxiStreamFrame(
                self.rng.randbytes(self.rng.randint(1, longest)),
                tuser=int(self.rng.random() < 0.25),
            )
            for _ in range(count)
        ]

    async def send(self, frames: list[AxiStreamFrame]) -> None:
        for frame in frames:
            await self.source.send(frame)
        await self.source.wait()


def content(frame: AxiStreamFrame) -> tuple[bytes, int]:
    """What must arrive as it was sent: the bytes, and tuser, which is the same on every beat."""
    user = frame.tuser or 0
    return bytes(frame.tdata), user if isinstance(user, int) else int(user[-1])
