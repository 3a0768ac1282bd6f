"""Soft labels: a teacher's chances for every sample of a training part, in a file that says whose.

A file belongs to one day, one horizon and one table of features; for any other it is refused. It
holds the training part and nothing else, so that a student can't learn a later part from it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.train.labels import Part, Samples
from tickwire.features.table import table_hash
from tickwire.gen.records import CLASSES

Chances = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


class SoftError(ValueError):
    """A file of soft labels that can't be used. The message is one line."""


@dataclass(frozen=True)
class Soft:
    """Chances of the training part's samples, [sample, class], and the hash of them."""

    chances: Chances
    digest: str


def _key(found: Samples, training: Part, horizon: int) -> dict[str, Any]:
    # not the whole day's digest: what follows the training part must not matter
    seen = slice(training.start, training.stop + horizon)
    known = hashlib.sha256(found.name.encode() + found.x[training.span].tobytes())
    known.update(found.middle[seen].tobytes())
    part = [training.start, training.stop]
    return {
        "horizon": horizon,
        "features": table_hash(),
        "part": part,
        "training": known.hexdigest(),
    }


def write(
    path: Path, chances: Chances | Floats, found: Samples, training: Part, horizon: int
) -> Soft:
    """Write a teacher's chances, by rename."""
    held = np.asarray(chances, np.float32)
    if held.shape != (len(training), CLASSES) or not np.allclose(held.sum(axis=1), 1.0, atol=1e-3):
        raise SoftError(f"{path}: {held.shape} aren't chances of {len(training)} samples")
    stream = io.BytesIO()
    np.savez(stream, chances=held, key=np.array(json.dumps(_key(found, training, horizon))))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(stream.getvalue())
    part.replace(path)
    return Soft(held, _digest(held))


def read(paths: Sequence[Path], found: Samples, training: Part, horizon: int) -> Soft:
    """The mean of several teachers' chances; each must be of this very training part."""
    wanted, held = _key(found, training, horizon), []
    for path in paths:
        try:
            with np.load(path, allow_pickle=False) as file:
                told, chances = json.loads(str(file["key"])), file["chances"]
        except OSError as error:
            raise SoftError(f"{path}: {error.strerror or 'not soft labels'}") from None
        except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise SoftError(f"{path}: not soft labels ({error})") from None
        for name, value in wanted.items():
            if told.get(name) != value:
                raise SoftError(f"{path}: soft labels of another {_SAID[name]}")
        if chances.shape != (len(training), CLASSES) or not np.isfinite(chances).all():
            raise SoftError(f"{path}: not soft labels (chances of shape {chances.shape})")
        held.append(chances.astype(np.float64))
    if not held:
        raise SoftError("soft labels are made of at least one teacher's")
    mean = np.mean(held, axis=0).astype(np.float32)
    return Soft(mean, _digest(mean))


_SAID = {
    "training": "day's training part",
    "part": "training part",
    "horizon": "horizon",
    "features": "table of features",
}


def _digest(chances: Chances) -> str:
    return hashlib.sha256(np.ascontiguousarray(chances).tobytes()).hexdigest()
