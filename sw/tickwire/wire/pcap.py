"""Capture files, through scapy: reads pcap and pcapng, writes pcap with nanoseconds.

Frames are as the file holds them: with or, more often, without check sequence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
from scapy.error import Scapy_Exception
from scapy.utils import RawPcapNgReader, RawPcapReader, RawPcapWriter

from hwtools.rename import by_rename
from tickwire.wire.chunks import Chunks, WireError

ETHERNET = 1  # the link type; frames of any other are refused
_TYPE = 0xFFFF  # of a capture's link type; above it stands how long its frames' check sequence is
_SNAP = 262_144


@dataclass(frozen=True)
class Capture:
    """Frames, and the time of each in nanoseconds since 1970."""

    frames: Chunks
    times: npt.NDArray[np.int64]


def read(path: Path, opened: BinaryIO | None = None) -> Capture:
    """Every frame of a capture file; `opened` is its content where that isn't the file's."""
    frames, times = [], []
    try:
        with RawPcapReader(cast(Any, opened) if opened else str(path)) as reader:
            modern = isinstance(reader, RawPcapNgReader)
            if not modern and reader.linktype & _TYPE != ETHERNET:
                raise WireError(f"{path}: link type {reader.linktype & _TYPE} isn't Ethernet")
            if modern:
                reader._check_interface_id = partial(_described, path, reader)
            for index, (data, metadata) in enumerate(reader):
                about: Any = metadata
                if modern and about.linktype != ETHERNET:
                    raise WireError(f"{path}: link type {about.linktype} isn't Ethernet")
                if len(data) != about.wirelen:
                    part = "was captured only in part"
                    if modern and about.tshigh is None:
                        part = "is in a Simple Packet Block, or was captured only in part"
                    raise WireError(f"{path}: frame {index} {part}")
                frames.append(data)
                times.append(_time(reader, modern, about))
    except OSError as error:
        raise WireError(f"{path}: {error.strerror}") from None
    except (Scapy_Exception, EOFError) as error:
        raise WireError(f"{path}: not a capture file ({error})") from None
    return Capture(Chunks.of(frames), np.array(times, np.int64))


def _described(path: Path, reader: Any, interface: int) -> bool:
    """In place of scapy's own, which leaves frames out with a warning."""
    if interface >= len(reader.interfaces):
        raise WireError(
            f"{path}: a frame of interface {interface}, which the file doesn't describe"
        )
    return True


def _time(reader: RawPcapReader, modern: bool, about: Any) -> int:
    if modern:  # a number of ticks in two halves, and the ticks of a second
        high, low, unit = (getattr(about, name) or 0 for name in ("tshigh", "tslow", "tsresol"))
        return ((int(high) << 32) | int(low)) * 1_000_000_000 // (int(unit) or 1_000_000)
    scale = 1 if reader.nano else 1000
    return int(about.sec) * 1_000_000_000 + int(about.usec) * scale


def write(path: Path, frames: Chunks, times: npt.NDArray[np.int64] | None = None) -> None:
    """Write frames as they are; without times, one a nanosecond from 0 on."""
    stamps = np.arange(len(frames)) if times is None else times
    if len(stamps) != len(frames):
        raise WireError(f"{len(frames)} frames, {len(stamps)} times")
    with by_rename(path) as part, part.open("wb") as file:
        writer = RawPcapWriter(cast(BinaryIO, file), linktype=ETHERNET, nano=True, snaplen=_SNAP)
        writer.write_header(None)
        for frame, stamp in zip(frames, stamps.tolist(), strict=True):
            seconds, rest = divmod(stamp, 1_000_000_000)
            writer.write_packet(frame, sec=seconds, usec=rest)
        writer.flush()
