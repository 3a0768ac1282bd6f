"""Golden model of risk_registers: a register file that keeps to its map, of which a written `go`
takes words; what became of the last command, of the session that was handed over, of packets.
"""

from __future__ import annotations

from sim.golden.risk_regs import registers
from sim.golden.tick_pkg import width

TAKES = {"issue": ("command", "limits"), "confirm": ("confirmation",), "hand_over": ("session",)}
# A port: whose words it is, and the record that they hold.
PORTS = {
    "command": ("command", "risk_command"),
    "slot_limits": ("limits", "slot_limits"),
    "total_limits": ("limits", "total_limits"),
    "confirmation": ("confirmation", "confirmation"),
    "session": ("session", "tcp_session"),
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
        self.settled = 0
        self.packets = {"waits": 0, "refused": 0, "packets": 0, "taken": 0}
        self._drive(self.packets, "session_status")
        self._lock(False)

    def write(self, address: int, data: int, strobes: int) -> dict[str, int]:
        """The records that this write makes the block present, by port."""
        before = dict(self.file.pulses)
        self.file.write(address, data, strobes)
        if self.file.pulses["send.go"] != before["send.go"]:
            self._lock(True)
            return {"packet": self.packet, "packet_length": self.file.state["send.length"]}
        if self.file.pulses["take_back.go"] != before["take_back.go"]:
            return {"session_close": 1}
        takes_none = self.packets["waits"]
        for register, takes in TAKES.items():
            if self.file.pulses[f"{register}.go"] == before[f"{register}.go"]:
                continue
            shown = {port: self._record(*of) for port, of in PORTS.items() if of[0] in takes}
            for path in self._words(takes):
                self.file.clear(path)
            return {} if register == "hand_over" and takes_none else shown
        return {}

    @property
    def packet(self) -> int:
        """The first word's bytes are the first ones: highest."""
        whole = 0
        for path in self._words(("packet",)):
            whole = whole << 32 | self.file.state[path]
        return whole

    def _lock(self, locked: bool) -> None:
        """Words of a packet that waits can't be written."""
        for path in (*self._words(("packet",)), "send.length", "send.go"):
            self.file.lock(path, locked)
        self.packets["waits"] = int(locked)
        settled = {"settled": int(self.settled and not locked)}
        self._drive(self.packets | settled, "session_status")

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

    def handed(self, taken: int) -> None:
        """What a `hand_over` came to, if no packet waited."""
        self.packets["taken"] = taken
        self._drive(self.packets, "session_status")

    def packed(self, refused: int) -> None:
        """The packet that waited is sent or refused."""
        self.packets["refused"] = refused
        self.packets["packets"] = self.packets["packets"] + 1 & 0xFFFF
        self._lock(False)
        for path in self._words(("packet",)):
            self.file.clear(path)

    def of_session(self, live: int, settled: int, ended: int, **numbers: int) -> None:
        """Where the session is: `unacknowledged`, `next_byte`, `expected_byte` beside it."""
        self.settled = settled
        settled = int(settled and not self.packets["waits"])
        self._drive({"live": live, "settled": settled, "ended": ended}, "session_status")
        for register, value in numbers.items():
            self._drive({"position": value}, register)

    def show(self, killed: int, armed: int, pending: int, nonce: int) -> None:
        """What the gate is."""
        self._drive({"killed": killed, "armed": armed, "pending": pending}, "status")
        self._drive({"nonce": nonce}, "nonce")

    def _drive(self, values: dict[str, int], register: str) -> None:
        for name, value in values.items():
            self.file.drive(f"{register}.{name}", value)
