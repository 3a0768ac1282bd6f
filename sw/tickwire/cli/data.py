"""`tickwire data …`: its errors in one line. What each does stands in tickwire.data.commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hwtools.command import ended


def main(arguments: Sequence[str]) -> int:
    import typer
    from typer._click.exceptions import ClickException, NoArgsIsHelpError

    from tickwire.data import commands

    app = typer.Typer(add_completion=False)
    app.add_typer(commands.app, name="data")

    def work() -> int:
        try:
            code = app(["data", *arguments], prog_name="tickwire", standalone_mode=False)
        except NoArgsIsHelpError as error:
            error.show()
            return 2
        except ClickException as error:
            message = error.format_message().rstrip(".")
            raise ValueError(f"data: {message}; see tickwire data --help") from None
        return int(code or 0)

    return ended("tickwire", work, ValueError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
