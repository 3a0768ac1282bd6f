"""What a bench depends on beside its build: the Python that it runs, and the files that this reads.

Its Python is the bench's own file, every file of this repository that it imports, and what those
import, with the packages around them. What that Python reads can't be seen from it, so more counts
than is read: a file under hw, models, sim or sw that is no Python counts if its name stands
anywhere in that Python, be it in a comment, or if it lies in the folder of a file that says
`__file__`. A bench that would find a file in another way, by a pattern or through a table, has to
name it. What is compiled, sources and lint waivers, is in the build's own hash.

It also depends on what is installed and on what is set: the packages that it imports, of which a
library's model may be the judge, file by file, since one may be edited or exchanged whatever the
lock file says; the version of every other one; and each variable of the environment that Python,
cocotb or the simulator takes, or whose name stands in the bench's Python.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
from functools import lru_cache
from pathlib import Path

from hwtools.imports import installed, modules, reached
from hwtools.toolchain import ROOT

DATA = ("hw", "models", "sim", "sw")
TAKEN = re.compile(r"(COCOTB|GPI|PYGPI|VERILATOR|PYTHON|NUMBA|NPY|LD)_?[A-Z_]*")
# Of which runner.py keeps account by itself; which it sets, and where a tool lies, which its
# version tells; which says nothing.
APART = {
    "COCOTB_RANDOM_SEED", "SEED", "FRESH", "WAVES", "JOBS", "PATH", "VERILATOR_ROOT", "MAKEFLAGS",
    "OBJCACHE", "CCACHE_DIR", "CCACHE_SLOPPINESS", "_",
}  # fmt: skip


@lru_cache(maxsize=None)
def files(bench: str, root: Path = ROOT) -> tuple[Path, ...]:
    """What the bench `sim.bench` depends on; `requirements.lock` is for every other package."""
    python = [modules(root)[name] for name in reached(f"sim.{bench}", root)]
    texts = [path.read_text() for path in python]
    words = _words(bench, root)
    folders = {path.parent for path, text in zip(python, texts, strict=True) if "__file__" in text}
    data = [path for path in _data(root) if path.name in words or path.parent in folders]
    return tuple(sorted([*python, *data, root / "requirements.lock"]))


@lru_cache(maxsize=None)
def digest(bench: str, root: Path = ROOT) -> str:
    """A hash of those files, by name and content."""
    whole = hashlib.sha256()
    for path in files(bench, root):
        whole.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@lru_cache(maxsize=None)
def packages(bench: str, root: Path = ROOT) -> str:
    """A hash of what is installed: each package that the bench imports, by the place, size and time
    of its files, and the others by their versions."""
    whole = hashlib.sha256()
    for name in sorted(set().union(*(installed(each, root) for each in _python(bench, root)))):
        whole.update(_installed(name).encode())
    found = importlib.metadata.distributions()
    whole.update(repr(sorted({f"{each.name} {each.version}" for each in found})).encode())
    return whole.hexdigest()


@lru_cache(maxsize=None)
def _installed(name: str) -> str:
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if spec and spec.origin and not places:
        places = [spec.origin]
    stats = []
    for place in map(Path, places):
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                about = path.stat()
                stats.append((str(path), about.st_size, about.st_mtime_ns))
    return hashlib.sha256(repr((name, stats)).encode()).hexdigest()


def environment(bench: str, root: Path = ROOT) -> list[tuple[str, str]]:
    """The variables that could change what the bench does, with what they are set to."""
    words = _words(bench, root)
    names = [name for name in os.environ if TAKEN.fullmatch(name) or name in words]
    return [(name, os.environ[name]) for name in sorted(names) if name not in APART]


def _python(bench: str, root: Path) -> frozenset[str]:
    return frozenset(name for name in reached(f"sim.{bench}", root) if name in modules(root))


@lru_cache(maxsize=None)
def _words(bench: str, root: Path) -> frozenset[str]:
    """Every word of the bench's Python."""
    texts = (modules(root)[name].read_text() for name in _python(bench, root))
    return frozenset(word for text in texts for word in re.findall(r"[\w.-]+", text))


@lru_cache(maxsize=None)
def _data(root: Path) -> tuple[Path, ...]:
    every = (path for folder in DATA for path in sorted((root / folder).rglob("*")))
    return tuple(
        path
        for path in every
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    )
