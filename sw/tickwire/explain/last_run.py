"""What the last run of the path leaves in build/path/last, written and read for `tickwire explain`.

`expected.npz` and its sha256 are there before anything is simulated, `observed.npz` and `run.json`
after it. A run writes a folder of its own, which takes the place of the last one's when it ends, so
that two may run beside each other.
"""

from __future__ import annotations

import fcntl
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.rename import by_rename
from hwtools.toolchain import BUILD, ToolError
from tickwire.board.virtual.core import CoreObserved
from tickwire.replay.path import Expected, digest

Array = npt.NDArray[Any]

FOLDER = BUILD / "path" / "last"
_EXPECTED, _HASH, _OBSERVED, _ABOUT = "expected.npz", "expected.sha256", "observed.npz", "run.json"


class LastRunError(ValueError):
    """No run is there, or something else is. The text is one line."""


@dataclass(frozen=True)
class About:
    """What was run. `settings` are every slot's, as the registers hold them: thresholds in units of
    the network's scores, of which one has `score_fraction` bits behind the point."""

    day: str
    symbols: tuple[str, ...]
    model: str
    model_id: str
    score_fraction: int
    settings: Mapping[str, float]
    width: int
    hertz: int
    messages: int
    expected: str  # the hash
    mismatches: int
    window: int = 0  # cycles that packets waited for what was missing before them


@dataclass(frozen=True)
class LastRun:
    """`observed`: records by name, the cycles of each as NAME_cycle, the messages, those of orders
    as `sent`, tokens of those that the session `refused`, its line's `frames`, and what the venue
    said as `heard`."""

    about: About
    observed: Mapping[str, Array]
    expected: Mapping[str, Array]


@contextmanager
def replaced(folder: Path = FOLDER) -> Iterator[Path]:
    """A folder for a run, which replaces `folder` where it ends well, and else is gone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run.", dir=folder.parent) as temporary:
        own, old = Path(temporary) / "own", Path(temporary) / "old"
        own.mkdir()
        yield own
        with (folder.parent / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                folder.rename(old)
            own.rename(folder)


def write_expected(folder: Path, expected: Expected) -> str:
    """The hash of what must come out, which is written beside it."""
    for old in (_ABOUT, _OBSERVED):
        (folder / old).unlink(missing_ok=True)
    arrays = expected.arrays()
    sha256 = digest(arrays)
    _write_arrays(folder / _EXPECTED, arrays)
    _write(folder / _HASH, lambda part: part.write_text(f"{sha256}\n"))
    return sha256


def read_expected(folder: Path, sha256: str) -> Expected:
    """What was written under this hash, and nothing else."""
    arrays = _read_arrays(folder / _EXPECTED)
    if digest(arrays) != sha256 or (folder / _HASH).read_text().strip() != sha256:
        raise ToolError(f"{folder}: what was expected isn't what was written")
    return Expected.of(arrays)


def write_observed(folder: Path, about: About, observed: CoreObserved) -> None:
    arrays = {"messages": observed.messages, "heard": observed.heard}
    arrays["sent_cycle"], arrays["sent"] = observed.messages_sent
    arrays["refused_cycle"], arrays["refused"] = observed.refused
    arrays["frames"] = observed.frames
    for name in observed.records:
        arrays[name] = observed.rows(name)
        arrays[f"{name}_cycle"] = observed.cycles_of(name)
    _write_arrays(folder / _OBSERVED, arrays)
    text = json.dumps(asdict(about), indent=1) + "\n"
    _write(folder / _ABOUT, lambda part: part.write_text(text))


def read(folder: Path = FOLDER) -> LastRun:
    try:
        stored = json.loads((folder / _ABOUT).read_text())
        names = [one.name for one in fields(About)]
        stored.setdefault("window", 0)  # a run of before there was one
        if lacking := [name for name in names if name not in stored]:
            raise ValueError(f"{_ABOUT} has no {lacking[0]}")
        about = About(**{name: stored[name] for name in names} | {"symbols": (*stored["symbols"],)})
        return LastRun(about, _read_arrays(folder / _OBSERVED), _read_arrays(folder / _EXPECTED))
    except FileNotFoundError:
        raise LastRunError(f"{folder}: no run is kept there; make sim leaves one") from None
    except (OSError, ValueError, KeyError) as error:
        raise LastRunError(f"{folder}: not what make sim leaves ({error})") from None


def _write(file: Path, write: Callable[[Path], object]) -> None:
    with by_rename(file) as part:
        write(part)


def _write_arrays(file: Path, arrays: Mapping[str, Array]) -> None:
    _write(file, lambda part: np.savez(part, **arrays))  # type: ignore[arg-type]


def _read_arrays(file: Path) -> dict[str, Array]:
    with np.load(file) as stored:
        return {name: stored[name] for name in stored.files}
