"""`python -m models.score evaluate|cards …`: their options are read before anything is imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hwtools.command import ended
from models.score import options


def main(arguments: Sequence[str] | None = None) -> int:
    name, *rest = sys.argv[1:] if arguments is None else arguments
    args = (options.of_evaluate() if name == "evaluate" else options.of_cards()).parse_args(rest)

    def work() -> int:
        options.check(args)
        if name == "evaluate":
            from models.score import evaluate

            return evaluate.run(args)
        from models.score import card

        return card.run(args)

    stopped = "stopped; finished searches are kept" if name == "evaluate" else "stopped"
    return ended(name, work, ValueError, stopped=stopped)


if __name__ == "__main__":
    sys.exit(main())
