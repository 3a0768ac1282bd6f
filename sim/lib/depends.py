"""What a bench depends on beside its build: the Python that it runs, and the files that this reads.

Its Python is the bench's own file, every file of this repository that it imports, and what those
import, with the packages around them. What that Python reads can't be seen from it, so more counts
than is read: a file under hw, models, sim or sw that is no Python counts if its name stands
anywhere in that Python, be it in a comment, or if it lies in the folder of a file that says
`__file__`. A bench that would find a file in another way, by a pattern or through a table, has to
name it. What is compiled, sources and lint waivers, is in the build's own hash.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from hwtools.imports import modules, reached
from hwtools.toolchain import ROOT

DATA = ("hw", "models", "sim", "sw")


@lru_cache(maxsize=None)
def files(bench: str, root: Path = ROOT) -> tuple[Path, ...]:
    """What the bench `sim.bench` depends on; `requirements.lock` is for every other package."""
    python = [modules(root)[name] for name in reached(f"sim.{bench}", root)]
    texts = [path.read_text() for path in python]
    words = {word for text in texts for word in re.findall(r"[\w.-]+", text)}
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
def _data(root: Path) -> tuple[Path, ...]:
    every = (path for folder in DATA for path in sorted((root / folder).rglob("*")))
    return tuple(
        path
        for path in every
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    )
