"""Which modules of this repository a file of it imports, and which it reaches by imports."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from pathlib import Path

from hwtools.toolchain import ROOT

# Where each package lies.
PACKAGES = {
    "hwtools": "sw", "openrtl": "sw", "tickwire": "sw", "models": "", "sim": "", "tests": "",
}  # fmt: skip


@lru_cache(maxsize=None)
def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every file of Python by the name under which it is imported."""
    paths = {}
    for package, folder in PACKAGES.items():
        for path in sorted((root / folder / package).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


@lru_cache(maxsize=None)
def imports(name: str, root: Path = ROOT) -> frozenset[str]:
    """What a module imports of this repository, wherever in it. `from a import b` is a.b if that is
    a module, else a. What isn't there is in it too."""
    known = modules(root)
    names = set()
    for node in ast.walk(ast.parse(known[name].read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.level:
                raise ValueError(f"{known[name]}:{node.lineno}: a relative import isn't followed")
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                names.add(full if full in known else node.module)
    return frozenset(each for each in names if each.partition(".")[0] in PACKAGES)


@lru_cache(maxsize=None)
def installed(name: str, root: Path = ROOT) -> frozenset[str]:
    """The packages of others that a module imports, by the name of their folder."""
    names = set()
    for node in ast.walk(ast.parse(modules(root)[name].read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return frozenset(names - set(PACKAGES) - sys.stdlib_module_names)


def reached(name: str, root: Path = ROOT) -> frozenset[str]:
    """A module, what it imports, what that imports, and the packages around each."""
    known, names, waiting = modules(root), set[str](), [name]
    while waiting:
        each = waiting.pop()
        if each in names or each not in known:
            continue
        names.add(each)
        waiting += [*imports(each, root), *filter(None, [each.rpartition(".")[0]])]
    return frozenset(names)
