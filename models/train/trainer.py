"""Training a student: parallel streams in order, pruning to a budget, a checkpoint each epoch.

The training part is read as parallel streams in order; the states are carried from piece to piece.
Weights are pruned step by step to what the hardware has room for. Of the epochs after that, the one
with the best validation MCC is kept. The test part isn't read.

Each stream is there a second time as its mirror image. A teacher's soft labels can be added to the
loss. A running mean of the weights is what is scored and kept.
"""

from __future__ import annotations

import copy
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.nets.floating import as_float
from models.nets.student import INPUT_SCALE, NetConfig, Student, build
from models.train import own
from models.train.checkpoint import Resumable, copied
from models.train.labels import HORIZONS, Part, Samples, classes, moves, parts
from models.train.metrics import Floats, confusion, likeliest, macro_f1, mcc
from models.train.soft import Soft
from models.train.targets import build_targets
from openrtl.torch import effective_bit_operations, prune_smallest
from openrtl.torch.layers import FixedWeights
from tickwire.features.table import table_hash
from tickwire.gen.records import CLASSES

BURN_IN = 256  # samples before a part that only warm up the states

Progress = Callable[[int, float, float, float], None]  # of an epoch: number, loss, MCC, macro-F1


@dataclass(frozen=True)
class TrainConfig:
    """Everything that the result depends on beside the data."""

    net: NetConfig | own.OwnConfig = field(default_factory=NetConfig)
    horizon: int = 50
    seed: int = 1
    epochs: int = 24
    streams: int = 128
    piece: int = 48  # samples of a stream at a time
    rate: float = 4e-3
    decay: float = 0.0  # of weights, AdamW's
    dropout: float = 0.0  # of a stream's features, for a piece at a time
    weights: int = 850  # that remain; the others are pruned to zero
    prune_from: float = 0.2  # of the epochs
    prune_until: float = 0.7
    penalty: float = 0.0  # loss per bit operation
    returns: float = 0.05  # weight of the return's and the volatility's losses
    exact: bool = True  # quantised as the hardware is; else in floating point
    mirror: bool = True  # each stream also with bid and ask swapped
    soft: float = 0.0  # share of the teacher's labels in the loss
    temperature: float = 1.0  # of the softmax in the teacher's share of the loss
    teacher: str = ""  # digest of the teacher's soft labels
    average: float = 0.99  # share of the running mean of the weights that each update keeps

    def __post_init__(self) -> None:
        if self.horizon not in HORIZONS:
            raise ValueError(f"horizon={self.horizon}: one of {HORIZONS}")
        if min(self.epochs, self.streams, self.piece, self.weights) < 1:
            raise ValueError("epochs, streams, piece and weights are at least 1")
        if not 0.0 <= self.soft <= 1.0 or not 0.0 <= self.average < 1.0 or self.temperature <= 0.0:
            raise ValueError("soft is 0 to 1, average 0 to below 1, temperature above 0")
        if (self.soft > 0.0) != bool(self.teacher):
            raise ValueError("soft labels and their share in the loss go together")


