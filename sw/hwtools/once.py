"""Builds a folder once. Its name is a hash of everything that goes into the build."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path


def build_once(folder: Path, build: Callable[[Path], None]) -> None:
    """Call `build` unless the folder is finished. Parallel callers wait for the first one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "built").exists():
            return
        build(folder)
        for header in folder.glob("*.gch"):
            header.unlink()  # precompiled headers: 140 MB a build, not needed again
        (folder / "built").touch()
