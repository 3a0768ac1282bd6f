"""Files that may be compressed: gzip, bzip2, xz, zstd and lz4 are known by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from tickwire.wire.chunks import WireError

KINDS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}
# What a damaged stream raises; OSError too, which is told from one of the file by its errno.
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, ValueError)


def kind(start: bytes) -> str:
    """How a file that starts so is compressed; empty where it isn't."""
    return next((name for magic, name in KINDS.items() if start.startswith(magic)), "")


def unpacking(raw: BinaryIO) -> BinaryIO:
    """What `raw` holds, unpacked as it is read."""
    packing = kind(raw.read(8))
    raw.seek(0)
    if packing == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if packing == "bzip2":
        return cast(BinaryIO, bz2.BZ2File(raw))
    if packing == "xz":
        return cast(BinaryIO, lzma.LZMAFile(raw))
    if packing:
        import pyarrow

        return cast(BinaryIO, pyarrow.CompressedInputStream(raw, packing))
    return raw


def read(path: Path) -> bytes:
    """All of a file, unpacked. What can't be is one line."""
    try:
        with path.open("rb") as raw:
            return unpacking(raw).read()
    except (OSError, *DAMAGE) as error:
        raise WireError(blame(path, error)) from None


def blame(path: Path, error: Exception) -> str:
    """One line of what went wrong as this file was read."""
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: {error.strerror}"
    with path.open("rb") as raw:
        packing = kind(raw.read(8))
    says = " ".join(str(error).split())
    return f"{path}: its {packing or 'data'} stream is damaged or ends early ({says})"
