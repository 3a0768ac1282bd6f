"""numba's compiler, with types that mypy follows. Machine code is cached beside the source.

numba compiles anew when a function's own file changes. But machine code also holds the functions
that it calls in other files, and the constants that they import. Here it is compiled anew when any
of those changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core import event

from hwtools.progress import Watch

_P = ParamSpec("_P")
_R = TypeVar("_R")
_STAMPS: dict[str, str] = {}  # module that has compiled functions: hash of its sources


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """`function` as machine code, without Python objects. Integers wrap as numpy's do."""
    return _cached(function)


def bare(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same for small functions that pass many arrays to each other and allocate none.

    numba counts references each time an array is passed, which can take nine tenths of the time of
    such functions. Here nothing is counted, because the caller holds every array; and calls are
    inlined.
    """
    return _cached(function, forceinline=True, _nrt=False)


@contextmanager
def said(watch: Watch) -> Iterator[Watch]:
    """`watch`, told too when numba compiles: that takes seconds a function, and comes once."""
    last: tuple[str, int, int] = ("", 0, 0)

    def passed(what: str, done: int, total: int) -> None:
        nonlocal last
        last = what, done, total
        watch(what, done, total)

    class Listener(event.Listener):
        depth = 0

        def on_start(self, started: Any) -> None:
            self.depth += 1
            name = started.data["dispatcher"].py_func.__name__
            watch(f"compiling {name}: numba, once, a minute in all", 0, 0)

        def on_end(self, _: Any) -> None:
            self.depth -= 1
            if not self.depth:
                watch(*last)

    with event.install_listener("numba:compile", Listener()):
        yield passed


def _cached(function: Callable[_P, _R], **options: Any) -> Callable[_P, _R]:
    dispatcher = numba.njit(cache=True, **options)(function)
    if hasattr(dispatcher, "_cache"):  # not under NUMBA_DISABLE_JIT
        dispatcher._cache._cache_file._source_stamp = _stamp(function)
    return cast(Callable[_P, _R], dispatcher)


def _stamp(function: Callable[..., Any]) -> str:
    """A hash of the function's file, of the constants there, and of the modules that it calls."""
    sources = hashlib.sha256(Path(function.__code__.co_filename).read_bytes())
    for name, value in sorted(function.__globals__.items()):
        if isinstance(value, int | float | tuple | np.ndarray):
            text = value.tolist() if isinstance(value, np.ndarray) else value
            sources.update(f"{name} = {text}\n".encode())
        callee = getattr(value, "py_func", None)
        module = (
            value.__name__ if isinstance(value, ModuleType) else getattr(callee, "__module__", "")
        )
        if module != function.__module__:
            sources.update(_STAMPS.get(module, "").encode())
    _STAMPS[function.__module__] = sources.hexdigest()
    return sources.hexdigest()
