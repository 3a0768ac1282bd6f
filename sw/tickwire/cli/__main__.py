"""`tickwire`: what people type. Nothing is imported but the command that is asked for."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence

from hwtools.command import ended
from tickwire.cli import completion

# A command, the module that has it, and what `tickwire --help` says. Those outside of tickwire are
# found by name, for nothing here imports them: Python runs them, and this process becomes theirs.
COMMANDS = {
    "sim": ("sim.run_path", "The whole path, frames to orders, in RTL against the host."),
    "explain": ("tickwire.explain.command", "What became of a message of the last run."),
    "signals": ("tickwire.explain.signals", "The last run's signals, as CSV or Parquet."),
    "orders": ("tickwire.explain.orders", "Its intended orders, and what became of them."),
    "model": ("models.deploy", "Networks: check one of your own, list those there are, show one."),
    "train": ("models.train", "Train a student, or a network of your own."),
    "evaluate": ("models.score evaluate", "Score baselines and models on days of events."),
    "data": ("tickwire.cli.data", "Market data to one event format (Parquet)."),
    "decode": ("tickwire.cli.decode", "A capture through the RTL, a line a message."),
    "rerequest": (
        "tickwire.cli.rerequest",
        "What a capture lacks, asked for again; a server that answers.",
    ),
    "exact": ("tickwire.cli.exact", "A LOBSTER day through the RTL, row by row."),
}
_USAGE = "usage: tickwire [--version] [--completion bash|zsh|fish] COMMAND …"


def text() -> str:
    """What --help prints."""
    wide = max(map(len, COMMANDS))
    lines = [f"  {name:{wide}}  {says}" for name, (_, says) in COMMANDS.items()]
    about = "From a PyTorch model to a tick-to-trade FPGA: the host's commands."
    more = (
        "Options of each, with units and defaults: tickwire COMMAND --help. Completion in bash:\n"
    )
    more += 'eval "$(tickwire --completion bash)"'
    return "\n".join([_USAGE, "", about, "", *lines, "", more])


def run(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(text())
        return 0 if arguments else 2
    name, *rest = arguments
    if name == "--version":
        print(f"tickwire {importlib.metadata.version('tickwire')}")
        return 0
    if name == "--completion":
        print(completion.script(rest[0] if rest else "", list(COMMANDS)))
        return 0
    if name not in COMMANDS:
        raise ValueError(f"no command {name!r}; there are {', '.join(COMMANDS)}")
    module = COMMANDS[name][0]
    if not module.startswith("tickwire."):
        os.execv(sys.executable, [sys.executable, "-m", *module.split(), *rest])
    return int(importlib.import_module(module).main(rest))


def main() -> None:
    sys.exit(ended("tickwire", lambda: run(sys.argv[1:]), ValueError))


if __name__ == "__main__":
    main()
