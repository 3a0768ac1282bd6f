"""How far a command is, on standard error: a bar in a terminal, else a line for each step."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Watch = Callable[[str, int, int], None]  # what is done, how much of it, of how much

_BEAT = 10.0  # s between two lines of one step


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def progress_bar() -> Progress:
    """A bar where there is a terminal, gone when it is done; else nothing."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def watched(silent: float = 0.0) -> Iterator[Watch]:
    """For work that tells what it does, how much of it is done, and of how much. Where there is no
    terminal, nothing is said in the first `silent` seconds: most end sooner, or in one line."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(silent)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        yield watch


def _lines(silent: float, clock: Callable[[], float] = time.monotonic) -> Watch:
    """A line as a step begins, which its first word tells, and every few seconds that it takes."""
    begun, said, start = set[str](), 0.0, clock()

    def watch(what: str, done: int, total: int) -> None:
        nonlocal said
        step, now = what.partition(" ")[0], clock()
        if (step in begun and now - said < _BEAT) or now - start < silent:
            return
        far = f": {done:,} of {total:,}" if total and done else ""
        print(f"{what}{far}", file=sys.stderr, flush=True)
        begun.add(step)
        said = now

    return watch
