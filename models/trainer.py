"""Training a student: streams in order, pruning to a budget, checkpoints that go on.

The training part is read as parallel streams in order, the states carried from piece to piece.
Weights are pruned step by step to what the hardware has room for; of the epochs after that, the one
with the best validation MCC is kept. The test part isn't read.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.feature_table import table_hash
from models.fixed import effective_bit_operations, prune_smallest
from models.fixed.layers import FixedWeights
from models.floating import as_float
from models.labels import HORIZONS, Part, Samples, classes, moves, parts, threshold
from models.metrics import Floats, confusion, macro_f1, mcc
from models.nets import INPUT_SCALE, NetConfig, Student, build

BURN_IN = 256  # samples that only warm up the states, before a part is scored


@dataclass(frozen=True)
class TrainConfig:
    """Everything that the result depends on, beside the data."""

    net: NetConfig = field(default_factory=NetConfig)
    horizon: int = 50
    seed: int = 1
    epochs: int = 24
    streams: int = 128
    piece: int = 48  # samples of a stream at a time
    rate: float = 4e-3
    decay: float = 0.0  # of weights, AdamW's
    dropout: float = 0.0  # of a stream's features, for a piece at a time
    weights: int = 900  # that stay; the others are pruned to zero
    prune_from: float = 0.2  # of the epochs
    prune_until: float = 0.7
    penalty: float = 0.0  # a bit operation
    returns: float = 0.05  # weight of the return's and the volatility's losses
    exact: bool = True  # on the hardware's grid; else its float self

    def __post_init__(self) -> None:
        if self.horizon not in HORIZONS:
            raise ValueError(f"horizon={self.horizon}: one of {HORIZONS}")
        if min(self.epochs, self.streams, self.piece, self.weights) < 1:
            raise ValueError("epochs, streams, piece and weights are at least 1")


@dataclass
class _Targets:
    classes: Tensor
    returns: Tensor
    sizes: Tensor


class Trainer:
    """One training; `run` goes on from the last checkpoint of its folder."""

    def __init__(self, config: TrainConfig, found: Samples, folder: Path) -> None:
        self.config, self.found, self.folder = config, found, folder
        self.training, self.validation, _ = parts(found)
        torch.manual_seed(config.seed)
        self.net = build(config.net) if config.exact else as_float(build(config.net))
        self.epoch, self.best, self.best_state = 0, -1.0, self._state()
        trained = [value for value in self.net.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, config.rate, weight_decay=config.decay)
        ahead = moves(found, self.training, config.horizon)
        self.limit = threshold(ahead)
        self.scale = float(np.std(ahead)) or 1.0
        self.x, self.targets = self._streams(ahead)
        counts = torch.bincount(self.targets.classes.ravel(), minlength=3).float()
        self.balance = (counts.sum() / (3 * counts.clamp(min=1))).sqrt()

    def _streams(self, ahead: Floats) -> tuple[Tensor, _Targets]:
        """The training part as [time, stream, …]; what doesn't fill a row is left out."""
        count = len(self.training) // self.config.streams
        used = slice(self.training.start, self.training.start + count * self.config.streams)

        def shaped(values: Any) -> Tensor:
            rows = torch.as_tensor(values).reshape(self.config.streams, count, -1)
            return rows.transpose(0, 1).contiguous()

        ahead = ahead[: count * self.config.streams]
        scaled = np.clip(ahead / self.scale, -3, 3).astype(np.float32)
        said = classes(ahead, self.limit)
        x = self.found.x[used].astype(np.float32) / INPUT_SCALE
        targets = _Targets(
            shaped(said)[..., 0], shaped(scaled)[..., 0], shaped(np.abs(scaled))[..., 0]
        )
        return shaped(x), targets

    # -- One epoch -------------------------------------------------------------------------------

    def run(self, told: Any = None) -> float:
        """Train to the end; the best validation MCC."""
        self._resume()
        while self.epoch < self.config.epochs:
            loss = self._epoch()
            self._prune()
            score, f1 = self.score(self.validation)
            late = (self.epoch + 1) / self.config.epochs >= self.config.prune_until
            # only what is pruned to its end may be kept
            if late and score > self.best:
                self.best, self.best_state = score, self._state()
            self.epoch += 1
            self._save()
            if told:
                told(self.epoch, loss, score, f1)
        self.net.load_state_dict(self.best_state)
        return self.best

    def _epoch(self) -> float:
        config, steps = self.config, len(self.x)
        at = (1 + math.cos(math.pi * self.epoch / config.epochs)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = config.rate * (0.05 + 0.95 * at)
        # each epoch cuts the streams elsewhere, so that no piece always begins alike
        first = (self.epoch * 17) % config.piece
        edges = [0, *range(first or config.piece, steps, config.piece), steps]
        states = self.net.begin(config.streams, self.x)
        total = 0.0
        for start, stop in pairwise(edges):
            y, states = self.net.sequence(self._dropped(start, stop), states)
            states = tuple(state.detach() for state in states)
            loss = self._loss(y, start, stop)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimiser.step()
            total += float(loss.detach()) * (stop - start)
        return total / steps

    def _dropped(self, start: int, stop: int) -> Tensor:
        """A piece, some features of each stream hidden; the same ones for the same piece."""
        x = self.x[start:stop]
        if not self.config.dropout:
            return x
        generator = torch.Generator().manual_seed(hash((self.config.seed, self.epoch, start)))
        keep = torch.rand(x.shape[1:], generator=generator) >= self.config.dropout
        return x * keep

    def _loss(self, y: Tensor, start: int, stop: int) -> Tensor:
        config, targets = self.config, self.targets
        truth = targets.classes[start:stop].reshape(-1)
        loss = nn.functional.cross_entropy(y[..., :3].reshape(-1, 3), truth, self.balance)
        pairs = ((y[..., 3], targets.returns), (y[..., 4], targets.sizes))
        for said, target in pairs:
            loss = loss + config.returns * nn.functional.smooth_l1_loss(said, target[start:stop])
        if config.penalty:
            loss = loss + config.penalty * effective_bit_operations(self.net)
        return loss

    def _prune(self) -> None:
        """All layers' smallest weights go, by a cubic schedule, until `weights` are left."""
        config = self.config
        layers = [m for m in self.net.modules() if isinstance(m, FixedWeights)]
        whole = sum(layer.weight.numel() for layer in layers)
        part = (self.epoch + 1) / config.epochs
        done = (part - config.prune_from) / max(config.prune_until - config.prune_from, 1e-9)
        share = max(1 - config.weights / whole, 0.0) * (1 - (1 - min(max(done, 0.0), 1.0)) ** 3)
        sizes = torch.cat([layer.weight.detach().abs().ravel() for layer in layers])
        ranked = sizes.sort().values
        count = min(round(share * whole), whole - 1)
        if count:
            border = ranked[count - 1]
            for layer in layers:
                small = float((layer.weight.detach().abs() <= border).float().mean())
                prune_smallest(layer, small)
                with torch.no_grad():
                    layer.weight *= layer.keep

    # -- Scores ----------------------------------------------------------------------------------

    def said(self, part: Part) -> Floats:
        """Scores of a part's samples, the states warmed up by the samples before it."""
        return scores(self.net, self.found, part)

    def score(self, part: Part) -> tuple[float, float]:
        truth = classes(moves(self.found, part, self.config.horizon), self.limit)
        matrix = confusion(truth, self.said(part).argmax(axis=1))
        return float(mcc(matrix)), float(macro_f1(matrix))

    # -- Checkpoints -----------------------------------------------------------------------------

    def _state(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self.net.state_dict().items()}

    @property
    def _key(self) -> str:
        told = (asdict(self.config), self.found.digest, table_hash())
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.checkpoint.with_suffix(f".{os.getpid()}.part")
        kept = {
            "key": self._key,
            "epoch": self.epoch,
            "best": self.best,
            "best_state": self.best_state,
            "state": self._state(),
            "optimiser": self.optimiser.state_dict(),
        }
        torch.save(kept, part)
        part.replace(self.checkpoint)

    def _resume(self) -> None:
        """Go on from a checkpoint of this very training; one of another is left alone."""
        if not self.checkpoint.exists():
            return
        kept = torch.load(self.checkpoint, weights_only=True)
        if kept["key"] != self._key:
            raise ValueError(f"{self.checkpoint} belongs to another training; remove it first")
        self.epoch, self.best = kept["epoch"], kept["best"]
        self.best_state = kept["best_state"]
        self.net.load_state_dict(kept["state"])
        self.optimiser.load_state_dict(kept["optimiser"])

    def digest(self) -> str:
        """A hash of the trained integers, the labels' threshold and the feature table."""
        return digest(self.net, self.limit)


def digest(net: Student, limit: float) -> str:
    found = hashlib.sha256(repr((limit, table_hash())).encode())
    for name, module in net.named_modules():
        if isinstance(module, FixedWeights):
            with torch.no_grad():
                bias = module.grid_bias()
                tensors = [module.grid_weight(), *([] if bias is None else [bias])]
            for tensor in tensors:
                found.update(name.encode() + tensor.detach().double().numpy().tobytes())
    return found.hexdigest()


def scores(net: Student, found: Samples, part: Part, streams: int = 64) -> Floats:
    """The three scores of every sample of a part.

    The part is cut into streams that run side by side, each begun BURN_IN samples early with empty
    states: nearly what one long stream would say, at a fraction of the time.
    """
    size = -(-len(part) // streams)
    starts = part.start + size * np.arange(streams)
    at = starts[None, :] + np.arange(-BURN_IN, size)[:, None]
    before = at < 0
    rows = np.clip(at, 0, len(found) - 1)
    x = torch.as_tensor(found.x[rows].astype(np.float32) / INPUT_SCALE)
    x[torch.as_tensor(before)] = 0.0
    with torch.no_grad():
        y, _ = net.sequence(x, net.begin(streams, x))
    flat = y[BURN_IN:, :, :3].transpose(0, 1).reshape(-1, 3)[: len(part)]
    return np.asarray(flat.double().numpy())
