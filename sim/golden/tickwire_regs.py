"""What a map of hw/regs promises: the elaborated tree of systemrdl-compiler, and a register file
that keeps to SystemRDL's access types. It shares nothing with the generator or PeakRDL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peakrdl_regblock.udps import ALL_UDPS  # declares is_signed and buffer_reads, no more
from systemrdl.compiler import RDLCompiler
from systemrdl.node import AddressableNode, AddrmapNode, FieldNode, RegNode
from systemrdl.rdltypes.builtin_enums import OnWriteType

REGS = Path(__file__).resolve().parents[2] / "hw" / "regs"
SOURCE = REGS / "tickwire.rdl"
WORD = 4  # bytes


@dataclass(frozen=True)
class Field:
    """One field of one element. `path` is SystemVerilog's, `port` a name without brackets."""

    path: str
    address: int  # of the register
    low: int
    width: int
    reset: int
    stored: bool  # else what hardware drives is read, or a constant
    hw_writes: bool
    hw_reads: bool
    has_we: bool
    sw_reads: bool
    sw_writes: bool
    hw_clears: bool
    hw_locks: bool  # software writes it only where hardware says so
    pulse: bool
    sticky: bool  # set by hardware, cleared by writing 1

    @property
    def port(self) -> str:
        return self.path.replace("[", "_").replace("].", "_").replace(".", "_")

    @property
    def most(self) -> int:
        return (1 << self.width) - 1


def _reset(node: FieldNode) -> int:
    value = node.get_property("reset")
    assert value is None or isinstance(value, int), f"{node.get_path()}: its reset isn't a number"
    return value or 0


def _field(node: FieldNode, register: RegNode) -> Field:
    path = node.get_path().partition(".")[2]
    clears = node.get_property("onwrite") == OnWriteType.woclr
    return Field(
        path=path,
        address=register.absolute_address,
        low=node.low,
        width=node.width,
        reset=_reset(node),
        stored=node.implements_storage,
        hw_writes=node.is_hw_writable,
        hw_reads=node.is_hw_readable,
        has_we=bool(node.get_property("we")),
        sw_reads=node.is_sw_readable,
        sw_writes=node.is_sw_writable,
        hw_clears=bool(node.get_property("hwclr")),
        hw_locks=bool(node.get_property("swwe")),
        pulse=bool(node.get_property("singlepulse")),
        sticky=clears and bool(node.get_property("stickybit")),
    )


def _registers(node: AddrmapNode) -> Iterator[RegNode]:
    """Those that the block itself holds."""
    elsewhere = {address for window in _windows(node).values() for address in window}
    for child in node.descendants(unroll=True):
        if isinstance(child, RegNode) and child.absolute_address not in elsewhere:
            yield child


def _windows(node: AddrmapNode) -> dict[str, range]:
    """By name, the addresses that another block answers: counters."""
    return {
        child.inst_name: range(
            child.absolute_address, child.absolute_address + child.total_size, WORD
        )
        for child in node.children()
        if isinstance(child, AddressableNode) and child.external
    }


def elaborate(source: Path = SOURCE) -> AddrmapNode:
    compiler = RDLCompiler()
    for definition in ALL_UDPS:
        compiler.register_udp(definition, soft=False)
    compiler.compile_file(str(source))
    return compiler.elaborate().top


class RegisterFile:
    """The registers as software sees them. `inputs` is what hardware drives, by path."""

    def __init__(self, source: Path = SOURCE) -> None:
        top = elaborate(source)
        self.size = 1 << (top.size - 1).bit_length()
        self.windows = _windows(top)
        self.words: dict[int, list[Field]] = {}
        self.fields: list[Field] = []
        for register in _registers(top):
            fields = [_field(node, register) for node in register.fields()]
            self.fields += fields
            for address in range(
                register.absolute_address, register.absolute_address + register.size, WORD
            ):
                self.words[address] = fields
        self.inputs = {field.path: 0 for field in self.fields if field.hw_writes}
        self.state = {field.path: field.reset for field in self.fields if self._kept(field)}
        self.pulses = {field.path: 0 for field in self.fields if field.pulse}
        self.locked = {field.path for field in self.fields if field.hw_locks}

    @staticmethod
    def _kept(field: Field) -> bool:
        return field.stored or not field.hw_writes

    def _value(self, field: Field) -> int:
        return self.state[field.path] if self._kept(field) else self.inputs[field.path]

    def read(self, address: int) -> int | None:
        """The word at `address`, or None where there is no register."""
        fields = self.words.get(address)
        if fields is None or not any(field.sw_reads for field in fields):
            return None
        whole = sum(self._value(field) << field.low for field in fields)
        return whole >> 8 * (address - fields[0].address) & 0xFFFF_FFFF

    def write(self, address: int, data: int, strobes: int) -> bool:
        """Write the bytes that `strobes` names; false, and nothing changes, where none may be."""
        fields = self.words.get(address)
        if fields is None or not any(field.sw_writes for field in fields):
            return False
        mask = sum(0xFF << 8 * lane for lane in range(WORD) if strobes >> lane & 1)
        for field in fields:
            if field.sw_writes:
                self._write_field(field, data >> field.low, mask >> field.low)
        return True

    def _write_field(self, field: Field, data: int, mask: int) -> None:
        data, mask = data & field.most, mask & field.most
        if field.path in self.locked:
            return
        if field.pulse:
            self.pulses[field.path] += bool(data & mask)  # reads back as 0
        elif field.sticky:
            self.state[field.path] &= ~(data & mask)
        else:
            self.state[field.path] = self.state[field.path] & ~mask | data & mask

    def drive(self, path: str, value: int) -> None:
        """Hardware drives a field; a sticky one keeps what it was."""
        self.inputs[path] = value
        if path in self.state:
            self.state[path] |= value

    def lock(self, path: str, locked: bool) -> None:
        """Hardware lets software write a field, or doesn't."""
        (self.locked.add if locked else self.locked.discard)(path)

    def clear(self, path: str) -> None:
        """Hardware clears a field that it may clear."""
        self.state[path] = 0

    def load(self, path: str, value: int) -> None:
        """Hardware writes a field that has a write enable."""
        self.state[path] = value
