"""The `yosys` command, on the pyosys wheel: that is native and has slang, but brings no command.

It takes the part of yosys' command line that sby and our own flows use:
`yosys [-q] [-Q] [-T] [-l LOG] [-s SCRIPT] [-p COMMANDS] [SCRIPT.ys …]`, and `-V`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="yosys")
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    parser.add_argument("-q", action="store_true", help="print errors only")
    parser.add_argument("-Q", action="store_true", help="no banner (there is none)")
    parser.add_argument("-T", action="store_true", help="no footer (there is none)")
    parser.add_argument("-l", metavar="LOG", help="write the log here too")
    parser.add_argument("-s", metavar="SCRIPT", action="append", default=[])
    parser.add_argument("-p", metavar="COMMANDS", action="append", default=[])
    parser.add_argument("scripts", nargs="*")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    args = arguments(argv)
    if args.version:
        print(f"Yosys {version('pyosys')} (pyosys)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scripts = [*args.s, *args.scripts]
        if args.p:  # in a script file, because `-p` would split at a `;` inside quotes
            commands = Path(folder, "commands.ys")
            commands.write_text("\n".join(args.p) + "\n")
            scripts.append(str(commands))
        log = Path(args.l or Path(folder, "log"))
        log.write_text("")
        child = os.fork()  # libyosys ends its process on an error; the parent reports it
        if child == 0:
            _run(scripts, log, args.q)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code and args.q:
            lines = log.read_text().splitlines()
            errors = [line for line in lines if "ERROR" in line or "error:" in line]
            print("\n".join(errors), file=sys.stderr)
    return 1 if code else 0


def _run(scripts: list[str], log: Path, quiet: bool) -> None:
    if quiet:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from pyosys import libyosys  # half a second: not for --version

    design = libyosys.Design()
    for script in scripts:
        libyosys.run_pass(f"tee {'-q' if quiet else ''} -a {log} script {script}", design)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
