"""TCP stacks that no one here wrote, as a venue: each a process of its own, `sim/lib/X_stack.py`.
It gives away its line, a socket or a TAP with a frame a packet, and does what it is told:

    S data   send these bytes      P        read no more for now     C   close
    D data   were read (its own)   G        read again               R   close with a reset
"""

from __future__ import annotations

import array
import contextlib
import os
import select
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sim.golden.tcp_rx import Session
from sim.golden.tcp_tx import frame_of
from sim.stimulus.segments import WORD, Ends, sealed


class UnavailableError(Exception):
    """This machine hasn't got it."""


def hand_over(link: socket.socket, line: int) -> None:
    """The stack is ready; its line goes to who started it."""
    link.sendmsg([b"ready"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [line]))])


@dataclass
class StackPeer:
    """A stack, `linux` or `pytcp`; what a bench's world asks of a peer."""

    kind: str
    small: bool = False
    ends: Ends = field(default_factory=Ends)
    took: bytes = b""
    stream: bytes = b""

    def __post_init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        python = Path(sys.prefix) / "bin" / "python"
        size = "small" if self.small else "whole"
        command = [str(python), "-m", f"sim.lib.{self.kind}_stack", str(theirs.fileno()), size]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()
        said, rights, _, _ = ours.recvmsg(200, socket.CMSG_SPACE(4))
        if said != b"ready":
            self.process.wait()
            raise UnavailableError(said.decode() or "it ended at once")
        self.link, (self.tap,) = ours, array.array("i", rights[0][2])
        os.set_blocking(self.tap, False)
        self.link.setblocking(False)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.link.close()
        os.close(self.tap)

    def connect(self, isn: int) -> Ends:
        """As the host does it: SYN, its answer, ACK. The session that it hands over."""
        session = Session(**self.ends.__dict__)
        os.write(self.tap, frame_of(session, isn, 0, 2_048, 0x02, b""))
        while True:
            if not select.select([self.tap], [], [], 10)[0]:
                raise UnavailableError("it doesn't answer a SYN")
            frame = os.read(self.tap, 2_000)
            if frame[12:14] == b"\x08\x00" and frame[23] == 6 and frame[47] == 0x12:
                break
        theirs, ours, _, _, window = struct.unpack("!IIBBH", frame[38:50])
        assert ours == (isn + 1) % WORD
        os.write(self.tap, frame_of(session, ours, (theirs + 1) % WORD, 2_048, 0x10, b""))
        fields = self.ends.__dict__ | {"next_byte": ours, "window": window}
        self.ends = Ends(**fields | {"expected_byte": (theirs + 1) % WORD})
        return self.ends

    def tell(self, what: bytes) -> None:
        self.link.send(what)

    def say(self, data: bytes) -> None:
        self.stream += data
        self.tell(b"S" + data)

    def hear(self, frame: bytes, cycle: int) -> None:
        del cycle
        os.write(self.tap, frame)

    def frames(self, cycle: int) -> list[bytes]:
        """What it sent since; and what it read is added to `took`."""
        del cycle
        out = list[bytes]()
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self.link.recv(1 << 17)
                self.took += data[1:]
        with contextlib.suppress(BlockingIOError):
            while True:
                out.append(sealed(os.read(self.tap, 2_000)))
        return out
