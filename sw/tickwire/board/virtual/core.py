"""tickwire_core compiled around a network: frames and registers in, every level's records out.

`Core` is the whole path as `hw/rtl/tickwire_core.sv` has it, Verilated around
`sw/tickwire/board/virtual/core.cpp` with the files of a converted network, and kept under a hash of
all that goes into it. `Core.run` writes the registers, plays `Traffic` and gives back what the taps
showed, each record with the cycle in which it was presented.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools import rtl
from hwtools.bits import Layout, Records
from hwtools.registers import Register
from hwtools.rtl import HW
from hwtools.toolchain import BUILD, ToolError
from tickwire.board.virtual import harness
from tickwire.board.virtual.builds import SPACING, TABLES
from tickwire.board.virtual.desk import Desk, heard
from tickwire.board.virtual.harness import HARNESS, MESSAGE, Progress
from tickwire.board.virtual.observed import Observed
from tickwire.gen import regmap
from tickwire.gen.records import (
    BOOK_OP,
    BOOK_STOPS,
    DECISION,
    DEPTH,
    FEATURE_VECTOR,
    RISK_COMMAND,
    SIGNAL,
    SLOTS,
    TOP_OF_BOOK,
)
from tickwire.risk import ouch
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

MODULE = "tickwire_core"
# Name, its valid, its port, what it is: of the table, or one byte.
RECORDS: dict[str, tuple[str, str, Layout | None]] = {
    "operations": ("tap_operation_valid", "tap_operation", BOOK_OP),
    "tops": ("tap_book_valid", "tap_top", TOP_OF_BOOK),
    "depths": ("tap_book_valid", "tap_depth", DEPTH),
    "causes": ("tap_book_valid", "tap_cause", None),
    "ignored": ("tap_book_valid", "tap_ignored", None),
    "vectors": ("tap_vector_valid", "tap_vector", FEATURE_VECTOR),
    "network": ("tap_network_valid", "tap_network", SIGNAL),
    "signals": ("m_valid", "m_signal", SIGNAL),
    "decisions": ("decision_valid", "decision", DECISION),
    "echoes": ("echo_valid", "echo", RISK_COMMAND),
    "echoes_taken": ("echo_valid", "echo_taken", None),
    "heard_bytes": ("heard_valid", "heard_byte", None),
}
LAYOUTS = {name: layout for name, (_, _, layout) in RECORDS.items()} | {"stops": BOOK_STOPS}
NOBODY = Desk()  # the gate stays killed
FLUSH = 400  # cycles after the last frame
_ORDER = ("pricing", "capped", "time_in_force", "display", "capacity", "marking")
IDENTITY = ("MAGIC", "MODEL", "CAPABILITIES")
COUNTED = ("COUNTERS_", "RISK_CHECKS_")  # how the names of counters begin


# A frame of the card's: the cycles of its first beat on the line and of its last, bytes.
FRAME = np.dtype(
    [
        *(("cycle", np.int64), ("last", np.int64), ("length", np.uint32)),
        ("bytes", np.uint8, 128),
    ]
)
_TOKEN = 4  # bytes
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class CoreObserved(Observed):
    """With the registers that were read at the end, each order's message and its cycle, the tokens
    of those that could not leave, and all frames of the order's line."""

    registers: Mapping[str, int]
    seconds: float  # of a processor, that the simulator took
    messages_sent: tuple[Array, Array] = (_NONE, np.zeros((0, ouch.LENGTH), np.uint8))
    refused: tuple[Array, Array] = (_NONE, np.zeros((0, _TOKEN), np.uint8))
    frames: Array = field(default_factory=lambda: np.zeros(0, FRAME))
    wave: Path | None = None

    @cached_property
    def heard(self) -> Array:
        """The venue's messages, rows of HEARD, of the bytes that were taken of it."""
        return heard(self.cycles_of("heard_bytes"), self.rows("heard_bytes"))


