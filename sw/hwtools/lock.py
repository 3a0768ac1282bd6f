"""`make lock`: resolves pyproject.toml into requirements.lock, for every supported Python.

The CUDA libraries that torch lists are left out: its CPU build is enough here and needs none.
"""

from __future__ import annotations

import re
import subprocess
import sys

from hwtools.command import ended
from hwtools.rename import by_rename
from hwtools.toolchain import ROOT, TEXT

LOCK = ROOT / "requirements.lock"
HEAD = "# Written by `make lock` from pyproject.toml. Every version that `make setup` installs.\n"
CUDA = re.compile(r"^(?:nvidia-|cuda-|triton\b)")


def main() -> int:
    argv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--no-header"]
    argv += ["--no-annotate", "--python-version", "3.11", "--extra", "hardware"]
    argv += ["--extra", "develop", "pyproject.toml"]
    done = subprocess.run(argv, cwd=ROOT, **TEXT, capture_output=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        return 1
    pins = [line for line in done.stdout.splitlines() if not CUDA.match(line)]
    with by_rename(LOCK) as part:
        part.write_text(HEAD + "\n".join(pins) + "\n")
    print(f"{len(pins)} packages pinned in {LOCK.name}")
    return 0


if __name__ == "__main__":
    sys.exit(ended("lock", main))
