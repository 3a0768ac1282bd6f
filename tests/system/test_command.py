"""`tickwire`: help, completion, and wrong input, which is one line at once."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hwtools.command import Parser, ended, one_line, whole
from hwtools.progress import _lines
from hwtools.toolchain import ROOT
from tickwire.cli import completion
from tickwire.cli.__main__ import COMMANDS

TICKWIRE = Path(sys.executable).with_name("tickwire")
# What takes seconds to import: nobody waits for it who only asks for help, or is wrong.
HEAVY = ("torch", "numba", "hls4ml", "cocotb_tools", "sklearn", "lightgbm", "matplotlib", "scapy")
FILES = ("data", "decode")  # what reads files of packets imports numba
LIGHT = tuple(name for name in COMMANDS if name not in FILES)


def imported(*argv: str) -> list[str]:
    """What a command imports, which ends by itself."""
    code = (
        "import sys, runpy, atexit\n"
        f"atexit.register(lambda: print(*({HEAVY} & sys.modules.keys()), file=sys.stderr))\n"
        "module = sys.argv.pop(1)\n"
        "runpy.run_module(module, run_name='__main__', alter_sys=True)\n"
    ).replace(f"({HEAVY}", f"(set({HEAVY})")
    done = subprocess.run(
        [sys.executable, "-c", code, *argv], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage: " in done.stdout
    return done.stderr.split()


def test_help_of_all_lists_each_command() -> None:
    done = subprocess.run([TICKWIRE, "--help"], capture_output=True, text=True, check=True)
    listed = re.findall(r"^  ([a-z]+)  +[A-Z].*\.$", done.stdout, re.MULTILINE)
    assert listed == list(COMMANDS)
    assert imported("tickwire.cli", "--help") == []
    version = subprocess.run([TICKWIRE, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"tickwire \d+\.\d+\.\d+\n", version.stdout)


@pytest.mark.parametrize("name", LIGHT)
def test_help_imports_nothing_heavy_and_gives_defaults(name: str) -> None:
    module, *first = COMMANDS[name][0].split()
    assert imported(module, *first, "--help") == []


# -- Wrong input -----------------------------------------------------------------------------------

WRONG = (
    ("nope", "", "no command 'nope'; there are sim, "),
    ("rerequest", "fill none.pcap out --server 127.0.0.1:1", "none.pcap: No such file"),
    ("rerequest", "fill none.pcap out --server venue", "server 'venue': give ADDRESS:PORT"),
    ("rerequest", "serve none.pcap --port x", "'x': a whole number, 0 to 65535"),
    ("sim", "--events abc", "--events: 'abc': a whole number above 0, or all"),
    ("sim", "--events 0", "'0': a whole number above 0, or all"),
    ("sim", "--events 1e3", "'1e3'"),
    ("sim", "--width 16", "choose from 8, 64"),
    ("sim", "--data nothing.zip", "nothing.zip: no such file; give market, flow or a file"),
    ("sim", "--data hw", "hw: Is a directory"),
    ("sim", "--data day.parquet", "day.parquet: it holds books and no messages"),
    ("sim", "--data market --symbol A", "leave out --symbol"),
    ("sim", "--model gpt", "no network 'gpt'"),
    ("sim", "--model lstm_atn", "did you mean 'lstm_attn'?"),
    ("sim", "--model none.toml", "none.toml: No such file"),
    ("sim", "--space -1", "--space"),
    ("sim", "--threshold nan", "'nan': a number, 0 to 1,000,000"),
    ("sim", "--hysteresis -2", "--hysteresis"),
    ("sim", "--interval 1.5", "'1.5': a whole number"),
    ("sim", "--seed x", "--seed: 'x'"),
    ("sim", "--at 5", "--at (AT=) needs --waves (WAVES=1)"),
    ("sim", "--waves --at noon", "--at: 'noon'"),
    ("sim", "--sapce 5", "unrecognized arguments: --sapce 5"),
    ("explain", "x", "message: 'x': a whole number"),
    ("explain", "", "give a message's number, or --symbol, --at or both"),
    ("explain", "5 --symbol AAAA", "give a message's number, or --symbol, --at or both"),
    ("explain", "--at 24:00", "'24:00' isn't a time of day such as 10:30:15.5"),
    ("orders", "a.txt", "a.txt: write to a name that ends in .csv or .parquet"),
    ("signals", "a.txt", "a.txt: write to a name that ends in .csv or .parquet"),
    ("model", "chek", "invalid choice: 'chek'"),
    ("model", "check", "required: name"),
    ("model", "check gpt", "no network 'gpt'"),
    ("model", "check none.toml", "none.toml: No such file"),
    ("model", "check mlp --period 0.1", "--period is 0.1 ns; at least 1"),
    ("model", "show gpt", "no network 'gpt'"),
    ("train", "none.parquet", "none.parquet: no such file"),
    ("train", "day.parquet --model gpt", "--model gpt: "),
    ("train", "day.parquet --epochs 0", "'0': a whole number above 0"),
    ("train", "day.parquet --horizon 7", "--horizon"),
    ("evaluate", "--trials 0", "'0': a whole number above 0"),
    ("evaluate", "--data none.parquet", "none.parquet: no such file"),
    ("evaluate", "--model gpt", "gpt: "),
    ("evaluate", "--horizon 7", "--horizon"),
    ("decode", "none.pcap", "none.pcap: No such file"),
    ("decode", "none.pcap --port 70000", "port 70000"),
    ("decode", "none.pcap --out a.txt", "a.txt: write to a name"),
    ("exact", "none.zip", "none.zip"),
    ("exact", "none.zip --width 9", "choose from 8, 64"),
    ("data", "nope", "No such command 'nope'"),
    ("data", "show", "Missing argument 'source'"),
    ("data", "show none.parquet", "none.parquet"),
    ("explain", "5 --folder nowhere", "nowhere: no run is kept there"),
    ("signals", "a.csv --folder nowhere", "nowhere: no run is kept there"),
)
# Runs each in one process, so that the test is quick, and says after each what was imported.
_EACH = """
import contextlib, importlib, io, json, sys
from tickwire.cli.__main__ import COMMANDS, run
from hwtools.command import ended
heavy = set(sys.argv[1].split())
for line in sys.stdin:
    name, *rest = line.split()
    error, out = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(error), contextlib.redirect_stdout(out):
        try:
            module, *first = COMMANDS.get(name, ("tickwire.",))[0].split()
            if module.startswith("tickwire."):
                code = ended("tickwire", lambda: run([name, *rest]), ValueError)
            else:
                try:
                    main = importlib.import_module(f"{module}.__main__").main
                except ModuleNotFoundError:
                    main = importlib.import_module(module).main
                code = main([*first, *rest])
        except SystemExit as ended_:
            code = ended_.code
    print(json.dumps([code, out.getvalue(), error.getvalue(), sorted(heavy & sys.modules.keys())]))
