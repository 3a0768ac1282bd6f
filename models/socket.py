"""A network as the path takes it: converted, described for `hw/rtl/nn.sv`, and what it says.

    python -m models.socket NAME [--period NS]

NAME is a folder of models/trained, a kind (mlp, cnn, lstm_attn) for the default one of that kind,
or the path of a TOML file that names a network of your own:

    [model]
    file = "my_net.py"                  # relative to this file; it is run
    class = "MyNet"                     # a torch module that openrtl takes, made without arguments
    weights = "w.pt"                    # optional: a state_dict
    features = ["spread", "flow_8"]     # of docs/reference/features.md, in the order of the module's input
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
import importlib.util
import json
import math
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from hwtools import toolchain
from hwtools.once import build_once
from hwtools.toolchain import BUILD, ROOT, ToolError
from models import students
from models.nets import INPUT_SCALE, INPUTS, KINDS, OUTPUTS, Student
from models.socket_files import PLAIN, Signature, as_a_step, package, signature
from models.stream import exact_outputs
from models.students import TRAINED, StudentError
from openrtl.convert import convert
from openrtl.design import states_of
from openrtl.refuse import RefusedError
from tickwire.features.table import TABLE, TOP, table_hash
from tickwire.gen.records import SCORE_W, SLOTS

NETS = BUILD / "net"
DEFAULT_HORIZON = "amzn_50"
PERIOD = 8.0
# A stage less than 8 ns would give: its bound in cycles is that short.
PERIODS = {"cnn": 8.2}
LEAST_PERIOD = 1.0  # ns; no part is faster
CHECKED = 500  # vectors on which torch and the conversion are compared
_BUILD = "build it of openrtl.torch's layers, with as many inputs as features"
_NAMES = {feature.name: index for index, feature in enumerate(TABLE)}
_CODE = ("sw/openrtl",)
_FILES = ("models/nets.py", "models/students.py", "models/socket.py",
          "models/socket_files.py", "requirements.lock")  # fmt: skip

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class SocketError(ValueError):
    """A network that the path can't take. The message is one line."""


@dataclass(frozen=True)
class Source:
    """Where a network comes from; `load` gives it with its weights, in float64."""

    name: str
    kind: str
    weights: str  # a digest of all that it computes with
    inputs: tuple[int, ...]  # features, by their place in the table
    period: float
    load: Callable[[], nn.Module]


