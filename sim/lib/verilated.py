"""Verilated builds, kept under a hash of everything that goes into them: nothing is built twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cocotb_tools import runner as cocotb_runner

from hwtools import toolchain
from hwtools.once import build_once
from hwtools.rtl import HW, sources
from hwtools.toolchain import BUILD, ROOT
from sim.doubles import STAND_IN
from sim.lib import waves

WAIVERS = ROOT / "hw" / "lint"
SIM_BUILD = BUILD / "sim"

Value = int | str

# Registers and memories start at random values, so that logic which relies on a reset that it
# doesn't have shows; nothing is ever resolved from X. One file of C++ takes a quarter to a half of
# the processor time of several, each of which reads the same headers. cocotb asks for every signal
# to be public: the top level's are enough for a bench, and the others can then be optimised (the
# core simulates six times as fast). Whether each is used and driven is for the lint, so that a
# mutant with one that isn't still runs.
VERILATOR = ("-Wall", "-Wno-UNUSED", "-Wno-UNDRIVEN", "--x-initial", "unique",
             "--x-assign", "unique", "--output-split", "0", "--no-public-flat-rw",
             "--public-depth", "1", "-CFLAGS", "-O1")  # fmt: skip


class BuildError(RuntimeError):
    """Sources that don't build; the message ends with the tool's last lines."""


def waivers(files: Iterable[Path]) -> list[Path]:
    """Of hw/lint, what is for these sources: X.vlt for X.sv, and what is for all."""
    stems = {"verilator", *(file.stem for file in files)}
    return [path for path in sorted(WAIVERS.glob("*.vlt")) if path.stem in stems]


@dataclass(frozen=True)
class Build:
    """One Verilated executable: a top level, its parameters and whether it can write waves."""

    top: Path
    parameters: Mapping[str, Value]
    waves: bool = False
    hw: Path = HW
    network: tuple[Path, ...] = STAND_IN  # what a top that needs one is built with

    @property
    def module(self) -> str:
        return self.top.stem

    @property
    def files(self) -> tuple[Path, ...]:
        return sources(self.top, self.hw, self.network)

    @property
    def folder(self) -> Path:
        """Named by a hash of texts, parameters, tools and flags."""
        digest = hashlib.sha256()
        for file in [*self.files, *waivers(self.files)]:
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        verilator = toolchain.need("verilator").version
        tools = (verilator, toolchain.compiler(), cocotb_runner.__file__)
        options = (sorted(self.parameters.items()), self._options())
        digest.update(repr((tools, options)).encode())
        return SIM_BUILD / self.module / digest.hexdigest()[:16]

    def _options(self) -> list[str]:
        # gcc takes longer to optimise a converted network than a bench takes to simulate it
        quick = ("-CFLAGS", "-O0") if self.network != STAND_IN else ()
        return [*VERILATOR, *quick, *(waves.flags() if self.waves else ())]

    def make(self) -> Path:
        """Build it unless it is there; two processes that want the same one wait for each other."""
        folder = self.folder
        build_once(folder, self._verilate)
        return folder

    def _verilate(self, folder: Path) -> None:
        os.environ.update(toolchain.environment())
        log = folder / "build.log"
        try:
            cocotb_runner.get_runner("verilator").build(
                sources=[*waivers(self.files), *self.files],
                parameters=dict(self.parameters),
                build_args=self._options(),
                hdl_toplevel=self.module,
                build_dir=folder,
                waves=self.waves,
                timescale=("1ns", "1ps"),
                log_file=log,
            )
        except (Exception, SystemExit) as error:
            lines = log.read_text().splitlines() if log.exists() else [str(error)]
            tail = "\n".join(lines[-15:])
            raise BuildError(f"{self.module} doesn't build, log {log}\n{tail}") from None
