"""What a build that writes FST waves needs of the machine, or a stand-in where it has none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from subprocess import run

from hwtools.toolchain import TEXT, TOOLS, need

HEADERS = Path(__file__).parent / "fst"
NEEDED = {"zlib.h": ("z", "compressBound"), "lz4.h": ("lz4", "LZ4_compressBound")}


@lru_cache(maxsize=None)
def flags() -> tuple[str, ...]:
    """Verilator's options for FST waves on this machine."""
    chosen = ["--trace-fst", "--trace-structs"]
    for header, (library, function) in NEEDED.items():
        if not _present(header, library, function):
            folder = TOOLS / f"no-{library}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / header).write_text((HEADERS / header).read_text())
            (folder / f"lib{library}.a").write_text("!<arch>\n")  # an archive with nothing in it
            chosen += ["-CFLAGS", f"-I{folder}", "-LDFLAGS", f"-L{folder}"]
    return tuple(chosen)


def _present(header: str, library: str, function: str) -> bool:
    source = f"#include <{header}>\nint main() {{ return {function}(0) > 1 << 20; }}\n"
    argv = [*need("c++").argv, "-x", "c++", "-", f"-l{library}", "-o", "/dev/null"]
    return run(argv, input=source, **TEXT, capture_output=True, check=False).returncode == 0
