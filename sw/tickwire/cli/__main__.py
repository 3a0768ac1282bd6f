"""`tickwire`: what people type. Each group of commands stands in a file of its own."""

from __future__ import annotations

import sys

import typer

from tickwire.cli import elsewhere
from tickwire.data import commands as data
from tickwire.explain.command import command as explain
from tickwire.explain.last_run import LastRunError
from tickwire.explain.message import ExplainError

app = typer.Typer(
    name="tickwire",
    help="From a PyTorch model to a tick-to-trade FPGA: the host's commands.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(data.app, name="data")
app.command("explain")(explain)
_AS_IT_IS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
elsewhere.add(app)


@app.command(context_settings=_AS_IT_IS)
def decode(context: typer.Context) -> None:
    """A capture's messages, a line each; ITCH through the RTL. Fails where something was lost."""
    from tickwire.cli import decode as command

    sys.exit(command.main(context.args))


# What a user can cause ends in one line, without a traceback.
ERRORS = (data.DataError, ExplainError, LastRunError)


def main() -> None:
    try:
        app(prog_name="tickwire")
    except ERRORS as error:
        print(f"tickwire: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("tickwire: stopped", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
