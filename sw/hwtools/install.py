"""`make setup`: installs everything pinned into .venv, a line a step; what pip says goes to a log.

torch's CPU build is enough here. On Linux for x86-64 PyPI has only the one for CUDA, which doesn't
start without gigabytes of CUDA's libraries. So the CPU build is asked for first: of the sources
that pip is configured with, then of PyTorch's own index. Where neither has it, PyPI's is taken.

This needs the standard library only.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
LOG = Path(sys.prefix) / "setup.log"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
_BRIEF = ("--retries", "1", "--timeout", "15")  # for a place that may not be reached


class SetupError(RuntimeError):
    """A step that failed. The message is one line."""


def run(*argv: str, what: str, check: bool = True) -> bool:
    """Run it with its output in the log; False where it failed and may."""
    with LOG.open("a") as log:
        print(f"\n$ {' '.join(argv)}", file=log, flush=True)
        done = subprocess.run(argv, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, check=False)
    if done.returncode and check:
        raise SetupError(f"{what} failed{_reason()}; all of it: {LOG}")
    return not done.returncode


def _reason() -> str:
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line for line in lines if re.match(r"ERROR|error|OSError|.*No space left", line)]
    return f" ({said[-1]})" if said else ""


def pinned() -> tuple[str, int]:
    """torch as the lock pins it, and how many packages that pins."""
    pins = [line for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    (torch,) = (line for line in pins if line.startswith("torch=="))
    return torch, len(pins)


def is_built_for_cuda() -> bool:
    """Whether PyPI's torch for this machine is."""
    return sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")


def install_torch(torch: str, handed: str) -> None:
    if handed:
        run(*_PIP, "install", handed, what=f"installing {handed}")
        return
    if not is_built_for_cuda():
        return  # the lock brings it
    built = f"{torch}+cpu"
    if run(*_PIP, "install", "--no-deps", built, what="", check=False):
        return
    index = ("--index-url", CPU_INDEX)
    if run(*_PIP, "install", "--no-deps", *_BRIEF, *index, built, what="", check=False):
        return
    print(
        f"setup: no CPU build of torch from pip's sources or {CPU_INDEX}: PyPI's comes with CUDA, "
        "2.5 GB more to fetch, 4 GB more on disk; another by make setup TORCH=file.whl",
        file=sys.stderr, flush=True,
    )  # fmt: skip


def install(handed: str) -> None:
    LOG.unlink(missing_ok=True)
    torch, count = pinned()
    named = handed or f"{torch.replace('==', ' ')}, built for CPUs: 0.2 GB"
    lock = (*_PIP, "install", "-r", str(LOCK))
    own = (*_PIP, "install", "--no-deps", "--no-build-isolation", "-e", ".")
    warm = (sys.executable, "-m", "sim.run_path.warm")
    _say(1, named)
    install_torch(torch, handed)
    _say(2, f"{count} packages at pinned versions: 0.5 GB")
    run(*lock, what="installing requirements.lock")
    _say(3, "Tickwire itself")
    run(*own, what="installing Tickwire")
    _say(4, "numba compiles the host's half of the path")
    run(*warm, what="compiling")


def _say(step: int, what: str) -> None:
    print(f"setup {step} of 4: {what}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    begun = time.monotonic()
    try:
        install(arguments[0] if arguments else "")
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"setup: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; make setup begins it again", file=sys.stderr)
        return 130
    seconds = time.monotonic() - begun
    print(f"setup: done in {seconds:.0f} s; what pip said: {LOG}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
