"""`tickwire sim`, `make sim`: the whole path, frames in and signals out, against the host's replay.

The network is converted by hls4ml (`models.deploy.convert`), the core is Verilated around it, and a
slice of a day goes through at line rate. What must come out is computed and hashed first; then each
row of every level is compared. Exit 1 where it differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hwtools.command import ended
from models.deploy.names import locate
from models.nets.own import own
from sim.run_path.options import parser, plan
from sim.run_path.plan import check_day
from tickwire.risk.limits import load


def main(arguments: Sequence[str] | None = None) -> int:
    args = parser(__doc__ or "").parse_args(arguments)

    def work() -> int:
        """What is wrong is said before anything heavy is imported."""
        asked = plan(args)
        check_day(asked.data, asked.symbols, asked.feeds, asked.trust, bool(asked.window),
                  asked.events, asked.at)  # fmt: skip
        if asked.limits is not None:
            load(asked.limits)
        place = locate(asked.model)
        if place.suffix == ".toml":
            own(place)
        from sim.run_path.command import run

        return run(asked, args.json)

    stopped = "stopped; finished builds are kept"
    return ended("sim", work, ValueError, NotImplementedError, stopped=stopped)


if __name__ == "__main__":
    sys.exit(main())
