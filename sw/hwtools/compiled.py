"""numba's compiler, with types that mypy follows. Machine code is cached beside the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """`function` as machine code, without Python objects. Integers wrap as numpy's do."""
    return cast(Callable[_P, _R], numba.njit(cache=True)(function))


def bare(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same for small functions that pass many arrays to each other and allocate none.

    numba counts references each time an array is passed, which can take nine tenths of the time of
    such functions. Here nothing is counted, because the caller holds every array; and calls are
    inlined.
    """
    options: dict[str, Any] = {"cache": True, "forceinline": True, "_nrt": False}
    return cast(Callable[_P, _R], numba.njit(**options)(function))