@dataclass(frozen=True)
class Core:
    """The path at a width, with a network's files; `hw` is another copy of hw/, for faults. With
    `link` the order's session is in it."""

    width: int
    network: tuple[Path, ...]
    gated: bool = True
    hw: Path = HW
    waves: tuple[str, ...] = ()  # Verilator's options for FST waves, where they are wanted
    tables: Mapping[str, int] = field(default_factory=lambda: dict(TABLES))
    link: bool = True

    @cached_property
    def program(self) -> Path:
        top = rtl.files(self.hw).get(MODULE)
        if top is None:
            raise ToolError(f"{self.hw} has no rtl/{MODULE}.sv")
        parameters = {"W": self.width, "GATED": int(self.gated), "TAPS": 1, **self.tables}
        parameters["LINK"] = int(self.link)
        parameters["SPACING"] = SPACING[self.width]
        flags = [f"-G{name}={value}" for name, value in parameters.items()]
        more = []
        if self.waves:
            flags += [*self.waves, "--timescale", "1ns/1ps"]
            more.append("#define WAVES")
        signals = harness.header(MODULE, {"RECORDS(X)": harness.listed(RECORDS)}, more)
        about = f"W={self.width}, {self.network[0].parent.name}"
        sources = rtl.sources(top, self.hw, self.network)
        return harness.compiled(MODULE, sources, HARNESS / "core.cpp", signals, flags, about)

    def run(
        self,
        traffic: Traffic,
        writes: Sequence[tuple[int, int]],
        *,
        desk: Desk = NOBODY,
        seed: int = 1,
        flush: int = FLUSH,
        wave: tuple[int, int, Path] | None = None,
        progress: Progress | None = None,
    ) -> CoreObserved:
        """Play it, and `flush` cycles more. `wave`: cycles from, to, and where the FST of those
        goes. `seed` is what registers without a reset begin with."""
        if desk.session is not None and not self.link:
            raise ToolError(f"{MODULE} has no session where LINK is 0")
        program = self.program
        BUILD.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="core.", dir=BUILD) as temporary:
            folder = Path(temporary)
            harness.write(traffic, folder / "traffic")
            np.array(writes, np.uint32).tofile(folder / "writes")
            (folder / "risk").write_bytes(desk.accesses())
            (folder / "session").write_bytes(desk.ends())
            (folder / "venue").write_bytes(desk.plan())
            asked = _asked()
            words = [at + 4 * word for _, at, count in asked for word in range(count)]
            np.array(words, np.uint32).tofile(folder / "reads")
            argv = [str(program), str(folder / "traffic"), str(folder), str(flush)]
            argv += [str(cycle) for cycle in wave[:2]] if wave else []
            argv += [f"+verilator+seed+{seed}", "+verilator+rand+reset+2"]
            begun = _spent()
            cycles = harness.play(argv, progress)
            seconds = _spent() - begun
            if wave:
                if not (folder / "wave.fst").exists():
                    raise ToolError(f"nothing was simulated in cycles {wave[0]} to {wave[1]}")
                wave[2].parent.mkdir(parents=True, exist_ok=True)
                (folder / "wave.fst").replace(wave[2])
            records = {
                name: harness.read_records(folder / name, layout)
                for name, layout in LAYOUTS.items()
            }
            return CoreObserved(
                cycles,
                np.fromfile(folder / "messages", MESSAGE),
                records,
                LAYOUTS,
                _registers(asked, np.fromfile(folder / "registers", np.uint32)),
                seconds,
                harness.read_bytes(folder / "sent", ouch.LENGTH),
                harness.read_bytes(folder / "refused", _TOKEN),
                np.fromfile(folder / "frames", FRAME),
                wave[2] if wave else None,
            )


def _spent() -> float:
    """Processor time of the programs that have ended, so that others on the machine don't count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _asked() -> list[tuple[str, int, int]]:
    """What is read at the end: name, address, words."""
    named = {name: value for name, value in vars(regmap).items() if isinstance(value, Register)}
    registers = [(name, named[name]) for name in IDENTITY]
    for name, register in named.items():
        if not name.startswith(COUNTED):
            continue
        if register.stride:
            registers += [(f"{name}[{n}]", register[n]) for n in range(register.count)]
        else:
            registers.append((name, register))
    return [(name, register.address, register.words) for name, register in registers]


def _registers(asked: list[tuple[str, int, int]], words: Array) -> dict[str, int]:
    values, at = {}, 0
    for name, _, count in asked:
        values[name] = sum(int(word) << 32 * n for n, word in enumerate(words[at : at + count]))
        at += count
    return values


def writes(
    registers: Registers,
    settings: Array,
    orders: Records | None = None,
    *,
    each_change: bool = False,
) -> list[tuple[int, int]]:
    """What a host writes before the feed begins: (address, word) in order. `orders`, rows of
    ORDER_SETTINGS, is how slots make theirs; without it none does."""
    words: list[tuple[int, int]] = []

    def put(register: Register, **values: int) -> None:
        words.append((register.address, register.encode(**values)))

    put(
        regmap.CONTROL,
        trigger=int(each_change),
        any_start=registers.any_start,
        any_hours=registers.any_hours,
    )
    put(regmap.REORDER, window=registers.window)
    for feed in (0, 1):
        put(regmap.FEEDS_GROUP[feed], address=registers.group[feed])
        put(regmap.FEEDS_UDP[feed], port=registers.port[feed])
        put(
            regmap.FEEDS_CONTROL[feed],
            enable=registers.feed_enable >> feed & 1,
            any_group=registers.any_group >> feed & 1,
            any_port=registers.any_port >> feed & 1,
        )
    values = registers.values()
    for slot in range(SLOTS):
        one = settings[slot]
        symbol = values["symbol"] >> 64 * slot & 0xFFFFFFFFFFFFFFFF
        put(regmap.SLOTS_LOCATE[slot], stock_locate=values["locate"] >> 16 * slot & 0xFFFF)
        put(regmap.SLOTS_SYMBOL_FIRST[slot], characters=symbol >> 32)
        put(regmap.SLOTS_SYMBOL_LAST[slot], characters=symbol & 0xFFFFFFFF)
        put(regmap.SLOTS_BUY_THRESHOLD[slot], strength=int(one["buy_threshold"]))
        put(regmap.SLOTS_SELL_THRESHOLD[slot], strength=int(one["sell_threshold"]))
        put(regmap.SLOTS_HYSTERESIS[slot], strength=int(one["hysteresis"]))
        put(regmap.SLOTS_MINIMUM_INTERVAL[slot], time_units=int(one["minimum_interval"]))
        if orders is not None:
            made = {name: int(orders[name][slot]) for name in _ORDER}
            put(regmap.SLOTS_ORDER[slot], **made)
            put(regmap.SLOTS_ORDER_OFFSET[slot], price=int(orders["offset"][slot]))
            put(regmap.SLOTS_ORDER_SHARES[slot], shares=int(orders["shares"][slot]))
        put(
            regmap.SLOTS_CONTROL[slot],
            enable=values["enable"] >> slot & 1,
            learn=values["learn"] >> slot & 1,
        )
    return words
