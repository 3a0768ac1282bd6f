"""`tickwire rerequest`: a capture that lacks messages, filled by a server; and that server."""

from __future__ import annotations

import json
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.tickwire.venue import Manners, Venue, listening
from tests.tickwire.written import OTHER, A, B, messages, sent, write
from tickwire.cli import rerequest
from tickwire.data import captures, events
from tickwire.recover import filled
from tickwire.recover.server import Server
from tickwire.wire import itch
from tickwire.wire.capture import read
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames

SLOW = Manners(0.2, 0.2, 0.2, 0.3, 0.3, 5_000_000)


@contextmanager
def served(day: Path, *drop: int, manners: Manners = SLOW) -> Iterator[str]:
    """The day's messages but for some, at ADDRESS:PORT."""
    here = filled.messages(day, "DAY", ())
    kept = {
        name: {at: message for at, message in mine.items() if at not in drop}
        for name, mine in here.items()
    }
    with listening(Venue(Server(kept), manners)) as (address, port):
        yield f"{address}:{port}"


def fill(*argv: str, tries: int = 40) -> int:
    return rerequest.main(["fill", *argv, "--wait", "10", "--tries", str(tries)])


def lossy(seed: int, *flows: str) -> tuple[list[bytes], list[int]]:
    """The day on lines A and B, of which some frames lack on both; and which messages those had."""
    generator = np.random.default_rng(seed)
    lines = [sent({"A": A, "B": B, "OTHER": OTHER}[flow]) for flow in flows]
    kept = generator.random(len(lines[0])) > 0.35
    kept[[0, -1]] = True
    frames = [line[at] for at in np.flatnonzero(kept).tolist() for line in lines]
    return frames, np.flatnonzero(~kept).tolist()


@pytest.mark.parametrize("flows", [("A",), ("A", "B"), ("OTHER",)])
def test_a_filled_capture_is_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flows: tuple[str, ...]
) -> None:
    day = write(tmp_path / "day.pcap", sent(A))
    frames, lost = lossy(len(flows), *flows)
    part, out = write(tmp_path / "part.pcap", frames), tmp_path / "out.pcap"
    with served(day) as where:
        assert fill(str(part), str(out), "--server", where) == 0
    says = capsys.readouterr().out
    assert re.match(r"DAY: [0-9]+ messages lacked in [0-9]+ gaps; [0-9]+ came, in ", says)
    assert len(read(out).frames) > len(frames) and len(lost) > 5
    books = [_events(path) for path in (day, out, part)]
    assert books[0][1] == books[1][1] != books[2][1]
    assert "gaps" not in books[1][0].notes and books[2][0].notes["gaps"] > 3
    # each frame stands ahead of the packet that showed its gap: nothing has to be sorted
    every = filled.found(out, read(out), ()).packets
    numbers = every.message_sequence.astype(np.int64)
    assert (np.diff(np.maximum.accumulate(numbers)) <= 1).all() and numbers[0] == 1


def _events(path: Path) -> tuple[events.About, list[object]]:
    about, pieces = captures.read(path, ("AAAA", "BBBB"))
    rows = np.concatenate([piece.tops for piece in pieces])
    names = [name for name in rows.dtype.names or () if name != "last_of_packet"]
    return about, rows[names][rows["operation"] != 0].tolist()


