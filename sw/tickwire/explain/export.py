"""A table of the last run, written for other tools: what `tickwire signals` and `orders` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwtools.command import Parser, ended
from hwtools.rename import by_rename
from tickwire.explain.command import add_folder

if TYPE_CHECKING:
    from tickwire.explain.last_run import LastRun

KINDS = (".csv", ".parquet")
Columns = Mapping[str, Sequence[Any]]


def write(table: Columns, out: Path) -> None:
    with by_rename(out) as part:
        if out.suffix == ".parquet":
            import pyarrow
            import pyarrow.parquet

            pyarrow.parquet.write_table(pyarrow.table(dict(table)), part)
        else:
            import csv

            with part.open("w", newline="") as file:
                lines = csv.writer(file, lineterminator="\n")
                lines.writerow(table)
                lines.writerows(zip(*table.values(), strict=True))


def export(
    command: str,
    about: str | None,
    columns: Callable[[LastRun], Columns],
    rows: str,
    arguments: Sequence[str] | None,
) -> int:
    """A command that writes these columns to a file; `rows` is what a row is called."""
    parser = Parser(prog=f"tickwire {command}", description=about)
    parser.add_argument("out", type=Path, metavar="FILE", help=f"ends in {' or '.join(KINDS)}")
    add_folder(parser)
    args = parser.parse_args(arguments)

    def work() -> int:
        if args.out.suffix not in KINDS:
            raise ValueError(f"{args.out}: write to a name that ends in {' or '.join(KINDS)}")
        from tickwire.explain import last_run

        run = last_run.read(args.folder or last_run.FOLDER)
        table = columns(run)
        write(table, args.out)
        print(f"{args.out}: {len(table['symbol']):,} {rows} of {run.about.day}, {run.about.model}")
        return 0

    return ended(command, work, ValueError)
