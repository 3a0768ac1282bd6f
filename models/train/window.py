"""A teacher: a network over windows of samples, too large to run on each tick in hardware.

A bidirectional LSTM over the last 60 samples, with attention over its outputs; the outputs are
those of the students (direction, return, volatility). A window ends at the sample whose label it
predicts, so that both directions stay within the past.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from hwtools.rename import by_rename
from models.nets.student import INPUT_SCALE
from models.train.checkpoint import Resumable, copied
from models.train.labels import HORIZONS, Part, Samples, classes, moves, parts, threshold
from models.train.metrics import Floats, confusion, likeliest, macro_f1, mcc
from models.train.mirror import mirrored, turned
from tickwire.features.table import TABLE
from tickwire.gen.records import CLASSES

OUTPUTS = CLASSES + 2  # the return, the volatility

Progress = Callable[[int, float, float, float], None]  # of an epoch: number, two losses, MCC


@dataclass(frozen=True)
class TeacherConfig:
    """Everything that the result depends on beside the data and the machine."""

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
    stride: int = 1  # an epoch takes one sample of so many; each epoch begins at another one
    rate: float = 1e-3
    decay: float = 0.01
    returns: float = 0.05  # weight of the return's and the volatility's losses

    def __post_init__(self) -> None:
        if self.horizon not in HORIZONS:
            raise ValueError(f"horizon={self.horizon}: one of {HORIZONS}")
        sizes = (self.hidden, self.layers, self.heads, self.window, self.epochs, self.batch)
        if min(*sizes, self.stride, self.patience) < 1 or (2 * self.hidden) % self.heads:
            raise ValueError("sizes are at least 1, and heads divide twice the hidden size")


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
        hidden, _ = self.lstm(x)
        hidden = self.before(hidden)
        read, _ = self.attention(hidden, hidden, hidden, need_weights=False)
        hidden = self.after(hidden + self.drop(read))
        read = torch.cat((hidden[:, -1], hidden.mean(dim=1)), dim=-1)
        result: Tensor = self.head(self.drop(read))
        return result


class Training(Resumable):
    """One training; `run` goes on from the last checkpoint of its folder."""

    config: TeacherConfig
    values = ("epoch", "waited", "best", "best_state")
    modules = (("state", "net"),)

    def __init__(self, config: TeacherConfig, samples: Samples, folder: Path) -> None:
        self.config, self.samples, self.folder = config, samples, folder
        self.training, self.validation, _ = parts(samples)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(config.seed)
        self.net = Teacher(config).to(self.device)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), config.rate, weight_decay=config.decay
        )
        self.epoch, self.waited, self.best = 0, 0, float("inf")
        self.best_state = copied(self.net)
        ahead = moves(samples, self.training, config.horizon)
        self.limit, self.scale = threshold(ahead), float(np.std(ahead)) or 1.0
        # nothing behind the validation part is read
        x = samples.x[: self.validation.stop].astype(np.float32) / INPUT_SCALE
        empty = np.zeros((config.window - 1, len(TABLE)), np.float32)
        self.x = torch.as_tensor(np.concatenate([empty, x]))

    def windows(self, at: Tensor) -> Tensor:
        """The windows that end with each of these samples; zeros before the day's first sample."""
        rows = at[:, None] + torch.arange(self.config.window)
        return self.x[rows].to(self.device)

    def run(self, progress: Progress | None = None) -> None:
        """Train until the validation loss stops improving; `net` is then the best network."""
        self.resume()
        while self.epoch < self.config.epochs and self.waited < self.config.patience:
            loss = self._epoch()
            chances = self.chances(self.validation)
            validation_loss, score, _ = self.judge(chances)
            self.waited += 1
            if validation_loss < self.best:
                self.best, self.best_state, self.waited = validation_loss, copied(self.net), 0
            self.epoch += 1
            self.save()
            if progress:
                progress(self.epoch, loss, validation_loss, score)
        self.net.load_state_dict(self.best_state)

    def _epoch(self) -> float:
        config, part = self.config, self.training
        # an epoch depends on its number alone, so that a resumed training gives the same result
        torch.manual_seed(config.seed * 10_007 + self.epoch)
        at = torch.arange(part.start + self.epoch % config.stride, part.stop, config.stride)
        ahead = moves(self.samples, part, config.horizon)[at.numpy() - part.start]
        truth = torch.as_tensor(classes(ahead, self.limit))
        returns = torch.as_tensor(np.clip(ahead / self.scale, -3, 3).astype(np.float32))
        order, total = torch.randperm(len(at)), 0.0
        self.net.train()
        for batch in torch.split(order, config.batch):
            x, label, change = self.windows(at[batch]), truth[batch], returns[batch]
            turn = torch.rand(len(batch)) < 0.5  # bid and ask swapped
            x = torch.where(turn[:, None, None].to(self.device), mirrored(x), x)
            label = torch.where(turn, CLASSES - 1 - label, label).to(self.device)
            change = torch.where(turn, -change, change).to(self.device)
            with torch.autocast(
                self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"
            ):
                y = self.net(x)
            loss = self._loss(y.float(), label, change)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimiser.step()
            total += float(loss.detach()) * len(batch)
        return total / len(at)

    def _loss(self, y: Tensor, label: Tensor, change: Tensor) -> Tensor:
        loss = nn.functional.cross_entropy(y[:, :CLASSES], label)
        for output, target in ((y[:, CLASSES], change), (y[:, CLASSES + 1], change.abs())):
            loss = loss + self.config.returns * nn.functional.smooth_l1_loss(output, target)
        return loss

    def chances(self, part: Part) -> Floats:
        """Chances of a part's samples: the mean over each sample and its mirror image."""
        self.net.eval()
        batches = []
        with torch.no_grad():
            for at in torch.split(torch.arange(part.start, part.stop), 4 * self.config.batch):
                x = self.windows(at)
                mine = self.net(x)[:, :CLASSES].softmax(dim=-1)
                theirs = turned(self.net(mirrored(x))[:, :CLASSES].softmax(dim=-1))
                batches.append((mine + theirs).cpu() / 2)
        return np.asarray(torch.cat(batches).double().numpy())

    def judge(self, chances: Floats) -> tuple[float, float, float]:
        """Loss, MCC and F1 of chances of the validation part."""
        return judged(chances, self.samples, self.validation, self.config.horizon, self.limit)

    def export(self, path: Path) -> None:
        """Write the network as a program that runs without this file, on any number of windows."""
        net = Teacher(self.config).eval()
        net.load_state_dict({name: value.cpu() for name, value in self.best_state.items()})
        example = torch.zeros(2, self.config.window, len(TABLE))
        shapes = {"x": {0: torch.export.Dim("samples", min=1)}}
        with warnings.catch_warnings():
            # export sees that torch's LSTM assigns the list of its own weights again
            warnings.filterwarnings("ignore", message=".*assigned during export")
            program = torch.export.export(net, (example,), dynamic_shapes=shapes)
        with by_rename(path) as part:
            torch.export.save(program, part)


def judged(
    chances: Floats, samples: Samples, part: Part, horizon: int, limit: float
) -> tuple[float, float, float]:
    """Loss, MCC and F1 of chances of a part."""
    truth = classes(moves(samples, part, horizon), limit)
    matrix = confusion(truth, likeliest(chances))
    right = np.maximum(chances[np.arange(len(truth)), truth], 1e-9)
    return float(-np.log(right).mean()), float(mcc(matrix)), float(macro_f1(matrix))
