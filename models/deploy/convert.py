"""Converts a network for the path: its Verilog, the constants for `hw/rtl/nn.sv`, its scores.

    python -m models.deploy.convert NAME [--period NS]

`models.deploy.source` says what NAME may be. build/net/HASH, written once, gets

    src             Verilog of the module `network`, with the ports of a step even without a state
    network_pkg.sv  its constants
    sources.f       the files, the package first; network.core, the same for FuseSoC
    model.json      the model id, latency, loop, formats

A feature's integer n enters as the raw code of the module's input format, n times 2**-fraction, and
that format must hold the feature's whole range. The outputs are down, flat, up, and optionally the
return and the volatility; they are shifted to one binary point and must fit SCORE_W bits. Anything
else is refused in one line, and so is a module whose torch arithmetic differs from its conversion.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import nn

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.once import build_once
from hwtools.progress import watched
from hwtools.toolchain import BUILD, ROOT, ToolError
from models.deploy.apart import apart
from models.deploy.check import Integers, NetworkError, check, outputs
from models.deploy.files import PLAIN, Signature, as_a_step, fusesoc, package, signature
from models.deploy.source import Source, find
from models.nets.graph import check_size, check_weights, graph_of, in_one_line
from models.nets.student import INPUT_SCALE, OUTPUTS, Student
from models.train.kept import StudentError
from openrtl.estimate import Estimate, estimate
from openrtl.lower import Watch, unwatched
from tickwire.features.table import TABLE, table_hash
from tickwire.gen.records import SCORE_W

NETS = BUILD / "net"
# What a conversion depends on beyond its network.
_CODE = ("sw/openrtl", "models/deploy")
_FILES = (
    "models/nets/graph.py",
    "models/nets/student.py",
    "models/train/students.py",
    "requirements.lock",
)


@dataclass(frozen=True)
class Network:
    """A converted network."""

    folder: Path
    source: Source
    model_id: int
    latency: int
    loop: int
    recurrent: bool
    signature: Signature
    cells: int  # of an ECP5, by estimate, as are block RAMs
    rams: int

    @property
    def sources(self) -> tuple[Path, ...]:
        """The SystemVerilog files, the package first."""
        return tuple(self.folder / name for name in (self.folder / "sources.f").read_text().split())

    @cached_property
    def net(self) -> nn.Module:
        return self.source.load()

    def scores(self, vectors: npt.NDArray[Any], clear: npt.NDArray[np.bool_]) -> Integers:
        """Raw scores of one slot's steps in order, by torch in float64: [n, 5], missing ones 0.

        `vectors` are whole feature vectors; `clear` marks those before which the state is cleared.
        """
        scores = np.zeros((len(vectors), OUTPUTS), np.int64)
        x = np.asarray(vectors, np.int64)[:, list(self.source.inputs)]
        for begin, end in self._stretches(clear):
            y = outputs(self.net, x[begin:end], self.signature.input_scale)
            codes = y * 2.0**self.signature.fraction
            scores[begin:end, : codes.shape[1]] = np.rint(codes)
            assert np.array_equal(scores[begin:end, : codes.shape[1]], codes)
        return scores

    def _stretches(self, clear: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
        """The spans of rows over which the state is carried on."""
        starts = np.flatnonzero(clear).tolist() if self.recurrent else []
        edges = [0, *(start for start in starts if start), len(clear)]
        return [(a, b) for a, b in pairwise(edges) if a < b]


def converted(name: str, period: float | None = None, progress: Watch = unwatched) -> Network:
    """The network of this name, converted now unless it was before."""
    return conversion(find(name, period), progress)


def conversion(source: Source, progress: Watch = unwatched) -> Network:
    """The same of a source. `progress` is told what is done, how much of it, of how much."""
    digest = hashlib.sha256(repr((source.weights, source.inputs, source.period)).encode())
    digest.update(table_hash().encode() + _code().encode())
    folder = NETS / digest.hexdigest()[:16]
    build_once(folder, lambda at: _build(source, at, progress))
    about = json.loads((folder / "model.json").read_text())
    return Network(
        folder,
        source,
        int(about["model_id"], 16),
        about["latency"],
        about["loop"],
        about["recurrent"],
        Signature(**about["signature"]),
        about["cells"],
        about["rams"],
    )


def _code() -> str:
    """A digest of the code that converts."""
    sha = hashlib.sha256()
    paths = [path for part in _CODE for path in sorted((ROOT / part).rglob("*.*"))]
    for path in [*paths, *(ROOT / name for name in _FILES)]:
        if path.suffix in (".py", ".v", ".lock"):
            sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


def _build(source: Source, folder: Path, progress: Watch) -> None:
    """Convert in a process of its own; what fails or is stopped leaves nothing."""

    def work(watch: Watch) -> None:
        try:
            _write(source, folder, watch)
        except OSError as error:
            if error.filename:
                raise
            raise OSError(error.errno, error.strerror, f"{folder}") from None

    try:
        apart(work, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(source: Source, folder: Path, watch: Watch) -> None:
    net = source.load()
    stateless = not getattr(net, "states", ())
    graph, cost = _lower(source, net, folder, PLAIN if stateless else "network", watch)
    interface = json.loads((folder / "interface.json").read_text())
    ports = _ports(source, net, interface)
    check(source.where, source.inputs, net, graph, ports.input_scale)
    about = _about(source, interface, ports) | {"cells": cost.cells, "rams": cost.rams}
    (folder / "network_pkg.sv").write_text(package(about, source.inputs))
    files = "network_pkg.sv\n" + (folder / "sources.f").read_text()
    if stateless:
        (folder / "src" / "network.v").write_text(as_a_step(interface))
        files += "src/network.v\n"
    (folder / "sources.f").write_text(files)
    (folder / "network.core").write_text(fusesoc(source.name, files.split()))
    (folder / "model.json").write_text(json.dumps(about, indent=1) + "\n")


def _lower(
    source: Source, net: nn.Module, folder: Path, name: str, watch: Watch
) -> tuple[Any, Estimate]:
    """openrtl's graph of the network, its Verilog written; and what it was estimated to cost."""
    check_weights(source, net)
    graph = graph_of(source, net, folder, name)
    cost = estimate(graph, source.period)
    check_size(source, cost)

    def say(layer: str, done: int, total: int) -> None:
        watch(f"converting {layer}, {_about_seconds(cost)} in all", done, total)

    graph.openrtl_watch = say
    with in_one_line(source):
        graph.write()
    return graph, cost