def test_what_the_server_has_not_lacks_still(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = write(tmp_path / "day.pcap", sent(A))
    frames, _ = lossy(1, "A")
    part, out = write(tmp_path / "part.pcap", frames), tmp_path / "out.pcap"
    there = filled.found(part, read(part), ()).packets.message_sequence.tolist()
    every = filled.found(day, read(day), ()).packets.message_sequence.tolist()
    lacks = sorted(set(every) - set(there))
    gone = lacks[len(lacks) // 2]
    with served(day, gone, manners=Manners()) as where:
        assert fill(str(part), str(out), "--server", where, "--json", tries=3) == 1
    (one,) = json.loads(capsys.readouterr().out)["sessions"]
    assert one["lacked"] == len(lacks) and one["lacks"] == [[gone, gone + 1]]
    with served(day, gone, manners=Manners()) as where:
        assert fill(str(part), str(out), "--server", where, tries=3) == 1
    assert f"LACKING STILL: 1: {gone} to {gone}\n" in capsys.readouterr().out
    about, _ = captures.read(out, ("AAAA",))
    assert about.notes["messages lacking"] == 1


def test_a_capture_joined_late_is_filled_from_the_start_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = write(tmp_path / "day.pcap", sent(A))
    part, out = write(tmp_path / "part.pcap", sent(A)[20:]), tmp_path / "out.pcap"
    with served(day) as where:
        assert fill(str(part), str(out), "--server", where) == 0
        assert capsys.readouterr().out == "DAY: nothing lacked\n"
        assert captures.read(out, ("AAAA",))[0].notes["joined at message"] > 1
        assert fill(str(part), str(out), "--server", where, "--from-start") == 0
    assert captures.read(out, ("AAAA",))[0].notes == {}


def test_what_a_heartbeat_names_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It begins with one that says more than the first messages are: what decode calls lost."""
    day = write(tmp_path / "day.pcap", sent(A))
    beat = frames(Chunks.of([b"DAY".ljust(10) + struct.pack(">QH", 1, 0)]), A)
    part = write(tmp_path / "part.pcap", [bytes(beat[0])[:-4], *sent(A)[20:]])
    out = tmp_path / "out.pcap"
    with served(day) as where:
        assert fill(str(part), str(out), "--server", where) == 0
    assert "messages lacked in 1 gaps" in capsys.readouterr().out
    assert captures.read(out, ("AAAA",))[0].notes == {}


def test_nobody_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames, _ = lossy(1, "A")
    part, out = write(tmp_path / "part.pcap", frames), tmp_path / "out.pcap"
    assert fill(str(part), str(out), "--server", "127.0.0.1:9", tries=2) == 1
    assert "; 0 came" in capsys.readouterr().out
    assert list(read(out).frames) == frames


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ("fill {day} out --server venue:1", "server 'venue:1': 'venue' isn't an IP address"),
        ("fill none.pcap out --server 127.0.0.1:1", "none.pcap: No such file or directory"),
        ("fill {day} out --server 127.0.0.1:1 --feed :9", "none of its"),
        ("serve none.pcap", "none.pcap: No such file or directory"),
        ("serve {day} --address 192.0.2.1", "192.0.2.1:0: "),
    ],
)
def test_wrong_input_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: str, says: str
) -> None:
    day = write(tmp_path / "day.pcap", sent(A))
    assert rerequest.main(argv.format(day=day).split()) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("rerequest: ") and says in error and "\n" not in error
    for wrong in (["fill"], ["serve", str(day), "--session", "ELEVENBYTES"], []):
        with pytest.raises(SystemExit):
            rerequest.main(wrong)


@pytest.mark.parametrize("what", ["capture", "messages"])
def test_the_command_serves_a_file(tmp_path: Path, what: str) -> None:
    frames, _ = lossy(1, "A")
    part, out = write(tmp_path / "part.pcap", frames), tmp_path / "out.pcap"
    day = tmp_path / "day"
    if what == "capture":
        write(day, sent(A))
    else:
        day.write_bytes(itch.encode(messages()))
    argv = [sys.executable, "-m", "tickwire.cli", "rerequest", "serve", str(day)]
    with subprocess.Popen(
        [*argv, "--session", "DAY"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell starts what runs in the background with Ctrl-C ignored
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.fullmatch(r"DAY: 400 messages, 1 to 400, at (127\.0\.0\.1:[0-9]+)\n", line)
            assert found, line
            assert fill(str(part), str(out), "--server", found[1]) == 0
            server.send_signal(signal.SIGINT)
            _, error = server.communicate(timeout=60)
        finally:
            server.kill()  # or the end of the block waits for it
    assert server.returncode == 130 and "answered" in error
    day_events = _events(write(tmp_path / "whole.pcap", sent(A)))
    assert _events(out)[1] == day_events[1]
