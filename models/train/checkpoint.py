"""Where a training stands, written by rename after each epoch; only that training reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

FILE = "checkpoint.pt"


def repeatable() -> None:
    """One thread, and what torch computes the same each time: the same sums in the same order."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def write(folder: Path, key: str, state: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.{os.getpid()}.part"
    try:
        torch.save({"key": key, **state}, part)
        part.replace(folder / FILE)
    finally:
        part.unlink(missing_ok=True)


def read(folder: Path, key: str) -> dict[str, Any] | None:
    """The state of this very training, or nothing; another training's is left alone."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        kept: dict[str, Any] = torch.load(path, weights_only=True)
        known = kept["key"]
    except Exception as error:  # torch raises whatever its unpickler met
        raise ValueError(f"{path}: not a checkpoint ({type(error).__name__})") from None
    if known != key:
        raise ValueError(f"{path} belongs to another training; remove it first")
    return kept