def _about_seconds(cost: Estimate) -> str:
    return f"about {max(math.ceil(cost.seconds), 1)} s"


def _ports(source: Source, net: nn.Module, interface: dict[str, Any]) -> Signature:
    try:
        ports = signature(interface, [TABLE[index] for index in source.inputs])
    except ValueError as error:
        raise NetworkError(f"{source.where}: {error}") from None
    trained = source.trained or isinstance(net, Student)
    if trained and ports.input_scale != INPUT_SCALE:
        scales = f"n / {ports.input_scale:g}, and it was trained on n / {INPUT_SCALE:g}"
        raise NetworkError(f"{source.where}: features enter as {scales}")
    return ports


def _about(source: Source, interface: dict[str, Any], ports: Signature) -> dict[str, Any]:
    """The content of model.json. The model id covers weights, feature table and scaling."""
    scaling = (source.inputs, ports.input_fraction, ports.shifts, ports.fraction)
    identity = hashlib.sha256(repr((source.weights, table_hash(), scaling)).encode())
    return {
        "name": source.name,
        "kind": source.kind,
        "model_id": identity.hexdigest()[:16],
        "latency": interface["latency"],
        "loop": interface.get("loop", {}).get("cycles", 1),
        "recurrent": "loop" in interface,
        "inputs": [TABLE[index].name for index in source.inputs],
        "outputs": len(ports.shifts),
        "score_fraction": ports.fraction,
        "period": source.period,
        "signature": asdict(ports),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="models.deploy.convert", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", help="a kept student, a kind, or a TOML file of your own network")
    parser.add_argument("--period", type=float, help="ns that a stage may take")
    args = parser.parse_args(arguments)
    toolchain.activate()
    try:
        with watched(silent=2.0) as watch:
            network = converted(args.name, args.period, watch)
    except (NetworkError, StudentError, ToolError) as error:
        print(f"network: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("network: stopped", file=sys.stderr)
        return 130
    source, ports = network.source, network.signature
    inputs = f"{len(source.inputs)} features as n / {ports.input_scale:g}"
    print(f"{source.name}: model {network.model_id:016x}, {inputs}", file=sys.stderr)
    cycles = f"latency {network.latency} cycles, loop {network.loop}"
    print(f"{cycles}, scores in 2**-{ports.fraction} of {SCORE_W} bits", file=sys.stderr)
    print(network.folder)
    return 0


if __name__ == "__main__":
    sys.exit(ended("network", main))
