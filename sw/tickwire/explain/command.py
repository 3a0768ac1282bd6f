"""`tickwire explain N`: what became of one message of the last `make sim`, stage by stage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tickwire.explain import last_run
from tickwire.explain.message import explain
from tickwire.explain.text import show


def command(
    message: Annotated[int, typer.Argument(help="sequence number, as the feed counts")],
    as_json: Annotated[bool, typer.Option("--json", help="print it as JSON")] = False,
    folder: Annotated[Path, typer.Option(help="what make sim left")] = last_run.FOLDER,
) -> None:
    """What became of one message of the last `make sim`, stage by stage."""
    values = explain(last_run.read(folder), message)
    if as_json:
        print(json.dumps(values))
    else:
        show(values, Console())
