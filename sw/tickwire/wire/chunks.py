"""Many byte strings in one array: millions of packets or frames without an object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


class WireError(ValueError):
    """Bytes, or values to be encoded, break the protocol. The message is one line."""


@dataclass(frozen=True)
class Chunks:
    """Chunk i is `data[offsets[i]:offsets[i + 1]]`."""

    data: Bytes
    offsets: Offsets

    @classmethod
    def of(cls, chunks: Iterable[bytes]) -> Chunks:
        listed = list(chunks)
        offsets = np.zeros(len(listed) + 1, np.int64)
        np.cumsum([len(chunk) for chunk in listed], out=offsets[1:])
        return cls(as_bytes(b"".join(listed)), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> bytes:
        index = range(len(self))[index]
        return self.data[self.offsets[index] : self.offsets[index + 1]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        return (self[index] for index in range(len(self)))

    @property
    def lengths(self) -> Offsets:
        return np.diff(self.offsets)


def as_bytes(raw: bytes | bytearray | memoryview | Bytes) -> Bytes:
    """`raw` as an array, without a copy."""
    if isinstance(raw, np.ndarray):
        if raw.dtype != np.uint8 or raw.ndim != 1:
            raise WireError(f"bytes are one dimension of uint8, not {raw.ndim} of {raw.dtype}")
        return np.ascontiguousarray(raw)
    return np.frombuffer(raw, np.uint8)
