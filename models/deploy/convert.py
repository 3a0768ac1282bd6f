"""A network as the path takes it: converted, described for `hw/rtl/nn.sv`, and what it says.

    python -m models.deploy.convert NAME [--period NS]

NAME is a folder of models/trained, a kind (mlp, cnn, lstm_attn) for the default one of that kind,
or the path of a TOML file that names a network of your own:

    [model]
    file = "my_net.py"                  # relative to this file; it is run
    class = "MyNet"                     # a torch module that openrtl takes, made without arguments
    weights = "w.pt"                    # optional: a state_dict
    features = ["spread", "flow_8"]     # of docs/reference/features.md, in its order
    [training]                          # anything: for people

What is written to build/net/HASH, once: Verilog in src, the module named `network`, with the ports
of a step also where it has no state; network_pkg.sv, its constants; sources.f; model.json. A
feature's integer enters as the raw code of the module's input format, n times 2**-fraction, and
that format must hold the feature's whole range. The outputs are down, flat, up, and if there are
more the return and the volatility; they are shifted to one binary point and must fit SCORE_W bits.
Anything else is refused in one line, and so is a module whose torch arithmetic isn't that of its
conversion.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
from hwtools.once import build_once
from hwtools.toolchain import BUILD, ROOT, ToolError
from models.deploy.check import REMEDY, Integers, NetworkError, check, outputs
from models.deploy.files import PLAIN, Signature, as_a_step, package, signature
from models.deploy.source import Source, find
from models.nets.student import INPUT_SCALE, OUTPUTS, Student
from models.train.students import StudentError
from openrtl.convert import convert
from openrtl.design import states_of
from openrtl.refuse import RefusedError
from tickwire.features.table import TABLE, table_hash
from tickwire.gen.records import SCORE_W, SLOTS

NETS = BUILD / "net"
# What a conversion depends on beyond its network.
_CODE = ("sw/openrtl", "models/deploy")
_FILES = ("models/nets/student.py", "models/train/students.py", "requirements.lock")


@dataclass(frozen=True)
class Network:
    """A converted network. `sources` are in order, the package first."""

    folder: Path
    source: Source
    model_id: int
    latency: int
    loop: int
    recurrent: bool
    signature: Signature

    @property
    def sources(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in (self.folder / "sources.f").read_text().split())

    @cached_property
    def net(self) -> nn.Module:
        return self.source.load()

    def scores(self, vectors: npt.NDArray[Any], clear: npt.NDArray[np.bool_]) -> Integers:
        """Raw scores of a slot's steps in order, by torch in float64: [n, 5], 0 where it has fewer.

        `vectors` are whole feature vectors; `clear` says whose state begins anew.
        """
        made = np.zeros((len(vectors), OUTPUTS), np.int64)
        x = np.asarray(vectors, np.int64)[:, list(self.source.inputs)]
        for begin, end in self._stretches(clear):
            y = outputs(self.net, x[begin:end], self.signature.input_scale)
            codes = y * 2.0**self.signature.fraction
            made[begin:end, : codes.shape[1]] = np.rint(codes)
            assert np.array_equal(made[begin:end, : codes.shape[1]], codes)
        return made

    def _stretches(self, clear: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Of rows between which the state goes on."""
        starts = np.flatnonzero(clear).tolist() if self.recurrent else []
        edges = [0, *(start for start in starts if start), len(clear)]
        return [(a, b) for a, b in pairwise(edges) if a < b]


def converted(name: str, period: float | None = None) -> Network:
    """The network of this name, converted now unless it was before."""
    source = find(name, period)
    digest = hashlib.sha256(repr((source.weights, source.inputs, source.period)).encode())
    digest.update(table_hash().encode() + _code().encode())
    folder = NETS / digest.hexdigest()[:16]
    build_once(folder, lambda at: _write(source, at))
    told = json.loads((folder / "model.json").read_text())
    return Network(
        folder,
        source,
        int(told["model_id"], 16),
        told["latency"],
        told["loop"],
        told["recurrent"],
        Signature(**told["signature"]),
    )


def _code() -> str:
    """A hash of what converts."""
    found = hashlib.sha256()
    paths = [path for part in _CODE for path in sorted((ROOT / part).rglob("*.*"))]
    for path in [*paths, *(ROOT / name for name in _FILES)]:
        if path.suffix in (".py", ".v", ".lock"):
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _write(source: Source, folder: Path) -> None:
    net = source.load()
    states = states_of(getattr(net, "states", ()))
    shapes: list[tuple[int, ...]] = [(len(source.inputs),), *((each.size,) for each in states)]
    try:
        graph = convert(
            net,
            shapes,
            folder,
            name="network" if states else PLAIN,
            clock_period=source.period,
            tag_bits=(SLOTS - 1).bit_length(),
        )
        graph.write()
    except RefusedError:
        raise
    except Exception as error:  # hls4ml raises whatever it met
        said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise NetworkError(f"{source.name}: it doesn't convert ({said}); {REMEDY}") from None
    interface = json.loads((folder / "interface.json").read_text())
    try:
        made = signature(interface, [TABLE[index] for index in source.inputs])
    except ValueError as error:
        raise NetworkError(f"{source.name}: {error}") from None
    if isinstance(net, Student) and made.input_scale != INPUT_SCALE:
        raise NetworkError(f"{source.name}: features enter as n / {made.input_scale:g}")
    check(source.name, source.inputs, net, graph, made.input_scale)
    scaling = (source.inputs, made.input_fraction, made.shifts, made.fraction)
    identity = hashlib.sha256(repr((source.weights, table_hash(), scaling)).encode())
    loop = interface.get("loop", {}).get("cycles", 1)
    about = {
        "name": source.name,
        "kind": source.kind,
        "model_id": identity.hexdigest()[:16],
        "latency": interface["latency"],
        "loop": loop,
        "recurrent": "loop" in interface,
        "inputs": [TABLE[index].name for index in source.inputs],
        "outputs": len(made.shifts),
        "score_fraction": made.fraction,
        "period": source.period,
        "signature": asdict(made),
    }
    (folder / "network_pkg.sv").write_text(package(about, source.inputs))
    listed = (folder / "sources.f").read_text()
    if not states:
        (folder / "src" / "network.v").write_text(as_a_step(interface))
        listed += "src/network.v\n"
    (folder / "sources.f").write_text(f"network_pkg.sv\n{listed}")
    (folder / "model.json").write_text(json.dumps(about, indent=1) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.deploy.convert", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("name", help="a kept student, a kind, or a TOML file of your own network")
    parser.add_argument("--period", type=float, help="ns that a stage may take")
    told = parser.parse_args(arguments)
    toolchain.activate()
    try:
        made = converted(told.name, told.period)
    except (NetworkError, StudentError, RefusedError, ToolError) as error:
        print(f"network: {error}", file=sys.stderr)
        return 2
    width = f"{len(made.source.inputs)} features as n / {made.signature.input_scale:g}"
    print(f"{made.source.name}: model {made.model_id:016x}, {width}", file=sys.stderr)
    cycles = f"latency {made.latency} cycles, loop {made.loop}"
    print(f"{cycles}, scores in 2**-{made.signature.fraction} of {SCORE_W} bits", file=sys.stderr)
    print(made.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
