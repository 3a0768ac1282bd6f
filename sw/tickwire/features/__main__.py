"""`python -m tickwire.features` writes what is made from the table; `--check` compares."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hwtools.command import Parser, ended
from hwtools.generate.files import drift, write
from hwtools.toolchain import ROOT
from tickwire.features.package import package
from tickwire.features.page import page


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="tickwire.features", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree that holds the files")
    args = parser.parse_args(arguments)
    texts = {"docs/reference/features.md": page(), "hw/gen/feature_table_pkg.sv": package()}
    if args.check:
        report = drift(texts, args.root)
        print("\n\n".join(report) or f"{' and '.join(texts)} are what the table makes")
        return bool(report)
    print("\n".join(f"wrote {name}" for name in write(texts, args.root)) or "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(ended("features", main))
