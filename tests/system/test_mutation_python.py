"""The measure of the host's tests: which faults it makes, and what becomes of them."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hwtools.report import Report
from hwtools.toolchain import ROOT
from sim.measure import mutation
from sim.measure import mutation_python as measure
from sim.measure.mutation_python import MutationError, Place, add_rows, drawn, tried
from sim.measure.python_mutants import Mutant, mutants

# -- Which faults ----------------------------------------------------------------------------------


def made(source: str) -> set[tuple[str, str]]:
    """What becomes what; each can be run, and nothing around it changes."""
    found = mutants(source.encode())
    for one in found:
        text = one.of(source.encode()).decode()
        compile(text, "mutant", "exec")
        assert text[: one.start] == source[: one.start]
        assert text.endswith(source[one.stop :]) and text != source
        assert source.splitlines()[one.line - 1] in source
    return {(one.original, one.mutated.strip("()")) for one in found}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", {("b < c", "b <= c")}),
        ("a = b >= c == d", {("b >= c == d", "b > c == d"), ("b >= c == d", "b >= c != d")}),
        ("a = b not in c", {("b not in c", "b in c")}),
        ("a = (b + c) * d", {("(b + c) * d", "b + c) // d"), ("b + c", "b - c")}),
        ("a = b & ~c", {("b & ~c", "b | ~c"), ("~c", "c")}),
        ("a = b and not c", {("b and not c", "b or not c"), ("not c", "c")}),
        ("a = 3", {("3", "4"), ("3", "2")}),
        ("a = 0.5", {("0.5", "1.5"), ("0.5", "-0.5")}),
        ("a = True", {("True", "False")}),
        ("def f():\n    return a", {("return a", "return None")}),
        ("def f():\n    return None", set()),
        ("a += b", {("a += b", "pass"), ("a += b", "a -= b")}),
        ("a @= b", {("a @= b", "pass")}),
        ("a.b = c", {("a.b = c", "pass")}),
        ("f(a)", {("f(a)", "pass")}),
        ("for a in b:\n    continue", {("continue", "pass")}),
        ("if a:\n    b = c", {("a", "True"), ("a", "False")}),
        ("while a:\n    break", {("a", "False"), ("break", "pass")}),
        ("a = b if c else d", {("c", "True"), ("c", "False")}),
        ("a = [b for b in c if d]", {("d", "True"), ("d", "False")}),
        ("a = b[c:d]", {("c:d", "c:"), ("c:d", ":d")}),
        ("a = f(b, c=d, e=g)", {("f(b, c=d, e=g)", "f(b, e=g"), ("f(b, c=d, e=g)", "f(b, c=d")}),
        ("raise E(f'{a + 1}')", {("raise E(f'{a + 1}')", "pass")}),
    ],
)
def test_each_operator(source: str, expected: set[tuple[str, str]]) -> None:
    assert made(source) == {(original, mutated.strip("()")) for original, mutated in expected}


@pytest.mark.parametrize(
    "source",
    [
        '"""A text, 1 + 1."""',
        "def f(a: int | None, b: tuple[1, 2]) -> a + b: ...",
        "a: b[3] | None",
        "@f(c=1)\ndef g(): ...",
        "@f(c=1)\nclass G(A, metaclass=B): ...",
        "a = f'{b + 1} {c:>{3}}'",
        "a = 'b' 'c'",
        "a = b / 'c' / f'{d}'",
        "__all__ = [1]",
        "if __name__ == '__main__':\n    f(1)",
        "if TYPE_CHECKING:\n    import a",
        "a = f(help=b + 1)",
        "a = zip(b, c, strict=True)",
    ],
)
def test_what_is_let_be(source: str) -> None:
    assert made(source) == set()


def test_places_are_right_behind_letters_of_several_bytes() -> None:
    source = "a = 'é→'; b = c + d\n\n\nif (e  # é\n        < 7):\n    f('é', g=h)\n"
    found = mutants(source.encode())
    texts = {one.of(source.encode()).decode() for one in found}
    assert source.replace("c + d", "(c - d)") in texts
    assert source.replace("f('é', g=h)", "f('é')") in texts
    assert source.replace("7", "(8)") in texts
    assert {one.line for one in found} == {1, 4, 5, 6}


def test_what_is_compiled_is_tried_though_nobody_sees_it_run() -> None:
    source = b"@compiled\ndef f(a):\n    return a + 1\n\ndef g(a):\n    return a + 2\n"
    lines = {one.line: one.lines for one in mutants(source)}
    assert lines == {3: None, 6: (6, 6)}


# -- What becomes of them --------------------------------------------------------------------------

SOURCE = """\"\"\"Sums.\"\"\"

from hwtools.compiled import compiled


def add(a, b):
    return a + b


def never(a):
    return a * 3


def count(most):
    done = 0
    while done < most:
        done += 1
    return done


def loose(a):
    return a > 7


@compiled
def twice(a):
    return a * 2
"""
TEST = """from small.sums import add, count, loose, twice


def test_sums():
    assert add(2, 1) == 3 and count(3) == 3
    assert loose(9) and not loose(5)
    assert twice(5) == 10
