"""Runs the tests of one file against each of its mutants, in a copy of the tree.

`sim.measure.mutation_python` starts it there, with a job on its input; each line of its output is
an outcome. It imports what the tests need and what doesn't depend on the file; then each mutant is
written into the copy and tried by a child that is forked from here, which has little left to
import.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from hwtools import imports

_FOREIGN = (
    *("pytest", "pytest_timeout", "numpy", "scipy.stats", "numba", "torch", "lightgbm"),
    *("sklearn.metrics", "pyarrow.parquet", "rich.console", "matplotlib", "hls4ml", "scapy.all"),
)
_OPTIONS = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "pytest_timeout")
_PATIENCE = 5  # times the unmutated tests' seconds


def _import(module: str, tests: list[str]) -> frozenset[str]:
    """What the tests need, but for what reaches the module. The names of that."""
    root = Path.cwd()
    known = imports.modules(root)
    files = {str(path.relative_to(root)): name for name, path in known.items()}
    needed = set[str]()
    for word in tests:
        test = files.get(word.partition("::")[0])
        needed |= imports.reached(test, root) if test else set()
    texts = "\n".join(known[name].read_text() for name in needed)
    for name in _FOREIGN:
        if re.search(rf"^ *(from|import) {name.partition('.')[0]}\b", texts, re.MULTILINE):
            with suppress(ImportError):
                importlib.import_module(name)
    away = frozenset(name for name in known if module in imports.reached(name, root))
    for name in sorted(needed - away):
        if name.partition(".")[0] != "tests":
            with suppress(Exception):  # the tests will tell
                importlib.import_module(name)
    return away


def _pytest(tests: list[str], away: frozenset[str]) -> int:
    """In a child: the tests, with the file and all that reaches it imported anew."""
    for name in away & set(sys.modules):
        del sys.modules[name]
    sys.dont_write_bytecode = True
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    import pytest

    with tempfile.TemporaryDirectory(prefix="mutant.") as folder:
        return int(pytest.main([*_OPTIONS, f"--basetemp={folder}/pytest", *tests]))


def _child(work: Callable[[], int], seconds: float) -> int | None:
    """What it returned; None where it took longer. It and all that it started are ended."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        return None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _traced(file: Path, tests: list[str], away: frozenset[str], to: Path) -> int:
    """In a child: the unmutated tests, and which lines of the file they run."""
    lines, name = set[int](), str(file)

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add(frame.f_lineno)
        return inside

    def called(frame: FrameType, _: str, __: Any) -> Any:
        return inside if frame.f_code.co_filename == name else None

    sys.settrace(called)
    try:
        return _pytest(tests, away)
    finally:
        sys.settrace(None)
        to.write_text(json.dumps(sorted(lines)))


def _mutated(tests: list[str], away: frozenset[str]) -> int:
    """In a child. Machine code of a mutant is nobody else's: it isn't kept."""
    with suppress(ImportError):
        from numba.core import caching

        vars(caching)["Cache"].save_overload = lambda *_: None
    return _pytest(tests, away)


def run(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The outcome of the unmutated tests, then of each mutant."""
    file, tests = Path.cwd() / job["file"], job["tests"]
    source = file.read_bytes()
    away = _import(job["module"], tests)
    with tempfile.NamedTemporaryFile() as kept:
        begun = time.monotonic()
        lines_at = Path(kept.name)
        code = _child(lambda: _traced(file, tests, away, lines_at), job["most_seconds"])
        seconds = time.monotonic() - begun
        yield {"passed": code == 0, "code": code, "seconds": seconds}
        if code != 0:
            return
        ran = set(json.loads(lines_at.read_text()))
    limit = max(job["least_seconds"], _PATIENCE * seconds)
    try:
        for mutant in job["mutants"]:
            begun, span = time.monotonic(), mutant["lines"]
            if span and not ran & set(range(span[0], span[1] + 1)):
                yield {"name": mutant["name"], "outcome": "not run", "seconds": 0.0}
                continue
            head, tail = source[: mutant["start"]], source[mutant["stop"] :]
            file.write_bytes(head + mutant["mutated"].encode() + tail)
            code = _child(lambda: _mutated(tests, away), limit)
            outcome = "timeout" if code is None else "alive" if code == 0 else "killed"
            yield {"name": mutant["name"], "outcome": outcome, "seconds": time.monotonic() - begun}
    finally:
        file.write_bytes(source)


def _stop(*_: Any) -> None:
    """So that the child that runs is ended too."""
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    job = json.load(sys.stdin)
    try:
        for line in run(job):
            print(json.dumps(line), flush=True)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
