"""`make train`: trains a student, or a network of one's own, on a day of events.

The same seed and machine give the same integers. A checkpoint is written after each epoch: Ctrl-C
loses one epoch at most, and the same command goes on from there to the same result. Other options
train in a folder beside it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hwtools.command import ended
from hwtools.toolchain import BUILD
from models.train.options import check, name_of, parser


def main(arguments: Sequence[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    folder = args.out or BUILD / "training" / name_of(args)

    def work() -> int:
        check(args)
        from models.train.command import run

        figures, repeats = run(args, folder)
        lines = (f"{key}: {value}" for key, value in figures.items())
        print(json.dumps(figures) if args.json else "\n".join(lines))
        if figures["weights_file"] and not args.json:
            kept = os.path.relpath(args.keep or Path(figures["weights_file"]).parent)
            print(f"on the path: make sim MODEL={kept}")
        return 0 if repeats else 1

    goes_on = f"stopped; the same command goes on from {folder}"
    return ended("train", work, ValueError, stopped=goes_on)


if __name__ == "__main__":
    sys.exit(main())
