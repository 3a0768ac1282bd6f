"""numba's compiler with a type that mypy can follow. Compiled code is kept beside its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """`function` as machine code: no Python object inside, integers wrap as numpy's do."""
    return cast(Callable[_P, _R], numba.njit(cache=True)(function))
