"""Training a student: streams in order, pruning to a budget, checkpoints that go on.

The training part is read as parallel streams in order, the states carried from piece to piece.
Weights are pruned step by step to what the hardware has room for; of the epochs after that, the one
with the best validation MCC is kept. The test part isn't read.

Each stream is there a second time as its mirror image. A teacher's soft labels can be added. What
is scored and kept is a running mean of the weights.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.nets.floating import as_float
from models.nets.student import INPUT_SCALE, NetConfig, Student, build
from models.train import checkpoint
from models.train.labels import HORIZONS, Part, Samples, classes, moves, parts
from models.train.metrics import Floats, confusion, macro_f1, mcc
from models.train.soft import Soft
from models.train.targets import build_targets
from openrtl.torch import effective_bit_operations, prune_smallest
from openrtl.torch.layers import FixedWeights
from tickwire.features.table import table_hash
from tickwire.gen.records import CLASSES

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
    weights: int = 850  # that stay; the others are pruned to zero
    prune_from: float = 0.2  # of the epochs
    prune_until: float = 0.7
    penalty: float = 0.0  # a bit operation
    returns: float = 0.05  # weight of the return's and the volatility's losses
    exact: bool = True  # on the hardware's grid; else its float self
    mirror: bool = True  # each stream also with bid and ask swapped
    soft: float = 0.0  # share of the teacher's labels in the loss
    temperature: float = 1.0  # at which the two are compared
    teacher: str = ""  # hash of its soft labels
    average: float = 0.99  # running mean of the weights: what stays of it at each update

    def __post_init__(self) -> None:
        if self.horizon not in HORIZONS:
            raise ValueError(f"horizon={self.horizon}: one of {HORIZONS}")
        if min(self.epochs, self.streams, self.piece, self.weights) < 1:
            raise ValueError("epochs, streams, piece and weights are at least 1")
        if not 0.0 <= self.soft <= 1.0 or not 0.0 <= self.average < 1.0 or self.temperature <= 0.0:
            raise ValueError("soft is 0 to 1, average 0 to below 1, temperature above 0")
        if (self.soft > 0.0) != bool(self.teacher):
            raise ValueError("soft labels and their share in the loss go together")


class Trainer:
    """One training; `run` goes on from the last checkpoint of its folder."""

    def __init__(
        self, config: TrainConfig, found: Samples, folder: Path, soft: Soft | None = None
    ) -> None:
        if (soft.digest if soft else "") != config.teacher:
            raise ValueError("these soft labels aren't those that the training names")
        self.config, self.found, self.folder = config, found, folder
        self.training, self.validation, _ = parts(found)
        torch.manual_seed(config.seed)
        self.net = build(config.net) if config.exact else as_float(build(config.net))
        # scored and kept: the network itself, or the running mean of it
        self.mean = copy.deepcopy(self.net) if config.average else self.net
        self.epoch, self.updates = 0, 0
        self.best, self.best_state = -1.0, _copied(self.mean)
        trained = [value for value in self.net.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, config.rate, weight_decay=config.decay)
        self.targets = build_targets(
            found,
            self.training,
            config.horizon,
            config.streams,
            mirror=config.mirror,
            soft=soft,
        )
        self.x, self.limit = self.targets.x, self.targets.limit

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
                self.best, self.best_state = score, _copied(self.mean)
            self.epoch += 1
            self._save()
            if told:
                told(self.epoch, loss, score, f1)
        for net in (self.net, self.mean):
            net.load_state_dict(self.best_state)
        return self.best

    def _epoch(self) -> float:
        config, steps = self.config, len(self.x)
        at = (1 + math.cos(math.pi * self.epoch / config.epochs)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = config.rate * (0.05 + 0.95 * at)
        # each epoch cuts the streams elsewhere, so that no piece always begins alike
        first = (self.epoch * 17) % config.piece
        edges = [0, *range(first or config.piece, steps, config.piece), steps]
        states = self.net.begin(self.targets.streams, self.x)
        total = 0.0
        for start, stop in pairwise(edges):
            y, states = self.net.sequence(self._dropped(start, stop), states)
            states = tuple(state.detach() for state in states)
            loss = self._loss(y, start, stop)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimiser.step()
            self._average()
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
        loss = self._said(y[..., :CLASSES], start, stop)
        returns = targets.returns[start:stop]
        for said, target in ((y[..., CLASSES], returns), (y[..., CLASSES + 1], returns.abs())):
            loss = loss + config.returns * nn.functional.smooth_l1_loss(said, target)
        if config.penalty:
            loss = loss + config.penalty * effective_bit_operations(self.net)
        return loss

    def _said(self, scores: Tensor, start: int, stop: int) -> Tensor:
        """The direction's loss: against the labels, and against the teacher's chances."""
        targets, heat = self.targets, self.config.temperature
        scores, truth = scores.reshape(-1, CLASSES), targets.classes[start:stop].reshape(-1)
        hard = nn.functional.cross_entropy(scores, truth, targets.balance)
        if targets.soft is None:
            return hard
        chances = targets.soft[start:stop].reshape(-1, CLASSES) ** (1 / heat)
        chances = chances / chances.sum(dim=-1, keepdim=True)
        soft = nn.functional.cross_entropy(scores / heat, chances, targets.balance)
        return (1 - self.config.soft) * hard + self.config.soft * heat**2 * soft

    def _average(self) -> None:
        if self.mean is self.net:
            return
        # the mean of few updates is young: it forgets its beginning faster
        part = 1 - min(self.config.average, self.updates / (self.updates + 10))
        self.updates += 1
        with torch.no_grad():
            pairs = zip(self.mean.parameters(), self.net.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, part)

    def _prune(self) -> None:
        """All layers' smallest weights go, by a cubic schedule, until `weights` are left."""
        config = self.config
        layers = _weighted(self.net)
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
        if self.mean is not self.net:
            for mean, layer in zip(_weighted(self.mean), layers, strict=True):
                mean.keep.copy_(layer.keep)

    # -- Scores ----------------------------------------------------------------------------------

    def said(self, part: Part) -> Floats:
        """Scores of a part's samples, the states warmed up by the samples before it."""
        return scores(self.mean, self.found, part)

    def score(self, part: Part) -> tuple[float, float]:
        truth = classes(moves(self.found, part, self.config.horizon), self.limit)
        matrix = confusion(truth, self.said(part).argmax(axis=1))
        return float(mcc(matrix)), float(macro_f1(matrix))

    # -- Checkpoints -----------------------------------------------------------------------------

    @property
    def key(self) -> str:
        told = (asdict(self.config), self.found.digest, table_hash())
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def _save(self) -> None:
        state = {
            "epoch": self.epoch,
            "updates": self.updates,
            "best": self.best,
            "best_state": self.best_state,
            "state": _copied(self.net),
            "mean": _copied(self.mean),
            "optimiser": self.optimiser.state_dict(),
        }
        checkpoint.write(self.folder, self.key, state)

    def _resume(self) -> None:
        kept = checkpoint.read(self.folder, self.key)
        if kept is None:
            return
        self.epoch, self.updates, self.best = kept["epoch"], kept["updates"], kept["best"]
        self.best_state = kept["best_state"]
        self.net.load_state_dict(kept["state"])
        self.mean.load_state_dict(kept["mean"])
        self.optimiser.load_state_dict(kept["optimiser"])

    def digest(self) -> str:
        """A hash of the trained integers, the labels' threshold and the feature table."""
        return digest(self.net, self.limit)


def _copied(net: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in net.state_dict().items()}


def _weighted(net: nn.Module) -> list[FixedWeights]:
    return [module for module in net.modules() if isinstance(module, FixedWeights)]


def digest(net: Student, limit: float) -> str:
    found = hashlib.sha256(repr((limit, table_hash())).encode())
    for name, module in net.named_modules():
        if isinstance(module, FixedWeights):
            with torch.no_grad():
                bias = module.grid_bias()
                tensors = [module.grid_weight(), *([] if bias is None else [bias])]
            for tensor in tensors:
                tensor = tensor + 0.0  # a pruned weight may be -0
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