@dataclass(frozen=True)
class Socket:
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
            y = _outputs(self.net, x[begin:end], self.signature.input_scale)
            codes = y * 2.0**self.signature.fraction
            made[begin:end, : codes.shape[1]] = np.rint(codes)
            assert np.array_equal(made[begin:end, : codes.shape[1]], codes)
        return made

    def _stretches(self, clear: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Of rows between which the state goes on."""
        starts = np.flatnonzero(clear).tolist() if self.recurrent else []
        edges = [0, *(start for start in starts if start), len(clear)]
        return [(a, b) for a, b in pairwise(edges) if a < b]


def _outputs(net: nn.Module, x: Integers, scale: float) -> Floats:
    """What a network says of a stream of its inputs' integers, from empty states on."""
    if isinstance(net, Student):
        return exact_outputs(net, x)
    given = torch.as_tensor(x / scale)
    states = states_of(getattr(net, "states", ()))
    with torch.no_grad():
        if not states:
            return np.asarray(net(given).numpy())
        kept = [torch.zeros(1, state.size, dtype=torch.float64) for state in states]
        width, made = sum(state.size for state in states), []
        for row in given:
            whole = net(row[None], *kept)
            kept = [whole[:, state.start : state.start + state.size] for state in states]
            made.append(whole[0, width:].numpy())
    return np.stack(made)


# -- Where a network comes from --------------------------------------------------------------------


def find(name: str, period: float | None = None) -> Source:
    """By the name of a kept student, a kind, or a TOML file of a network of one's own."""
    if name.endswith(".toml"):
        return _own(Path(name), period)
    folder = TRAINED / (f"{name}_{DEFAULT_HORIZON}" if name in KINDS else name)
    if not (folder / students.FILE).exists():
        kept = ", ".join(sorted(path.name for path in TRAINED.iterdir()))
        raise SocketError(f"no network {name!r}: a TOML file, one of {', '.join(KINDS)}, or {kept}")
    _, told = students.load(folder)
    kind = str(told["net"]["kind"])
    weights = hashlib.sha256(repr((told["digest"], sorted(told["net"].items()))).encode())

    def load() -> nn.Module:
        return students.load(folder)[0].double().eval()

    every = tuple(range(INPUTS))
    ns = period or PERIODS.get(kind, PERIOD)
    return Source(folder.name, kind, weights.hexdigest(), every, ns, load)


def _own(path: Path, period: float | None) -> Source:
    try:
        told = tomllib.loads(path.read_text())
        model = told["model"]
        unknown = [*(set(told) - {"model", "training"})]
        unknown += set(model) - {"file", "class", "weights", "features", "period"}
        if unknown:
            raise SocketError(f"{path}: {sorted(unknown)[0]!r} isn't known here")
        name, features = model["class"], model["features"]
        if not isinstance(name, str) or not isinstance(features, list):
            raise SocketError(f"{path}: class is a name, features a list of names")
        file = path.parent / model["file"]
        text = file.read_bytes()
        weights = path.parent / model["weights"] if "weights" in model else None
        ns = period or float(model.get("period", PERIOD))
    except OSError as error:
        raise SocketError(f"{error.filename}: {error.strerror}") from None
    except KeyError as error:
        missing = "no [model]" if error.args[0] == "model" else f"no {error.args[0]!r} in [model]"
        raise SocketError(f"{path}: it has {missing}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError, ValueError) as error:
        raise SocketError(f"{path}: {str(error).splitlines()[0]}") from None
    if not LEAST_PERIOD <= ns < math.inf:
        raise SocketError(f"{path}: period is {ns:g} ns; at least {LEAST_PERIOD:g}")
    unnamed = [feature for feature in features if feature not in _NAMES]
    if unnamed:
        raise SocketError(
            f"{path}: there is no feature {unnamed[0]!r}; see docs/reference/features.md"
        )
    inputs = tuple(_NAMES[feature] for feature in features)
    if not inputs or list(inputs) != sorted(set(inputs)):
        raise SocketError(f"{path}: features are named once each, in the order of the table")
    net = _module(path, file, name, weights)
    digest = hashlib.sha256(name.encode() + b"\0" + text + b"\0" + _identity(net, inputs))
    return Source(f"{path.stem}.{name}", "own", digest.hexdigest(), inputs, ns, lambda: net)


def _module(path: Path, file: Path, name: str, weights: Path | None) -> nn.Module:
    """Run the user's file and make the module, once: it may be another the next time."""
    at = file.name
    try:
        spec = importlib.util.spec_from_file_location(f"tickwire_own_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        code = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(code)
        made = getattr(code, name)()
        if not isinstance(made, nn.Module):
            raise TypeError(f"{name} isn't a torch module")
        if weights:
            at = weights.name
            made.load_state_dict(torch.load(weights, weights_only=True))
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise SocketError(f"{path}: {at}: {said}") from None
    return made.double().eval()


def _identity(net: nn.Module, inputs: tuple[int, ...]) -> bytes:
    """What a module is beyond its text: its numbers and what it says, wherever they come from."""
    found = hashlib.sha256()
    for name, value in net.state_dict().items():
        numbers = value.detach().cpu().contiguous().numpy()
        found.update(f"{name} {numbers.dtype} {numbers.shape}\n".encode() + numbers.tobytes())
    lows = np.array([TABLE[index].low for index in inputs])
    given = np.random.default_rng(2).integers(lows, TOP + 1, (CHECKED, len(lows)))
    try:
        found.update(np.ascontiguousarray(_outputs(net, given, INPUT_SCALE)).tobytes())
    except Exception as error:  # it won't convert either, which says why
        found.update(type(error).__name__.encode())
    return found.digest()


# -- Conversion ------------------------------------------------------------------------------------


def socket(name: str, period: float | None = None) -> Socket:
    """The network of this name, converted now unless it was before."""
    source = find(name, period)
    digest = hashlib.sha256(repr((source.weights, source.inputs, source.period)).encode())
    digest.update(table_hash().encode() + _code().encode())
    folder = NETS / digest.hexdigest()[:16]
    build_once(folder, lambda at: _write(source, at))
    told = json.loads((folder / "model.json").read_text())
    return Socket(
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
        raise SocketError(f"{source.name}: it doesn't convert ({said}); {_BUILD}") from None
    interface = json.loads((folder / "interface.json").read_text())
    try:
        made = signature(interface, [TABLE[index] for index in source.inputs])
    except ValueError as error:
        raise SocketError(f"{source.name}: {error}") from None
    if isinstance(net, Student) and made.input_scale != INPUT_SCALE:
        raise SocketError(f"{source.name}: features enter as n / {made.input_scale:g}")
    _check(source, net, graph, made.input_scale)
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


def _check(source: Source, net: nn.Module, graph: Any, scale: float) -> None:
    """Torch against the integers that the Verilog was made of, on vectors at random."""
    rng, lowered = np.random.default_rng(1), graph.openrtl
    lows = np.array([TABLE[index].low for index in source.inputs])
    given = [rng.integers(lows, TOP + 1, (CHECKED, len(lows))) / scale]
    for port in lowered.inputs[1:]:
        form = port.form
        codes = rng.integers(form.low / form.step, form.high / form.step + 1, (CHECKED, port.size))
        given.append(codes * form.step)
    with torch.no_grad():
        want = net(*map(torch.as_tensor, given)).numpy()
    got = lowered.evaluate(lowered.quantise_inputs(given))
    wrong = int((want != got).any(axis=1).sum())
    if wrong:
        raise SocketError(
            f"{source.name}: torch and its conversion differ on {wrong} of {CHECKED} vectors; "
            f"{_BUILD}"
        )
    width = graph.openrtl_design.out_forms
    if (want[:, -len(width) :] == want[0, -len(width) :]).all():
        raise SocketError(f"{source.name}: it says the same of {CHECKED} vectors")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.socket", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("name", help="a kept student, a kind, or a TOML file of your own network")
    parser.add_argument("--period", type=float, help="ns that a stage may take")
    told = parser.parse_args(arguments)
    toolchain.activate()
    try:
        made = socket(told.name, told.period)
    except (SocketError, StudentError, RefusedError, ToolError) as error:
        print(f"socket: {error}", file=sys.stderr)
        return 2
    width = f"{len(made.source.inputs)} features as n / {made.signature.input_scale:g}"
    print(f"{made.source.name}: model {made.model_id:016x}, {width}", file=sys.stderr)
    cycles = f"latency {made.latency} cycles, loop {made.loop}"
    print(f"{cycles}, scores in 2**-{made.signature.fraction} of {SCORE_W} bits", file=sys.stderr)
    print(made.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
