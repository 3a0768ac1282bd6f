"""What every command shares: how it reads its options, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from hwtools.toolchain import ToolError

# What --trust-from-here does, in every command that has it.
TRUST = "believe the books of a capture that begins within a session, too"
STOPPED = 130  # what a shell expects of Ctrl-C
CLOSED = 141  # and of a pipe that nobody reads


class _Help(argparse.RawDescriptionHelpFormatter):
    """Each option with its default."""

    def _get_help_string(self, action: argparse.Action) -> str:
        text = action.help or ""
        given = action.default
        silent = given is None or given is False or given in ([], argparse.SUPPRESS)
        if not action.option_strings or silent or "default" in text:
            return text
        return f"{text}; default: %(default)s" if text else "default: %(default)s"


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, and of each option its default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", _Help)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        made = self.prog.startswith("make ")
        name = self.prog.split()[1] if made or self.prog.startswith("tickwire ") else self.prog
        asks = "ARGS=--help" if made else "--help"
        self.exit(2, f"{name}: {' '.join(message.split())}; see {self.prog} {asks}\n")


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """A whole number of this range, as an option has it."""
    span = f"a whole number, {least} to {most}" if most is not None else (
        "a whole number above 0" if least == 1 else f"a whole number, {least} or more"
    )  # fmt: skip

    def number(text: str) -> int:
        digits = text.isascii() and text.isdecimal() and len(text) < 19
        if not digits or int(text) < least or (most is not None and int(text) > most):
            raise argparse.ArgumentTypeError(f"{text!r}: {span}")
        return int(text)

    return number


def one_line(error: BaseException) -> str:
    """What an error says to a user; of the file system with the file."""
    if not isinstance(error, OSError):
        return f"{error}"
    if not error.strerror:  # numpy's, of a file that it couldn't write whole
        return f"writing failed; is the disk full? ({error})"
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def ended(
    name: str,
    work: Callable[[], int],
    *errors: type[Exception],
    stopped: str = "stopped",
) -> int:
    """Run a command to its exit code. What a user can cause (`errors`, a tool's, and all that the
    file system refuses) ends in one line and 2, Ctrl-C in 130."""
    caught: tuple[type[Exception], ...] = (OSError, ToolError, *errors)
    try:
        code = int(work())
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # of `| head`: nobody reads on
        _discard_output()
        return CLOSED
    except caught as error:
        _discard_output()
        print(f"{name}: {one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{name}: {stopped}", file=sys.stderr)
        return STOPPED


def _discard_output() -> None:
    """Send nowhere what standard output no longer takes, so that Python doesn't try at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
