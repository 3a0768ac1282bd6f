"""Linux's own TCP as a venue, in a network namespace whose only interface is a TAP: see
`sim/lib/stacks.py`. It needs the right to make both."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import select
import socket
import struct
import sys

from hwtools.command import ended
from sim.lib.stacks import UnavailableError, hand_over
from sim.stimulus.segments import Ends, address

_NEW_NET, _SET_IFF, _TAP = 0x40000000, 0x400454CA, 0x1002
_SET_FLAGS, _SET_ADDRESS, _SET_MASK, _SET_MAC, _SET_ARP = 0x8914, 0x8916, 0x891C, 0x8924, 0x8955
NAME = b"venue"
SMALL = 4_608  # bytes of a receive buffer that is soon full


def _inet(number: int, port: int = 0) -> bytes:
    return struct.pack("=HHI8x", socket.AF_INET, socket.htons(port), socket.htonl(number))


def _interface(ends: Ends) -> int:
    """The TAP, up, with its addresses, and the card's in its table."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NET):
        raise UnavailableError(f"no network namespace: {os.strerror(ctypes.get_errno())}")
    try:
        tap = os.open("/dev/net/tun", os.O_RDWR)
    except OSError as error:
        raise UnavailableError(f"no TAP: {error}") from None
    fcntl.ioctl(tap, _SET_IFF, struct.pack("=16sH", NAME, _TAP))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        mac = struct.pack("=H6s8x", 1, ends.peer_mac.to_bytes(6, "big"))
        for request, value in (
            (_SET_MAC, mac),
            (_SET_ADDRESS, _inet(ends.peer_address)),
            (_SET_MASK, _inet(0xFFFFFF00)),
            (_SET_FLAGS, struct.pack("=H14x", 0x1 | 0x40)),
        ):
            fcntl.ioctl(control, request, struct.pack("=16s16s", NAME, value))
        known = struct.pack("=H6s8x", 1, ends.our_mac.to_bytes(6, "big"))
        entry = _inet(ends.our_address) + known + struct.pack("=i16s16s", 0x6, bytes(16), NAME)
        fcntl.ioctl(control, _SET_ARP, entry)
    return tap


def _serve(link: socket.socket, conn: socket.socket) -> None:
    reads = True
    while True:
        ready, _, _ = select.select([link, conn] if reads else [link], [], [])
        if conn in ready:
            data = b""
            with contextlib.suppress(ConnectionError):
                data = conn.recv(65_536)
            reads = bool(data)
            link.send(b"D" + data)
        if link in ready:
            told = link.recv(1 << 17)
            if told[:1] == b"S":
                conn.sendall(told[1:])
            elif told[:1] in (b"P", b"G"):
                reads = told[:1] == b"G"
            else:
                linger = struct.pack("ii", int(told[:1] == b"R"), 0)
                conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                conn.close()
                link.recv(1)
                return


def _accepted(server: socket.socket, link: socket.socket) -> socket.socket | None:
    """Nothing if who started it is gone; it may have said something before this runs."""
    while server not in select.select([server, link], [], [])[0]:
        if not link.recv(1, socket.MSG_PEEK):
            return None
        select.select([server], [], [], 1)
    return server.accept()[0]


def main(argv: list[str]) -> int:
    link = socket.socket(fileno=int(argv[0]))
    small = argv[1] == "small"
    ends = Ends()
    try:
        tap = _interface(ends)
    except (UnavailableError, OSError) as error:
        link.send(str(error).encode())
        return 1
    server = socket.socket()
    if small:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    server.bind((address(ends.peer_address), ends.peer_port))
    server.listen()
    hand_over(link, tap)
    conn = _accepted(server, link)
    if conn is not None:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _serve(link, conn)
    return 0


if __name__ == "__main__":
    sys.exit(ended("linux_stack", lambda: main(sys.argv[1:])))
