"""Golden model of risk_registers: a register file that keeps to its map, of which a written `go`
takes words; and what became of the last command.
"""

from __future__ import annotations

from sim.golden.risk_regs import registers
from sim.golden.tick_pkg import width

TAKES = {"issue": ("command", "limits"), "confirm": ("confirmation",)}
# A port: whose words it is, and the record that they hold.
PORTS = {
    "command": ("command", "risk_command"),
    "slot_limits": ("limits", "slot_limits"),
    "total_limits": ("limits", "total_limits"),
    "confirmation": ("confirmation", "confirmation"),
}


class RiskRegisters:
    """`file` is what software sees; `write` says what the block presents for it."""

    def __init__(self) -> None:
        self.file = registers()
        self.reset()

    def reset(self) -> None:
        self.file.state = {field.path: field.reset for field in self.file.fields if field.stored}
        self.last = {"act": 0, "taken": 0, "count": 0}
        self._drive(self.last, "last")

    def write(self, address: int, data: int, strobes: int) -> dict[str, int]:
        """The records that this write makes the block present, by port."""
        before = dict(self.file.pulses)
        self.file.write(address, data, strobes)
        for register, takes in TAKES.items():
            if self.file.pulses[f"{register}.go"] == before[f"{register}.go"]:
                continue
            shown = {port: self._record(*of) for port, of in PORTS.items() if of[0] in takes}
            for path in self._words(takes):
                self.file.clear(path)
            return shown
        return {}

    def _words(self, takes: tuple[str, ...]) -> list[str]:
        """In order of address."""
        return [field.path for field in self.file.fields if field.path.split("[")[0] in takes]

    def _record(self, words: str, record: str) -> int:
        """The record's bits, the lowest first, of words of 32."""
        paths = self._words((words,))
        whole = sum(self.file.state[path] << 32 * number for number, path in enumerate(paths))
        return int(whole & (1 << width(record)) - 1)

    def echo(self, act: int, taken: int) -> None:
        self.last = {"act": act, "taken": taken, "count": self.last["count"] + 1 & 0xFFFF}
        self._drive(self.last, "last")

    def show(self, killed: int, armed: int, pending: int, nonce: int) -> None:
        """What the gate is."""
        self._drive({"killed": killed, "armed": armed, "pending": pending}, "status")
        self._drive({"nonce": nonce}, "nonce")

    def _drive(self, values: dict[str, int], register: str) -> None:
        for name, value in values.items():
            self.file.drive(f"{register}.{name}", value)
