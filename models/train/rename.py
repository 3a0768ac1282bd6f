"""Files are written by rename, so that a reader never sees half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def by_rename(path: Path) -> Iterator[Path]:
    """A path to write to; the file takes the place of `path` at the end of the block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}.part.{path.name}")  # some writers look at the suffix
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
