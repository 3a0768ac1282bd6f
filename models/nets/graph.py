"""hls4ml's graph of a network, and what can be refused before any of it is lowered or written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from torch import nn

from models.nets.own import PERIOD, NetworkError, Own
from openrtl.convert import convert
from openrtl.design import states_of
from openrtl.estimate import Estimate, estimate
from openrtl.refuse import RefusedError
from tickwire.gen.records import SLOTS

REMEDY = "build it of openrtl.torch's layers, as docs/recipes.md has them"
_USUAL = ("Linear", "ReLU", "Sequential", "Flatten", "Dropout", "BatchNorm1d", "ModuleList")
MOST_WEIGHTS = 200_000  # of more not even the cost is estimated


class Named(Protocol):
    """A network, and what is asked of it here."""

    @property
    def where(self) -> str:
        """What a message about it begins with."""

    @property
    def inputs(self) -> tuple[int, ...]: ...

    @property
    def period(self) -> float: ...

    @property
    def allow_large(self) -> bool: ...

    @property
    def load(self) -> Callable[[], nn.Module]: ...


@dataclass(frozen=True)
class _Draft:
    """One that isn't trained yet."""

    where: str
    inputs: tuple[int, ...]
    period: float
    allow_large: bool
    load: Callable[[], nn.Module]


def trial(described: Own, net: nn.Module, pruned: bool) -> None:
    """Refuse to train what wouldn't convert; and what is too large, unless it will be `pruned`."""
    period = described.period or PERIOD
    where = f"{described.path}: {described.name}"
    source = _Draft(where, described.inputs, period, described.allow_large, lambda: net)
    check_weights(source, net)
    with tempfile.TemporaryDirectory() as folder:
        graph = graph_of(source, net.double().eval(), Path(folder))
        if not pruned:
            check_size(source, estimate(graph, period))


def graph_of(source: Named, net: nn.Module, folder: Path, name: str = "network") -> Any:
    """hls4ml's graph of the network, nothing of it lowered or written."""
    states = states_of(getattr(net, "states", ()))
    shapes: list[tuple[int, ...]] = [(len(source.inputs),), *((each.size,) for each in states)]
    tag_bits = (SLOTS - 1).bit_length()
    with in_one_line(source):
        return convert(
            net, shapes, folder, name=name, clock_period=source.period, tag_bits=tag_bits
        )


@contextmanager
def in_one_line(source: Named) -> Iterator[None]:
    """What hls4ml and openrtl raise, which is anything, in one line that names the network."""
    try:
        yield
    except OSError:  # of the disk
        raise
    except RefusedError as error:
        raise NetworkError(f"{source.where}: {error}") from None
    except Exception:
        rare = {f"nn.{type(each).__name__}" for each in source.load().modules() if _is_rare(each)}
        layers = f"; look at {', '.join(sorted(rare))}" if rare else ""
        reason = f"it doesn't convert, and hls4ml doesn't say why{layers}"
        raise NetworkError(f"{source.where}: {reason}; {REMEDY}") from None


def _is_rare(layer: nn.Module) -> bool:
    """Whether it is one of torch's own layers, and has no part in the recipes."""
    name = type(layer).__name__
    return type(layer).__module__.startswith("torch.nn") and name not in _USUAL


def check_weights(source: Named, net: nn.Module) -> None:
    """So many that not even an estimate is made."""
    count = sum(value.numel() for value in net.parameters())
    if count > MOST_WEIGHTS and not source.allow_large:
        bound = f"the bound is {MOST_WEIGHTS:,}, and allow_large = true in [model] lifts it"
        raise NetworkError(f"{source.where}: it has {count:,} weights; {bound}")


def check_size(source: Named, cost: Estimate) -> None:
    if cost.bound and not source.allow_large:
        lifted = "allow_large = true in [model] lifts it"
        raise NetworkError(f"{source.where}: {cost}; {cost.bound}, and {lifted}")