class Trainer(Resumable):
    """One training; `run` goes on from the last checkpoint of its folder."""

    config: TrainConfig
    values = ("epoch", "updates", "best", "best_state")
    modules = (("state", "net"), ("mean", "mean"))

    def __init__(
        self,
        config: TrainConfig,
        samples: Samples,
        folder: Path,
        soft: Soft | None = None,
        make: Callable[[], own.OwnNet] | None = None,
    ) -> None:
        """`make` makes a network of one's own."""
        if (soft.digest if soft else "") != config.teacher:
            raise ValueError("these soft labels aren't those that the training names")
        self.config, self.samples, self.folder = config, samples, folder
        self.training, self.validation, _ = parts(samples)
        torch.manual_seed(config.seed)
        net = make() if make else _student(config)
        self.net = net if config.exact else as_float(net)
        # what is scored and kept: the network itself, or the running mean of its weights
        self.mean = copy.deepcopy(self.net) if config.average else self.net
        self.epoch, self.updates = 0, 0
        self.best, self.best_state = -1.0, copied(self.mean)
        trained = [value for value in self.net.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, config.rate, weight_decay=config.decay)
        self.targets = build_targets(
            samples,
            self.training,
            config.horizon,
            config.streams,
            mirror=config.mirror,
            soft=soft,
        )
        self.x, self.limit = self.targets.x, self.targets.limit

    # -- One epoch -------------------------------------------------------------------------------

    def run(self, progress: Progress | None = None) -> float:
        """Train to the end; returns the best validation MCC."""
        self.resume()
        while self.epoch < self.config.epochs:
            loss = self._epoch()
            self._prune()
            score, f1 = self.score(self.validation)
            # only fully pruned weights may be kept
            pruned = (self.epoch + 1) / self.config.epochs >= self.config.prune_until
            if pruned and score > self.best:
                self.best, self.best_state = score, copied(self.mean)
            self.epoch += 1
            self.save()
            if progress:
                progress(self.epoch, loss, score, f1)
        for net in (self.net, self.mean):
            net.load_state_dict(self.best_state)
        return self.best

    def _epoch(self) -> float:
        config, steps = self.config, len(self.x)
        at = (1 + math.cos(math.pi * self.epoch / config.epochs)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = config.rate * (0.05 + 0.95 * at)
        # each epoch cuts the streams at other places
        first = (self.epoch * 17) % config.piece
        edges = [0, *range(first or config.piece, steps, config.piece), steps]
        states = self.net.train().begin(self.targets.streams, self.x)
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
        """A piece with some features of each stream set to 0; the same ones for the same piece."""
        x = self.x[start:stop]
        if not self.config.dropout:
            return x
        generator = torch.Generator().manual_seed(hash((self.config.seed, self.epoch, start)))
        keep = torch.rand(x.shape[1:], generator=generator) >= self.config.dropout
        return x * keep

    def _loss(self, y: Tensor, start: int, stop: int) -> Tensor:
        config, targets = self.config, self.targets
        loss = self._direction_loss(y[..., :CLASSES], start, stop)
        returns = targets.returns[start:stop]
        others = y[..., CLASSES:].unbind(-1)  # as many as the network has
        for output, target in zip(others, (returns, returns.abs()), strict=False):
            loss = loss + config.returns * nn.functional.smooth_l1_loss(output, target)
        if config.penalty:
            loss = loss + config.penalty * effective_bit_operations(self.net)
        return loss

    def _direction_loss(self, scores: Tensor, start: int, stop: int) -> Tensor:
        """Cross entropy against the labels, and against the teacher's chances."""
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
        # the first updates count more, so that the mean soon forgets the initial weights
        part = 1 - min(self.config.average, self.updates / (self.updates + 10))
        self.updates += 1
        with torch.no_grad():
            pairs = zip(self.mean.parameters(), self.net.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, part)
            buffers = zip(self.mean.buffers(), self.net.buffers(), strict=True)
            for held, now in buffers:
                held.copy_(now)

    def _prune(self) -> None:
        """Prune the smallest weights of all layers by a cubic schedule, until `weights` remain."""
        config = self.config
        layers = _weighted(self.net)
        if not layers:
            return
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

    def outputs(self, part: Part) -> Floats:
        """The three scores of a part's samples, the states warmed up by the samples before it."""
        return scores(self.mean, self.samples, part)

    def score(self, part: Part) -> tuple[float, float]:
        """MCC and macro-F1 on a part."""
        truth = classes(moves(self.samples, part, self.config.horizon), self.limit)
        matrix = confusion(truth, likeliest(self.outputs(part)))
        return float(mcc(matrix)), float(macro_f1(matrix))

    def digest(self) -> str:
        """A hash of the trained integers, the labels' threshold and the feature table."""
        return digest(self.net, self.limit)


def _student(config: TrainConfig) -> Student | own.OwnNet:
    if not isinstance(config.net, NetConfig):
        raise ValueError("a network of one's own is made by its own module")
    return build(config.net)


def _weighted(net: nn.Module) -> list[FixedWeights]:
    return [module for module in net.modules() if isinstance(module, FixedWeights)]


def digest(net: Student | own.OwnNet, limit: float) -> str:
    if isinstance(net, own.OwnNet):
        return own.digest(net, limit)
    sha = hashlib.sha256(repr((limit, table_hash())).encode())
    for name, module in net.named_modules():
        if isinstance(module, FixedWeights):
            with torch.no_grad():
                bias = module.grid_bias()
                tensors = [module.grid_weight(), *([] if bias is None else [bias])]
            for tensor in tensors:
                tensor = tensor + 0.0  # a pruned weight may be -0
                sha.update(name.encode() + tensor.detach().double().numpy().tobytes())
    return sha.hexdigest()


def scores(net: Student | own.OwnNet, samples: Samples, part: Part, streams: int = 64) -> Floats:
    """The three scores of every sample of a part.

    The part is cut into streams that run side by side. Each begins BURN_IN samples early with empty
    states, which gives nearly the scores of one long stream in a fraction of the time.
    """
    size = -(-len(part) // streams)
    starts = part.start + size * np.arange(streams)
    at = starts[None, :] + np.arange(-BURN_IN, size)[:, None]
    before = at < 0
    rows = np.clip(at, 0, len(samples) - 1)
    x = torch.as_tensor(samples.x[rows].astype(np.float32) / INPUT_SCALE)
    x[torch.as_tensor(before)] = 0.0
    with torch.no_grad():
        y, _ = net.eval().sequence(x, net.begin(streams, x))
    flat = y[BURN_IN:, :, :3].transpose(0, 1).reshape(-1, 3)[: len(part)]
    return np.asarray(flat.double().numpy())
