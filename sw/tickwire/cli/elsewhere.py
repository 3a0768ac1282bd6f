"""Commands of `tickwire` that live outside of sw: nothing here imports them.

They are found by name, as modules that Python runs; this process becomes theirs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer

# A command, the module that is run for it, and what `tickwire --help` says of it.
COMMANDS = {
    "model": ("models.deploy", "Networks: check one of your own, list those there are, show one."),
}


def add(app: typer.Typer) -> None:
    """Each of them as a command that passes all that follows its name on."""
    settings = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
    for name, (module, says) in COMMANDS.items():
        app.command(name, help=says, context_settings=settings)(_runs(module))


def _runs(module: str) -> Callable[[typer.Context], None]:
    def command(context: typer.Context) -> None:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", module, *context.args])

    return command
