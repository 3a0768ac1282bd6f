"""Where trained networks lie, and which there are: without torch, for those that only look."""

from __future__ import annotations

from pathlib import Path

from hwtools.toolchain import BUILD, ROOT

TRAINED = ROOT / "models" / "trained"
TRAININGS = BUILD / "training"
FILE = "weights.json"  # a student
OWN, WEIGHTS = "model.toml", "weights.pt"  # of a training of a network of one's own


class StudentError(ValueError):
    """A file of weights that can't be used. The message is one line."""


def kept() -> list[Path]:
    """The folders of all kept students."""
    return sorted(path.parent for path in TRAINED.glob(f"*/{FILE}"))


def trainings() -> list[Path]:
    """The folders of all trainings that ended."""
    return sorted({path.parent for name in (FILE, OWN) for path in TRAININGS.glob(f"*/{name}")})
