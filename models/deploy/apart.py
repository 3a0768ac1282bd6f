"""Runs what may take long and can't be interrupted in a process of its own, which can be ended.

The tracer spends seconds to hours inside of compiled code, where Python hears no Ctrl-C. So it
works in a fork: it shares the network that was made, tells its progress through a pipe, and is
killed where this process is interrupted or dies. What it prints goes nowhere.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection

from hwtools.command import one_line
from models.nets.own import NetworkError
from openrtl.blame import said

Watch = Callable[[str, int, int], None]
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_BEAT = 0.2  # s between two looks at the pipe


def apart(work: Callable[[Watch], None], progress: Watch) -> None:
    """Run `work` in a child process. A NetworkError there is raised here too."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_child, args=(work, sender))
    with warnings.catch_warnings():
        # Python 3.12 warns of other threads: here they draw a progress bar, and the child doesn't.
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    sender.close()
    try:
        outcome = _follow(receiver, progress)
    finally:
        child.kill()
        child.join()
        receiver.close()
    if outcome is None:
        raise NetworkError(f"converting ended with signal {-(child.exitcode or 0)}: out of memory?")
    if outcome:
        raise NetworkError(outcome)


def _follow(receiver: Connection, progress: Watch) -> str | None:
    """Pass progress on until the child says how it ended: "" if well; None if it says nothing."""
    last: tuple[str, int, int] = ("converting", 0, 0)
    while True:
        try:
            if receiver.poll(_BEAT):
                kind, *values = receiver.recv()
                if kind != "progress":
                    return str(values[0])
                last = values[0], values[1], values[2]
        except EOFError:
            return None
        progress(*last)


def _child(work: Callable[[Watch], None], sender: Connection) -> None:
    os.setsid()  # a terminal's Ctrl-C is the parent's alone
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    _silent()
    _one_thread()

    def watch(what: str, done: int, total: int) -> None:
        sender.send(("progress", what, done, total))

    try:
        work(watch)
        outcome = ""
    except NetworkError as error:
        outcome = f"{error}"
    except OSError as error:
        outcome = one_line(error)
    except BaseException as error:
        outcome = f"it doesn't convert: {said(error)}"
    sender.send(("ended", outcome))


def _silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")


def _one_thread() -> None:
    """A fork has none of the parent's threads, which OpenMP would wait for."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    threadpool_limits(limits=1, user_api="openmp")
