"""`make doctor`: lists every tool with its version and origin, and what is missing.

It needs the standard library only: the machine's own Python runs it before `.venv` exists.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shutil
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python can run this far
    version = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"lacking: Python 3.11 or later (this is {version}): make PYTHON=python3.12 …")

from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hwtools import toolchain

PREREQUISITES = ("git", "make", "perl", "c++")
LIBRARIES = ("torch", "hls4ml", "alkaid", "cocotb", "numpy", "numba", "pyserial", "pytest")
ROOM = 4  # GB, of .venv and of what is built
CURES = {"c++": "a C++ compiler, g++ or clang++", "venv": "Python's venv module (python3-venv)"}


def lacking_prerequisites() -> list[str]:
    """What must be installed on the machine before `make setup`, and isn't."""
    lacking = [CURES.get(name, name) for name in PREREQUISITES if not toolchain.find(name)]
    if importlib.util.find_spec("ensurepip") is None:
        lacking.append(CURES["venv"])
    try:
        toolchain.check_path(toolchain.ROOT)
    except toolchain.ToolError as error:
        lacking.append(f"another folder ({error})")
    free = shutil.disk_usage(toolchain.ROOT).free / 1e9
    if free < ROOM and sys.prefix == sys.base_prefix:
        lacking.append(f"{ROOM} GB of disk ({free:.1f} are free)")
    return lacking


def rows() -> list[dict[str, object]]:
    """A row for each tool and each library."""
    table: list[dict[str, object]] = [
        {"name": "python", "version": sys.version.split()[0], "source": sys.executable, "for": ""}
    ]
    for spec in toolchain.SPECS:
        tool = toolchain.find(spec.name)
        source = tool.source or ("lacking" if spec.required else "none (optional)")
        table.append(
            {"name": spec.name, "version": tool.version, "source": source, "for": spec.purpose}
        )
    for name in LIBRARIES:
        try:
            version, source = importlib.metadata.version(name), "PyPI"
        except importlib.metadata.PackageNotFoundError:
            version, source = "", "lacking"
        table.append({"name": name, "version": version, "source": source, "for": "library"})
    return table


def main(argv: list[str]) -> int:
    missing = lacking_prerequisites()
    if "--prerequisites" in argv:
        if missing:
            print(f"lacking: {', '.join(missing)}", file=sys.stderr)
        return 1 if missing else 0
    table = rows()
    if "--json" in argv:
        print(json.dumps(table, indent=1))
    else:
        for row in table:
            print(f"{row['name']:<23} {row['version']:<22} {row['source']:<16} {row['for']}")
    lacking = missing or [str(row["name"]) for row in table if row["source"] == "lacking"]
    if not missing and sys.prefix == sys.base_prefix:
        print("nothing is installed yet: make setup", file=sys.stderr)
    elif lacking:
        print(f"lacking: {', '.join(lacking)}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
