"""What is built once: a folder named by a hash of everything that goes into it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path


def build_once(folder: Path, build: Callable[[Path], None]) -> None:
    """Call `build` unless the folder is finished; two that want it wait for each other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "built").exists():
            return
        build(folder)
        for header in folder.glob("*.gch"):
            header.unlink()  # Verilator's precompiled headers: 140 MB a build, of no use after it
        (folder / "built").touch()
