"""The teacher: a network over windows, too large for a tick.

An LSTM runs both ways over the last 60 samples, with attention over what it says; three outputs as
the students' (direction, return, volatility). A window ends at the sample that it is asked about:
"both ways" is inside of it.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.nets.student import INPUT_SCALE
from models.train import checkpoint
from models.train.labels import HORIZONS, Part, Samples, classes, moves, parts, threshold
from models.train.metrics import Floats, confusion, macro_f1, mcc
from models.train.mirror import mirrored, turned
from tickwire.features.table import TABLE, table_hash
from tickwire.gen.records import CLASSES

OUTPUTS = CLASSES + 2  # the return, the volatility


@dataclass(frozen=True)
class TeacherConfig:
    """Everything that the result depends on, beside the data and the machine."""

    hidden: int = 128
    layers: int = 3
    heads: int = 8
    window: int = 60
    dropout: float = 0.2
    horizon: int = 50
    seed: int = 1
    epochs: int = 30
    patience: int = 4  # epochs without a better validation loss
    batch: int = 512
    stride: int = 1  # every so many samples in an epoch; each epoch begins elsewhere
    rate: float = 1e-3
    decay: float = 0.01
    returns: float = 0.05  # weight of the return's and the volatility's losses

    def __post_init__(self) -> None:
        if self.horizon not in HORIZONS:
            raise ValueError(f"horizon={self.horizon}: one of {HORIZONS}")
        sizes = (self.hidden, self.layers, self.heads, self.window, self.epochs, self.batch)
        if min(*sizes, self.stride, self.patience) < 1 or (2 * self.hidden) % self.heads:
            raise ValueError("sizes are at least 1, and heads divide twice the hidden ones")


class Teacher(nn.Module):
    """[sample, time, feature] to [sample, output]: scores of down, flat, up; return; volatility."""

    def __init__(self, config: TeacherConfig) -> None:
        super().__init__()
        wide, dropout = 2 * config.hidden, config.dropout
        self.lstm = nn.LSTM(
            len(TABLE),
            config.hidden,
            config.layers,
            batch_first=True,
            bidirectional=True,
            dropout=dropout if config.layers > 1 else 0.0,
        )
        self.before, self.after = nn.LayerNorm(wide), nn.LayerNorm(wide)
        self.attention = nn.MultiheadAttention(wide, config.heads, dropout, batch_first=True)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * wide, OUTPUTS)

    def forward(self, x: Tensor) -> Tensor:
        found, _ = self.lstm(x)
        found = self.before(found)
        seen, _ = self.attention(found, found, found, need_weights=False)
        found = self.after(found + self.drop(seen))
        read = torch.cat((found[:, -1], found.mean(dim=1)), dim=-1)
        result: Tensor = self.head(self.drop(read))
        return result


class Training:
    """One training; `run` goes on from the last checkpoint of its folder."""

    def __init__(self, config: TeacherConfig, found: Samples, folder: Path) -> None:
        self.config, self.found, self.folder = config, found, folder
        self.training, self.validation, _ = parts(found)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(config.seed)
        self.net = Teacher(config).to(self.device)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), config.rate, weight_decay=config.decay
        )
        self.epoch, self.waited, self.best = 0, 0, float("inf")
        self.best_state = _copied(self.net)
        ahead = moves(found, self.training, config.horizon)
        self.limit, self.scale = threshold(ahead), float(np.std(ahead)) or 1.0
        # nothing behind the validation part is ever looked at
        seen = found.x[: self.validation.stop].astype(np.float32) / INPUT_SCALE
        empty = np.zeros((config.window - 1, len(TABLE)), np.float32)
        self.x = torch.as_tensor(np.concatenate([empty, seen]))

    def windows(self, at: Tensor) -> Tensor:
        """The last samples up to each of these, itself the last; nothing before the day began."""
        rows = at[:, None] + torch.arange(self.config.window)
        return self.x[rows].to(self.device)

    def run(self, told: Callable[[int, float, float, float], None] | None = None) -> None:
        """Train until nothing gets better; the best network is then in `net`."""
        self._resume()
        while self.epoch < self.config.epochs and self.waited < self.config.patience:
            loss = self._epoch()
            chances = self.chances(self.validation)
            held, score, _ = self.judge(chances)
            self.waited += 1
            if held < self.best:
                self.best, self.best_state, self.waited = held, _copied(self.net), 0
            self.epoch += 1
            self._save()
            if told:
                told(self.epoch, loss, held, score)
        self.net.load_state_dict(self.best_state)

    def _epoch(self) -> float:
        config, part = self.config, self.training
        # an epoch depends on its number alone, so that a resumed training is the same one
        torch.manual_seed(config.seed * 10_007 + self.epoch)
        at = torch.arange(part.start + self.epoch % config.stride, part.stop, config.stride)
        ahead = moves(self.found, part, config.horizon)[at.numpy() - part.start]
        truth = torch.as_tensor(classes(ahead, self.limit))
        returns = torch.as_tensor(np.clip(ahead / self.scale, -3, 3).astype(np.float32))
        order, total = torch.randperm(len(at)), 0.0
        self.net.train()
        for batch in torch.split(order, config.batch):
            x, said, moved = self.windows(at[batch]), truth[batch], returns[batch]
            turn = torch.rand(len(batch)) < 0.5  # bid and ask swapped
            x = torch.where(turn[:, None, None].to(self.device), mirrored(x), x)
            said = torch.where(turn, CLASSES - 1 - said, said).to(self.device)
            moved = torch.where(turn, -moved, moved).to(self.device)
            with torch.autocast(
                self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"
            ):
                y = self.net(x)
            loss = self._loss(y.float(), said, moved)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimiser.step()
            total += float(loss.detach()) * len(batch)
        return total / len(at)

    def _loss(self, y: Tensor, said: Tensor, moved: Tensor) -> Tensor:
        loss = nn.functional.cross_entropy(y[:, :CLASSES], said)
        for found, target in ((y[:, CLASSES], moved), (y[:, CLASSES + 1], moved.abs())):
            loss = loss + self.config.returns * nn.functional.smooth_l1_loss(found, target)
        return loss

    def chances(self, part: Part) -> Floats:
        """Chances of a part's samples, those of the mirror image taken in."""
        self.net.eval()
        said = []
        with torch.no_grad():
            for at in torch.split(torch.arange(part.start, part.stop), 4 * self.config.batch):
                x = self.windows(at)
                mine = self.net(x)[:, :CLASSES].softmax(dim=-1)
                theirs = turned(self.net(mirrored(x))[:, :CLASSES].softmax(dim=-1))
                said.append((mine + theirs).cpu() / 2)
        return np.asarray(torch.cat(said).double().numpy())

    def judge(self, chances: Floats) -> tuple[float, float, float]:
        """Loss, MCC and F1 of chances of the validation part."""
        return judged(chances, self.found, self.validation, self.config.horizon, self.limit)

    # -- Checkpoints -----------------------------------------------------------------------------

    @property
    def key(self) -> str:
        told = (asdict(self.config), self.found.digest, table_hash())
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def _save(self) -> None:
        state = {
            "epoch": self.epoch,
            "waited": self.waited,
            "best": self.best,
            "best_state": self.best_state,
            "state": _copied(self.net),
            "optimiser": self.optimiser.state_dict(),
        }
        checkpoint.write(self.folder, self.key, state)

    def _resume(self) -> None:
        kept = checkpoint.read(self.folder, self.key)
        if kept is None:
            return
        self.epoch, self.waited, self.best = kept["epoch"], kept["waited"], kept["best"]
        self.best_state = kept["best_state"]
        self.net.load_state_dict(kept["state"])
        self.optimiser.load_state_dict(kept["optimiser"])

    def export(self, path: Path) -> None:
        """The network as a program that runs without this file, any number of windows at a time."""
        net = Teacher(self.config).eval()
        net.load_state_dict({name: value.cpu() for name, value in self.best_state.items()})
        example = torch.zeros(2, self.config.window, len(TABLE))
        shapes = {"x": {0: torch.export.Dim("samples", min=1)}}
        with warnings.catch_warnings():
            # the LSTM's list of its own weights is made anew while it is read
            warnings.filterwarnings("ignore", message=".*assigned during export")
            program = torch.export.export(net, (example,), dynamic_shapes=shapes)
        part = path.with_suffix(".part.pt2")
        torch.export.save(program, part)
        part.replace(path)


def _copied(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().clone() for name, value in net.state_dict().items()}


def judged(
    chances: Floats, found: Samples, part: Part, horizon: int, limit: float
) -> tuple[float, float, float]:
    truth = classes(moves(found, part, horizon), limit)
    matrix = confusion(truth, chances.argmax(axis=1))
    right = np.maximum(chances[np.arange(len(truth)), truth], 1e-9)
    return float(-np.log(right).mean()), float(mcc(matrix)), float(macro_f1(matrix))
