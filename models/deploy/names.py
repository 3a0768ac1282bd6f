"""What a network's name may be, and where it lies. Without torch.

A name is a folder of models/trained, or a kind (mlp, cnn, lstm_attn) for that kind's default
student, or the folder of a training, as build/training/NAME, or the path of a TOML file, which
`models.nets.own` describes.
"""

from __future__ import annotations

from pathlib import Path

from models.nets.kinds import KINDS
from models.nets.own import NetworkError, nearest
from models.train.kept import FILE, OWN, TRAINED, kept

DEFAULT_HORIZON = "amzn_50"


def locate(name: str) -> Path:
    """The folder of a student, or the TOML file of a network of one's own."""
    path = Path(name)
    if path.suffix == ".toml":
        return path
    for folder in (TRAINED / default(name), path):
        if (folder / FILE).exists():
            return folder
    if (path / OWN).exists():
        return path / OWN
    if path.is_dir():
        reason = f"it has no {FILE} and no {OWN}; has the training ended?"
        raise NetworkError(f"{name}: {reason}")
    names = [folder.name for folder in kept()]
    known = f"a TOML file, one of {', '.join(KINDS)}, or {', '.join(names)}"
    raise NetworkError(f"no network {name!r}: {known}{nearest(name, (*KINDS, *names))}")


def default(name: str) -> str:
    """The student that a kind stands for."""
    return f"{name}_{DEFAULT_HORIZON}" if name in KINDS else name
