"""numba's compiler with a type that mypy can follow. Compiled code is kept beside its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """`function` as machine code: no Python object inside, integers wrap as numpy's do."""
    return cast(Callable[_P, _R], numba.njit(cache=True)(function))


def bare(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same for small functions that pass many arrays on, and make none.

    numba counts who holds an array each time one is handed over, which took nine tenths of the
    exchange's time. Here nothing is counted, the caller holds them all, and calls are inlined.
    """
    options: dict[str, Any] = {"cache": True, "forceinline": True, "_nrt": False}
    return cast(Callable[_P, _R], numba.njit(**options)(function))
