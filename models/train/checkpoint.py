"""The state of a training, written after each epoch, and a training that goes on from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from hwtools.rename import by_rename
from models.train.labels import Samples
from tickwire.features.table import table_hash

FILE = "checkpoint.pt"


def repeatable() -> None:
    """One thread and torch's deterministic algorithms: the same sums in the same order."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def write(folder: Path, key: str, state: dict[str, Any]) -> None:
    with by_rename(folder / FILE) as part:
        torch.save({"key": key, **state}, part)


def read(folder: Path, key: str) -> dict[str, Any] | None:
    """The state of the training with this key, if there is one; another training's is refused."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True)
        known = state["key"]
    except Exception as error:  # torch raises whatever its unpickler met
        raise ValueError(f"{path}: not a checkpoint ({type(error).__name__})") from None
    if known != key:
        raise ValueError(f"{path} belongs to another training; remove it first")
    return state


def beside(folder: Path, key: str) -> Path:
    """The folder of the training with this key: another one, where that holds another training."""
    try:
        read(folder, key)
    except ValueError:
        return folder.with_name(f"{folder.name}_{key[:8]}")
    return folder


def copied(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in net.state_dict().items()}


class Resumable:
    """A training that goes on from the last checkpoint of its folder.

    `values` are the attributes that a checkpoint holds as they are, `modules` those of which it
    holds the weights, by their names in the file.
    """

    values: ClassVar[tuple[str, ...]]
    modules: ClassVar[tuple[tuple[str, str], ...]]
    config: Any  # a dataclass: everything that the result depends on beside the data
    samples: Samples
    folder: Path
    optimiser: torch.optim.Optimizer

    @property
    def key(self) -> str:
        """What names this training: its configuration, its data and the feature table."""
        inputs = (asdict(self.config), self.samples.digest, table_hash())
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def save(self) -> None:
        state = {name: getattr(self, name) for name in self.values}
        state |= {name: copied(getattr(self, net)) for name, net in self.modules}
        write(self.folder, self.key, {**state, "optimiser": self.optimiser.state_dict()})

    def resume(self) -> None:
        state = read(self.folder, self.key)
        if state is None:
            return
        for name in self.values:
            setattr(self, name, state[name])
        for name, net in self.modules:
            getattr(self, net).load_state_dict(state[name])
        self.optimiser.load_state_dict(state["optimiser"])
