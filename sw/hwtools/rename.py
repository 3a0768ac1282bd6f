"""Files are written by rename, so that a reader never sees half of one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def distinct(path: Path, source: Path) -> None:
    """Refuse to write a file over the one that it is made of."""
    if path.exists() and source.exists() and path.samefile(source):
        why = "it is what is read, and would be lost; write to another file"
        raise FileExistsError(errno.EEXIST, why, str(path))


@contextmanager
def by_rename(path: Path) -> Iterator[Path]:
    """A path to write to; the file takes the place of `path` at the end of the block. What the file
    system refuses is said of `path`."""
    part = path.with_name(f".{os.getpid()}.part.{path.name}")  # some writers look at the suffix
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        of_part = error.filename in (None, str(part), part)
        if error.errno is None or not of_part:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from None
    finally:
        with suppress(OSError):  # it has another name by now, or never was
            part.unlink()
