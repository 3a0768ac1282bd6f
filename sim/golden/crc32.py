"""Golden model of crc32: zlib's, which complements before and after."""

from __future__ import annotations

import zlib

ONES = 0xFFFFFFFF


def crc_next(register: int, data: bytes) -> int:
    """The register after `data`."""
    return zlib.crc32(data, register ^ ONES) ^ ONES
