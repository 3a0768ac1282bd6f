"""PyTCP, a TCP stack in user space, as a venue: see `sim/lib/stacks.py`.

It needs no rights, but the package: pip install pmd-pytcp==0.3.8. That is under the GPL: it judges,
and nothing here is made of it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import socket
import sys
from typing import Any

from hwtools.command import ended
from sim.lib.stacks import hand_over
from sim.stimulus.segments import Ends, address, mac

INSTALL = "pip install pmd-pytcp==0.3.8"


async def _started(ends: Ends, line: int) -> Any:
    """Its socket, listening."""
    stack: Any = importlib.import_module("pmd_pytcp.stack")
    theirs: Any = importlib.import_module("pmd_pytcp.socket")
    addresses: Any = importlib.import_module("pmd_net_addr")
    stack.init()
    index = stack.add_interface(
        fd=line,
        layer=stack.InterfaceLayer.L2,
        mac_address=addresses.MacAddress(mac(ends.peer_mac)),
        ip4_host=addresses.Ip4IfAddr(f"{address(ends.peer_address)}/24"),
        ip6_support=False,
    )
    await stack.start()
    ours = addresses.Ip4Address(address(ends.our_address))
    known = stack.neighbor.interface(index)
    known.add(ip=ours, mac=addresses.MacAddress(mac(ends.our_mac)))
    server = theirs.socket(theirs.AF_INET, theirs.SOCK_STREAM)
    for _ in range(100):  # it asks first whether the address is someone else's
        with contextlib.suppress(OSError):
            server.bind((address(ends.peer_address), ends.peer_port))
            break
        await asyncio.sleep(0.2)
    server.listen()
    return server


async def _reads(conn: Any, link: socket.socket, goes: asyncio.Event) -> None:
    while True:
        await goes.wait()
        data = b""
        with contextlib.suppress(OSError):
            data = await conn.recv(4_096)
        link.send(b"D" + data)
        if not data:
            return


async def _served(link: socket.socket) -> None:
    loop, ends = asyncio.get_running_loop(), Ends()
    theirs, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    server = await _started(ends, theirs.fileno())
    hand_over(link, ours.fileno())
    conn, _ = await server.accept()
    goes = asyncio.Event()
    goes.set()
    reader = asyncio.create_task(_reads(conn, link, goes))
    link.setblocking(False)
    while True:
        told = await loop.sock_recv(link, 1 << 17)
        data = told[1:]
        while told[:1] == b"S" and data:
            data = data[await conn.send(data) :]
        if told[:1] == b"P":
            goes.clear()
        elif told[:1] == b"G":
            goes.set()
        elif told[:1] in (b"C", b"R"):
            reader.cancel()
            conn.close() if told[:1] == b"C" else conn.abort()
        elif not told:
            return


def main(argv: list[str]) -> int:
    link = socket.socket(fileno=int(argv[0]))
    try:
        importlib.import_module("pmd_pytcp")
    except ImportError as error:
        link.send(f"{error}: {INSTALL}".encode())
        return 1
    with contextlib.suppress(BrokenPipeError, ConnectionError):
        asyncio.run(_served(link))
    return 0


if __name__ == "__main__":
    sys.exit(ended("pytcp_stack", lambda: main(sys.argv[1:])))