"""
FILE, TESTS = "sw/small/sums.py", ["tests/test_sums.py"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("tree")
    for name, text in {FILE: SOURCE, "sw/small/__init__.py": "", TESTS[0]: TEST}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "--strict-markers"\n'
    )
    return Place(root, root / "build" / "mutation", least_seconds=2.0)


def chosen(place: Place, *mutated: str) -> list[Mutant]:
    every = drawn(place, FILE, None, 1)
    found = [one for text in mutated for one in every if one.mutated == text]
    assert len(found) == len(mutated)
    return found


def outcomes(place: Place, some: list[Mutant], tests: list[str] = TESTS) -> list[str]:
    by = dict(tried(place, FILE, tests, some))
    return [by[one] for one in some]


FAULTS = ("(a - b)", "(a // 3)", "done -= 1", "(6)", "(a >= 7)", "(a // 2)")
FATES = ["killed", "not run", "timeout", "alive", "alive", "killed"]


def test_each_fault_has_its_fate_and_is_tried_once(place: Place) -> None:
    """Killed, of machine code too; in a line that never runs; for ever; and unnoticed."""
    some = chosen(place, *FAULTS)
    assert outcomes(place, some) == FATES
    assert (place.root / FILE).read_text() == (place.copy / FILE).read_text() == SOURCE
    written = place.outcomes.read_text()
    assert len(written.splitlines()) == len(some)
    assert outcomes(place, some) == FATES and place.outcomes.read_text() == written
    # cut off after the third: the rest alone is tried again
    lines = written.splitlines()
    place.outcomes.write_text("\n".join(lines[:3]) + "\n")
    assert outcomes(place, some[2:4]) == FATES[2:4]
    kept = [json.loads(line)["name"] for line in place.outcomes.read_text().splitlines()]
    assert kept == [one.name for one in some[:4]]


def test_better_tests_are_other_tests(place: Place) -> None:
    digest = place.digest(FILE, TESTS)
    (place.root / TESTS[0]).write_text(TEST + "    assert not loose(7)\n")
    try:
        assert place.digest(FILE, TESTS) != digest
        assert outcomes(place, chosen(place, "(6)", "(a >= 7)")) == ["killed", "killed"]
        (place.root / TESTS[0]).write_text(TEST + "    assert loose(7)\n")
        with pytest.raises(MutationError, match="its unmutated tests fail"):
            outcomes(place, chosen(place, "(6)"))
    finally:
        (place.root / TESTS[0]).write_text(TEST)


def test_stopped_in_the_middle_it_leaves_the_tree_as_it_is(place: Place) -> None:
    place.outcomes.unlink(missing_ok=True)
    going = tried(place, FILE, TESTS, chosen(place, "(a - b)", "(6)", "(8)", "(a >= 7)"))
    assert next(going)[1] == "killed"
    going.close()
    assert (place.root / FILE).read_text() == SOURCE
    (place.copy / FILE).write_text("broken")  # as if it was killed while a fault was in
    (place.copy / "sw" / "small" / "gone.py").write_text("")
    place.sync()
    assert (place.copy / FILE).read_text() == SOURCE
    assert not (place.copy / "sw" / "small" / "gone.py").exists()


def test_one_measurement_at_a_time(place: Place) -> None:
    with place.held(), pytest.raises(MutationError, match="another measurement is under way"):
        outcomes(place, chosen(place, "(8)"))


def test_a_report_has_the_share_and_each_survivor() -> None:
    faults = [Mutant(line, 0, 1, f"a{line}", "b", None) for line in range(1, 26)]
    fates = dict.fromkeys(faults, "killed")
    fates[faults[3]], fates[faults[5]], fates[faults[7]] = "alive", "not run", "timeout"
    report = Report("mutation_python", "test")
    add_rows(report, "x.py", fates)
    rows = {(row.case, row.metric): row for row in report.rows}
    share = rows["x.py", "share_caught"]
    assert (share.value, share.bound, share.op, share.n, share.holds) == (92.0, 92, ">=", 25, True)
    numbers = [rows["x.py", name].value for name in ("killed", "timeout", "alive", "not_run")]
    assert numbers == [22, 1, 1, 1]
    assert rows["x.py:4", "survivor_alive"].value == "a4 -> b"
    assert rows["x.py:6", "survivor_not_run"].value == "a6 -> b" and len(rows) == 7
    fates[faults[9]] = "alive"
    add_rows(report, "y.py", fates)
    assert [row.case for row in report.failed] == ["y.py"]


def test_draws_are_by_seed_and_file() -> None:
    place, file = Place(), "models/train/metrics.py"
    every = drawn(place, file, None, 1)
    some = drawn(place, file, 30, 1)
    assert len(some) == 30 and [one for one in every if one in some] == some
    assert drawn(place, file, 30, 1) == some != drawn(place, file, 30, 2)
    assert set(some) < set(drawn(place, file, 31, 1))
    assert drawn(place, file, 10**6, 1) == every and len(every) > 200


def test_the_table_names_what_is_there() -> None:
    table = tomllib.loads(measure.TABLE.read_text())
    assert len(table) > 20
    for file, tests in table.items():
        assert (ROOT / file).is_file() and len(mutants((ROOT / file).read_bytes())) > 5
        words = shlex.split(tests)
        named = [ROOT / word.partition("::")[0] for word in words if word.startswith("tests/")]
        assert named and all(path.is_file() for path in named), file


def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure.main(["none.py"]) == 2
    assert capsys.readouterr().err == "mutation: none.py: not in mutation_python.toml\n"
    assert mutation.main([]) == mutation.main(["cobol"]) == 2
    assert "of which code" in capsys.readouterr().err
    argv = [sys.executable, "-m", "sim.measure", "mutation", "python", "--help"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "--count N" in done.stdout


def test_a_file_without_git_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert Place(tmp_path, tmp_path / "build").files() == ["a.py"]