"""


def test_wrong_input_is_one_line_at_once(tmp_path: Path) -> None:
    """Nothing heavy is imported before it is said, by which it takes less than a second."""
    (tmp_path / "hw").mkdir()
    (tmp_path / "day.parquet").touch()
    before = sorted(tmp_path.rglob("*"))
    lines = "".join(f"{name} {arguments}\n" for name, arguments, _ in WRONG)
    done = subprocess.run(
        [sys.executable, "-c", _EACH, " ".join(HEAVY)],
        cwd=tmp_path, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(WRONG) > 40
    for (name, arguments, text), (code, out, error, heavy) in zip(WRONG, told, strict=True):
        what = f"tickwire {name} {arguments}: {code} {out!r} {error!r}"
        assert code == 2 and not out, what
        assert error.count("\n") == 1 and text in error and "Traceback" not in error, what
        assert not heavy or name in FILES or name == "exact" or "nowhere" in arguments, (
            f"{what} imported {heavy}"
        )
    assert sorted(tmp_path.rglob("*")) == before


# -- What a command ends with ----------------------------------------------------------------------


def test_options_are_said_to_be_wrong_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="make thing", description="It does.")
    parser.add_argument("--count", type=whole(1, 9), default=3, help="how often")
    parser.add_argument("--plain", action="store_true", help="without")
    parser.add_argument("--zero", type=whole(0), default=0, help="from")
    with pytest.raises(SystemExit) as error:
        parser.parse_args(["--count", "10"])
    assert error.value.code == 2
    says = "thing: argument --count: '10': a whole number, 1 to 9; see make thing ARGS=--help\n"
    assert capsys.readouterr().err == says
    text = parser.format_help()
    assert "how often; default: 3" in text and "from; default: 0" in text
    assert "without\n" in text


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (ValueError("no good"), 2, "no good"),
        (
            OSError(errno.ENOSPC, "No space left on device", "a/b"),
            2,
            "a/b: No space left on device",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device"),
        (OSError("9 requested and 0 written"), 2, "is the disk full? (9 requested and 0 written)"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_what_a_user_can_cause_is_one_line(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert ended("thing", work, ValueError) == code
    told = capsys.readouterr().err
    assert told.startswith("thing: ") and told.endswith(f"{says}\n") and told.count("\n") == 1
    with pytest.raises(TypeError):
        ended("thing", lambda: len(5), ValueError)  # type: ignore[arg-type]
    assert one_line(ValueError("x")) == "x"


def test_a_full_output_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [TICKWIRE, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (2, "tickwire: No space left on device\n")


# What starts another program, runs before anything is installed, or is none of a user's.
OTHERWISE = {
    *("hwtools/doctor.py", "hwtools/install.py", "hwtools/yosys.py", "openrtl/__main__.py"),
    *("measure/__main__.py", "measure/mutation.py", "measure/python_worker.py", "checks/ci.py"),
    *("book/lobster.py", "cli/decode.py", "run_path/warm.py", "openrtl/coverage.py"),
}


def test_every_command_ends_so() -> None:
    """A module that can be run hands its work to `ended`, or to `export`, which does."""
    started = [
        path
        for folder in ("sw", "models", "sim")
        for path in (ROOT / folder).rglob("*.py")
        if '__name__ == "__main__"' in path.read_text()
    ]
    ends = ("ended(", "return export(")
    bare = {
        "/".join(path.parts[-2:])
        for path in started
        if not any(end in path.read_text() for end in ends)
    }
    assert bare - OTHERWISE == set() and len(started) > 40


def test_every_option_says_what_it_is() -> None:
    """Its default comes beside it by itself."""
    options, silent = 0, []
    parts = ("sw", "models", "sim")
    for path in (path for folder in parts for path in (ROOT / folder).rglob("*.py")):
        if path.name in ("yosys.py", "decode.py"):
            continue
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".add_argument"):
                options += 1
                if not any(keyword.arg == "help" for keyword in call.keywords):
                    silent.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert silent == [] and options > 80


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))


@pytest.mark.parametrize("build", ["/proc/none", "full"])
def test_a_disk_that_takes_nothing_is_one_line(build: str, tmp_path: Path) -> None:
    """A build folder that can't be made, and files that can't grow."""
    folder = str(tmp_path) if build == "full" else build
    limit: Callable[[], None] | None = small_files if build == "full" else None
    done = subprocess.run(
        [TICKWIRE, "sim", "--events", "300", "--model", "mlp", "--waves"],
        env={**os.environ, "TICKWIRE_BUILD": folder, "CCACHE_DISABLE": "1"},
        cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("sim: "), done.stderr
    assert folder in last or last == "sim: File too large", done.stderr  # numba's cache has no name
    assert "Traceback" not in done.stderr


def test_where_there_is_no_terminal_each_step_is_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, now = io.StringIO(), iter([0.0, 0.0, 1.0, 2.0, 13.0, 14.0, 0.0, 1.9, 2.0])
    monkeypatch.setattr(sys, "stderr", told)
    watch = _lines(0.0, lambda: next(now))
    for step in (("making it", 0, 0), ("frames", 0, 9), ("frames", 1, 9), ("frames", 7, 9)):
        watch(*step)
    watch("frames", 8, 9)
    assert told.getvalue() == "making it\nframes\nframes: 7 of 9\n"
    told.truncate(0)
    watch = _lines(2.0, lambda: next(now))
    watch("converting", 0, 0)
    assert not told.getvalue()
    watch("converting", 0, 0)
    assert told.getvalue().strip("\0") == "converting\n"


# -- Completion ------------------------------------------------------------------------------------


def completed(*words: str) -> list[str]:
    """What bash offers for the last word."""
    line = " ".join(f"'{word}'" for word in words)
    code = f"{completion.script('bash', list(COMMANDS))}\nCOMP_WORDS=({line}); "
    code += f'COMP_CWORD={len(words) - 1}; _tickwire; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_completes_commands_and_their_options() -> None:
    assert completed(str(TICKWIRE), "s") == ["sim", "signals"]
    assert completed(str(TICKWIRE), "sim", "--s") == ["--seed", "--shares", "--space", "--symbol"]
    assert completed(str(TICKWIRE), "sim", "x") == []
    assert "complete -c tickwire" in completion.script("fish", ["sim"])
    assert "bashcompinit" in completion.script("zsh", ["sim"])
    with pytest.raises(ValueError, match="--completion tcsh: bash, zsh, fish"):
        completion.script("tcsh", [])
