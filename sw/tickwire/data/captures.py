"""MoldUDP64 in capture files as events: both feeds merged, in the order of sequence numbers.

Every UDP payload, or each one to the given ports, is a MoldUDP64 packet. A message on both feeds is
taken once. A message on neither is a gap: from there on every instrument is stale, with reason gap.
So it is from the start, with reason no_start, where the capture begins after the session's first
message, unless that is to be trusted by the caller's word. A frame whose check sequence is wrong,
in a capture that has them, and a datagram whose UDP checksum is, count as not captured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.data.booked import Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.data.itch_files import Directory
from tickwire.gen.records import BOOK_OP, Operation, Reason
from tickwire.wire import capture, itch, mold
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError
from tickwire.wire.itch import Messages
from tickwire.wire.operations import operations

_PIECE = 1 << 18  # operations
FAULTS = ("", "cut short", "a fragment of a datagram")
_SHORT, _FRAGMENT, _BAD_SUM = 1, 2, 3


def read(
    path: Path,
    symbols: Sequence[str] = (),
    ports: Sequence[int] = (),
    progress: Progress = quiet,
    *,
    trust_from_here: bool = False,
) -> tuple[About, Iterator[Events]]:
    """What the capture holds, and its events."""
    try:
        frames = capture.read(path).frames
        total = path.stat().st_size
        progress(total // 2, total)
        payloads, notes = udp_payloads(frames, ports)
        packets = mold.depacketise(payloads)
        messages = itch.decode(packets.stream)
    except WireError as error:
        message = str(error)
        named = message.startswith(str(path))
        raise DataError(message if named else f"{path}: {message}") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    sessions = np.unique(packets.session)
    if len(sessions) > 1:
        raise DataError(f"{path}: {len(sessions)} sessions in one capture; choose one by --port")
    order, missing = in_order(packets.message_sequence)
    doubles = len(packets.message_sequence) - len(order)
    notes |= {"messages of a second feed": doubles} if doubles else {}
    gaps = int((missing > 0).sum())
    notes |= {"gaps": gaps} if gaps else {}
    merged = Messages(messages.types[order], messages.rows[order], messages.arrays)
    locates = Directory(str(path), symbols)
    locates.learn(merged)
    about = About("pcap", locates.names(), notes=notes)
    ops = operations(
        merged,
        locates.slots,
        sequence=packets.message_sequence[order],
        last=packets.last_of_packet[order],
    )
    first = packets.message_sequence[order[:1]]
    if len(missing) and missing[0] == 0:
        notes["joined at message"] = int(first[0])
    if trust_from_here:
        missing = missing[missing > 0]
    ops = with_gaps(ops, packets.message_sequence[order][missing], len(about.instruments))

    def events() -> Iterator[Events]:
        booker = Booker(len(about.instruments), notes)
        for start in range(0, len(ops), _PIECE):
            yield booker.events(ops[start : start + _PIECE])
            progress(total // 2 + total * min(start + _PIECE, len(ops)) // len(ops) // 2, total)

    return about, events()


def in_order(sequence: npt.NDArray[np.uint64]) -> tuple[Offsets, Offsets]:
    """Indices of the messages by sequence number, each once; and of those after a gap."""
    order = np.argsort(sequence, kind="stable")
    ranked = sequence[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = ranked[1:] != ranked[:-1]
    order = order[first]
    expected = np.concatenate([[1], sequence[order][:-1] + np.uint64(1)]).astype(np.uint64)
    return order, np.flatnonzero(sequence[order] != expected[: len(order)])


def with_gaps(ops: Records, before: npt.NDArray[np.uint64], slots: int) -> Records:
    """`ops` with a stale operation for each slot ahead of every sequence number in `before`."""
    places = np.searchsorted(ops["sequence_number"], before, side="left")
    gaps = BOOK_OP.empty(slots * len(before))
    gaps["operation"], gaps["reason"] = Operation.STALE, Reason.GAP
    if len(before) and len(ops) and before[0] <= ops["sequence_number"][0]:
        gaps["reason"][:slots] = Reason.NO_START
    gaps["slot"] = np.tile(np.arange(slots), len(before))
    gaps["sequence_number"] = np.repeat(before, slots)
    at = np.minimum(places, max(len(ops) - 1, 0))
    if len(ops):
        gaps["timestamp"] = np.repeat(ops["timestamp"][at], slots)
    return np.insert(ops, np.repeat(places, slots), gaps)


def udp_payloads(frames: Chunks, ports: Sequence[int] = ()) -> tuple[Chunks, dict[str, int]]:
    """The payloads of UDP datagrams to these ports, and how many frames were left out, by cause."""
    starts, sizes, faults = _find(frames.data, frames.offsets, np.array([*ports], np.int64))
    right = capture.right(frames)
    wrong = np.zeros(len(frames), np.bool_) if right is None else ~right
    refused = (faults > 0) & (faults != _BAD_SUM) & ~wrong
    if refused.any():
        index = int(np.argmax(refused))
        raise WireError(f"frame {index}: {FAULTS[int(faults[index])]}")
    summed = (faults == _BAD_SUM) & ~wrong
    keep = (sizes >= 0) & ~wrong & ~summed
    left_out = {
        "frames of something else": int((~keep & ~wrong & ~summed).sum()),
        "frames with a wrong check sequence": int(wrong.sum()),
        "datagrams with a wrong checksum": int(summed.sum()),
    }
    starts, sizes = starts[keep], sizes[keep]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    notes = {name: count for name, count in left_out.items() if count}
    return Chunks(_copy(frames.data, starts, offsets), offsets), notes


@compiled
def _word(data: Bytes, at: int) -> int:
    return int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))


@compiled
def _find(data: Bytes, offsets: Offsets, ports: Offsets) -> tuple[Offsets, Offsets, Bytes]:
    count = len(offsets) - 1
    starts, sizes = np.zeros(count, np.int64), np.full(count, -1, np.int64)
    faults = np.zeros(count, np.uint8)
    for frame in range(count):
        at, end = offsets[frame] + 12, offsets[frame + 1]
        while at + 4 <= end and (_word(data, at) == 0x8100 or _word(data, at) == 0x88A8):
            at += 4
        ip = at + 2
        if ip + 20 > end or _word(data, at) != 0x0800 or data[ip] >> 4 != 4 or data[ip + 9] != 17:
            continue
        udp = ip + 4 * (np.int64(data[ip]) & 15)
        if _word(data, ip + 6) & 0x3FFF:
            faults[frame] = _FRAGMENT
            continue
        if udp + 8 > end:
            faults[frame] = _SHORT
            continue
        followed = len(ports) == 0
        for port in ports:
            followed = followed or port == _word(data, udp + 2)
        if not followed:
            continue
        size = _word(data, udp + 4) - 8
        if size < 0 or udp + 8 + size > end:
            faults[frame] = _SHORT
            continue
        starts[frame], sizes[frame] = udp + 8, size
        if _word(data, udp + 6) and not _summed(data, ip, udp, size + 8):
            faults[frame] = _BAD_SUM
    return starts, sizes, faults


@compiled
def _summed(data: Bytes, ip: int, udp: int, size: int) -> bool:
    """Whether the UDP checksum is right, over the addresses, protocol and length too."""
    total = 17 + size
    for at in range(ip + 12, ip + 20, 2):
        total += _word(data, at)
    for at in range(udp, udp + size - 1, 2):
        total += _word(data, at)
    if size % 2:
        total += int(data[udp + size - 1]) * 256
    return bool(total % 0xFFFF == 0)


@compiled
def _copy(data: Bytes, starts: Offsets, offsets: Offsets) -> Bytes:
    payloads = np.empty(offsets[-1], np.uint8)
    for row in range(len(starts)):
        size = offsets[row + 1] - offsets[row]
        payloads[offsets[row] : offsets[row + 1]] = data[starts[row] : starts[row] + size]
    return payloads
