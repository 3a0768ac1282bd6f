"""Which line of the user's own code an error comes from."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Iterable
from pathlib import Path

_OURS = Path(__file__).resolve().parent
_LIBRARIES = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))


def place(error: BaseException, folder: Path | None = None) -> str:
    """`file.py:12`, the innermost line of the user's code that the error passed; "" if none."""
    if isinstance(error, SyntaxError) and error.filename:
        return _named(error.filename, error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    return innermost(((frame.filename, frame.lineno) for frame in frames), folder)


def innermost(frames: Iterable[tuple[str, int | None]], folder: Path | None = None) -> str:
    """The last of these frames that is the user's: within `folder`, or of no library."""
    at = ""
    for file, line in frames:
        path = Path(file)
        if not path.is_absolute() or path.is_relative_to(_OURS):
            continue
        own = folder is not None and path.is_relative_to(folder)
        if own or (folder is None and not any(path.is_relative_to(each) for each in _LIBRARIES)):
            at = _named(file, line)
    return at


def said(error: BaseException) -> str:
    """What an error says, as one line."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _named(file: str, line: int | None) -> str:
    return f"{Path(file).name}:{line}"
