"""The feed's RTL, compiled: frames in, records out, at about a million clock cycles a second.

`Top` is a module that has feed_rx's ports, Verilated around `sw/tickwire/board/virtual/main.cpp`
and kept under a hash of all that goes into it. `Top.run` plays `Traffic` and gives back what came
out, by record, each with the cycle in which it was presented.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools import rtl, toolchain
from hwtools.bits import Layout, pack
from hwtools.once import build_once
from hwtools.toolchain import BUILD, TEXT, ToolError
from tickwire.board.virtual.observed import Observed
from tickwire.gen.records import BOOK_OP, DEPTH, FEED_EVENTS, PATH_EVENTS, TAP, TOP_OF_BOOK, Reason
from tickwire.wire.traffic import PORTS, Registers, Traffic

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]  # cycles, frames

HARNESS = Path(__file__).parent
FLAGS = (
    *("-O3", "--x-initial", "unique", "--x-assign", "fast", "-Wno-fatal", "-Wno-lint"),
    "-Werror-USERERROR",  # a module's own $error is one
    *("--unroll-count", "256", "--unroll-stmts", "200000"),  # hash functions: twice as fast
)
MESSAGE = np.dtype(
    [
        ("cycle", np.uint64),
        ("sequence_number", np.uint64),
        ("frame_cycle", np.uint64),
        ("message_cycle", np.uint64),
        ("length", np.uint16),  # 0 where there are runts
        ("last", np.bool_),
        ("runts", np.uint8),  # messages of at most 8 bytes, which are only counted
        ("bytes", np.uint8, 68),
    ]
)
EVENT = np.dtype([("cycle", np.int64), ("value", np.uint16)])
_ROW = np.dtype(
    [
        ("offset", np.uint64),
        ("first", np.int64),
        ("length", np.uint32),
        ("feed", np.uint8),
        ("spoiled", np.uint8),
        ("at", np.uint16),
    ]
)
# What op_gate is given beside operations, and `lost`, which has its reason.
PULSES = {"session_ended": Reason.SESSION_ENDED, "bad_frame": Reason.BAD_FRAME}
BY_FEED = tuple(field.name for field in FEED_EVENTS.fields)
EVENTS = (*BY_FEED, *(field.name for field in PATH_EVENTS.fields), *PULSES)


def _both_feeds() -> Layout:
    """Both feeds' events as one port has them, feed A's in the low bits: NAME_0 and NAME_1."""
    fields = [(f"{one.name}_{feed}", one) for feed in (1, 0) for one in FEED_EVENTS.fields]
    return Layout(
        "both_feeds",
        2 * FEED_EVENTS.width,
        tuple(replace(one, name=name) for name, one in fields),
        np.dtype([(name, FEED_EVENTS.dtype[one.name]) for name, one in fields]),
    )


@dataclass(frozen=True)
class FeedObserved(Observed):
    """With the events of the feed and of the path."""

    def count(self, event: str) -> int:
        """How often; where both feeds have it, of both."""
        return int(self.of(event)["value"].sum())

    def by_feed(self, event: str) -> tuple[int, int]:
        a, b = (self._feed_events[f"{event}_{feed}"] for feed in (0, 1))
        return int(a.sum()), int(b.sum())

    def of(self, event: str) -> Array:
        """The cycles that had it, and how often each; where both feeds have it, of both."""
        if event in BY_FEED:
            a, b = (self._feed_events[f"{event}_{feed}"] for feed in (0, 1))
            record, values = "feed_events", a.astype(np.uint16) + b
        elif event in PULSES:
            record, values = event, self.rows(event)
        else:
            record, values = "path_events", self.rows("path_events")[event]
        rows = np.zeros(len(values), EVENT)
        rows["cycle"], rows["value"] = self.cycles_of(record), values
        return rows[rows["value"] > 0]

    @cached_property
    def _feed_events(self) -> Array:
        return self.rows("feed_events")


def compiled(
    module: str, sources: Sequence[Path], main: Path, signals: str, flags: Sequence[str], about: str
) -> Path:
    """The program of a top: built unless it is there; two that want it wait for each other."""
    tools = (toolchain.need("verilator").version, toolchain.compiler())
    digest = hashlib.sha256(repr(tools).encode())
    for path in [*sources, main, *sorted(HARNESS.glob("*.h"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(repr((sorted(flags), FLAGS, signals)).encode())
    folder = BUILD / "harness" / module / digest.hexdigest()[:16]

    def compile_(folder: Path) -> None:
        (folder / "signals.h").write_text(signals)
        argv = ["--cc", "--exe", "--build", "-j", "2", "--top-module", module, *FLAGS]
        argv += ["-CFLAGS", f"-I{folder} -I{HARNESS}", "-MAKEFLAGS", "OPT_FAST=-O2", *flags]
        argv += ["--Mdir", str(folder), "-o", "harness", str(main), *map(str, sources)]
        print(f"building {module} {about}, once: a minute or so", file=sys.stderr)
        try:
            toolchain.run("verilator", *argv, log=folder / "build.log")
        except ToolError as error:
            raise ToolError(f"{module} doesn't build: {error}") from None

    build_once(folder, compile_)
    return folder / "harness"


def header(module: str, listed: Mapping[str, Sequence[str]], more: Sequence[str] = ()) -> str:
    """signals.h: what a program must know of its top, as macros."""
    lines = [f'#include "V{module}.h"', f"#define TOP V{module}"]
    lines += [f"#define {name} {' '.join(items)}" for name, items in listed.items()]
    at = TAP.width
    for each in TAP.fields:  # its lowest bit, and how many it has
        at -= each.bits
        lines.append(f"#define TAP_{each.name} {at}, {each.bits}")
    return "\n".join([*lines, *more]) + "\n"


def listed(records: Mapping[str, tuple[str, str, Layout | None]]) -> list[str]:
    """Records as the macro has them."""
    return [
        f"X({name}, {valid}, {port}, {layout.bytes if layout else 1})"
        for name, (valid, port, layout) in records.items()
    ]


# Name, its valid, its port, what it is: of the table, or one byte.
_EVENTS: dict[str, tuple[str, str, Layout | None]] = {
    "feed_events": ("feed_events", "feed_events", _both_feeds()),
    "path_events": ("path_events", "path_events", PATH_EVENTS),
    **{name: (name, name, None) for name in PULSES},
    "lost": ("lost", "lost_reason", None),
}
_RECORDS: dict[str, dict[str, tuple[str, str, Layout | None]]] = {
    "feed_rx": {"operations": ("m_valid", "m_op", BOOK_OP), **_EVENTS},
    "feed_book": {
        "operations": ("operation_valid", "operation", BOOK_OP),
        "tops": ("m_valid", "m_top", TOP_OF_BOOK),
        "depths": ("m_valid", "m_depth", DEPTH),
        "causes": ("m_valid", "m_cause", None),
        "ignored": ("m_valid", "m_ignored", None),
        "host_taken": ("host_op_ready", "host_op_ready", None),
        **_EVENTS,
    },
}


@dataclass(frozen=True)
class Top:
    """A module and its parameters."""

    module: str
    parameters: Mapping[str, int]

    @property
    def records(self) -> dict[str, tuple[str, str, Layout | None]]:
        return _RECORDS[self.module]

    @cached_property
    def sources(self) -> list[Path]:
        path = rtl.files().get(self.module)
        if path is None:
            raise ToolError(f"hw/rtl has no {self.module}.sv")
        return list(rtl.sources(path))

    @cached_property
    def program(self) -> Path:
        """Built unless it is there; two processes that want it wait for each other."""
        about = " ".join(f"{name}={value}" for name, value in self.parameters.items())
        return compiled(
            self.module,
            self.sources,
            HARNESS / "main.cpp",
            self._signals(),
            [f"-G{name}={value}" for name, value in self.parameters.items()],
            about,
        )

    def _signals(self) -> str:
        """What main.cpp must know of this top."""
        macros = {
            "PORTS(X)": [f"X({name})" for name in PORTS],
            "RECORDS(X)": listed(self.records),
            "INPUTS": [f"set(dut->{name}, std::string(8, '0'));" for name in _IDLE[self.module]],
        }
        more = [f"#define HOST_OP {BOOK_OP.bytes}"] if self.module == "feed_book" else []
        return header(self.module, macros, more)

    def run(
        self,
        traffic: Traffic,
        registers: Registers,
        *,
        host: tuple[Array, Array] | None = None,
        flush: int = 200,
        seed: int = 1,
        progress: Progress | None = None,
    ) -> FeedObserved:
        """Play it. `host`: cycles and operations, each offered from then on, one after the other.
        `seed` is what registers without a reset begin with."""
        program = self.program
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="feed.", dir=BUILD) as temporary:
            folder = Path(temporary)
            write(traffic, folder / "traffic")
            if host is not None:
                _write_host(host, folder / "host")
            values = [f"{name}={value:x}" for name, value in registers.values().items()]
            argv = [str(program), str(folder / "traffic"), str(folder), str(flush), *values]
            argv += [f"+verilator+seed+{seed}", "+verilator+rand+reset+2"]
            cycles = play(argv, progress)
            records = {
                name: read_records(folder / name, layout)
                for name, (_, _, layout) in self.records.items()
            }
            return FeedObserved(
                cycles,
                np.fromfile(folder / "messages", MESSAGE),
                records,
                {name: layout for name, (_, _, layout) in self.records.items()},
            )


_IDLE: dict[str, tuple[str, ...]] = {
    "feed_rx": ("resynchronise", "open_market"),
    "feed_book": ("resynchronise", "open_market"),
}


def write(traffic: Traffic, path: Path) -> None:
    rows = np.zeros(len(traffic.frames), _ROW)
    rows["offset"], rows["length"] = traffic.frames.offsets[:-1], traffic.frames.lengths
    for name in ("first", "feed", "spoiled", "at"):
        rows[name] = getattr(traffic, name)
    with path.open("wb") as file:
        file.write(np.uint64(len(rows)).tobytes())
        rows.tofile(file)
        traffic.frames.data.tofile(file)


def _write_host(host: tuple[Array, Array], path: Path) -> None:
    rows = np.zeros(len(host[0]), np.dtype([("cycle", np.int64), ("op", np.uint8, BOOK_OP.bytes)]))
    rows["cycle"], rows["op"] = host[0], pack(host[1], BOOK_OP)
    rows.tofile(path)


def play(argv: list[str], progress: Progress | None) -> int:
    """Run it to its end; how many cycles it had."""
    cycles = 0
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **TEXT) as done:
        try:
            assert done.stdout is not None and done.stderr is not None
            for line in done.stdout:
                if not re.fullmatch(r"\d+ \d+\n", line):
                    raise ToolError(f"{Path(argv[0]).parent.parent.name}: {line.strip()}")
                cycles, frames = map(int, line.split())
                if progress is not None:
                    progress(cycles, frames)
            message = done.stderr.read()
        except BaseException:
            done.kill()
            raise
    if done.returncode:
        raise ToolError(f"{argv[0]} ended with {done.returncode}: {message.strip()[-300:]}")
    return cycles


def read_records(path: Path, layout: Layout | None) -> tuple[Array, Array]:
    return read_bytes(path, layout.bytes if layout else 1)


def read_bytes(path: Path, size: int) -> tuple[Array, Array]:
    """Cycles, and so many bytes of each."""
    rows = np.fromfile(path, np.dtype([("cycle", np.uint64), ("bytes", np.uint8, (size,))]))
    return rows["cycle"].astype(np.int64), np.ascontiguousarray(rows["bytes"])
