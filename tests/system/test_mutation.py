"""`make measure NAME=mutation ARGS=rtl`: what is drawn, how it is tried, what is proved."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.progress import Progress

from hwtools.toolchain import ROOT
from sim.lib.runner import BenchError, Result
from sim.lib.verilated import Build, BuildError
from sim.measure import mutation_rtl
from sim.mutation.candidates import candidates
from sim.mutation.design import Design, read
from sim.mutation.equivalence import ALWAYS, WHERE_VALID, equivalent
from sim.mutation.judges import Judge, around, own, users
from sim.mutation.mutant import Mutant, draw
from sim.mutation.schema import PACKAGE, copied, schema
from sim.mutation.trial import Trial, TrialError

INNER = """\
module inner (
    input logic clk, input logic [3:0] a, input logic [3:0] b,
    output logic [3:0] sum, output logic [3:0] less
);
  assign sum = a + b;
  assign less = a - b;
endmodule
"""
SMALL = """\
module little #(parameter int unsigned STEP = 0) (
    input logic clk, input logic rst,
    input logic [3:0] a, input logic [3:0] b,
    output logic m_valid, output logic [3:0] m_data, output logic [3:0] rest
);
  typedef enum logic [1:0] {FIRST, SECOND, THIRD} state_t;
  function automatic int unsigned twice(int unsigned x);
    return x + x;
  endfunction
  localparam int unsigned EIGHT = twice(4);
  logic [3:0] sum;
  logic [3:0] less;
  state_t state_q;
  inner inner_i (.clk, .a(a), .b(b), .sum(sum), .less(less));
  always_ff @(posedge clk) begin
    m_valid <= !rst && (a != b || sum[0]);
    if (rst) state_q <= FIRST;
    else if (a[1:0] == 2'd1) state_q <= SECOND;
    m_data <= state_q == FIRST ? sum + 4'(STEP) : less;
  end
  assign rest = {a[3:2], b[a[1:0]], 1'b0} | 4'(EIGHT);
endmodule
"""


def tree(folder: Path) -> Path:
    """A tree of hardware that holds these two."""
    hw = folder / "hw"
    (hw / "gen").mkdir(parents=True)
    (hw / "rtl").mkdir()
    (hw / "rtl" / "inner.sv").write_text(INNER)
    (hw / "rtl" / "little.sv").write_text(SMALL)
    return hw


@pytest.fixture
def small(tmp_path: Path) -> Design:
    rtl = tree(tmp_path) / "rtl"
    return read(rtl / "little.sv", rtl / "little.sv", (rtl / "inner.sv", rtl / "little.sv"), {})


def texts(design: Design, mutants: list[Mutant]) -> set[str]:
    return {mutant.shown(design.text)[1] for mutant in mutants}


def one(design: Design, faulty: str) -> Mutant:
    found = [each for each in candidates(design) if each.shown(design.text)[1] == faulty]
    assert len(found) == 1, faulty
    return found[0]


def test_what_is_offered(small: Design) -> None:
    found = candidates(small)
    offered = texts(small, found)
    for line in (
        "m_valid <= !rst && (a == b || sum[0]);",
        "m_valid <= !rst && (a != b);",
        "m_valid <= !rst && (a != b || sum[1]);",
        "if (rst) ;",
        "if (!(rst)) state_q <= FIRST;",
        "if (rst) state_q <= THIRD;",
        "else if (1'b0) state_q <= SECOND;",
        "else if (a[1 + 1:0 + 1] == 2'd1) state_q <= SECOND;",
        "else if (a[1:0] == 2'd2) state_q <= SECOND;",
        "m_data <= state_q == FIRST ? sum - 4'(STEP) : less;",
        "assign rest = {a[3:2], b[a[1:0] + 1'b1], 1'b0} | 4'(EIGHT);",
        "inner inner_i (.clk, .a('0), .b(b), .sum(sum), .less(less));",
        "inner inner_i (.clk, .a(b), .b(b), .sum(sum), .less(less));",
        "inner inner_i (.clk, .a(a), .b(b), .sum(), .less(less));",
        "inner inner_i (.clk, .a(a), .b(b), .sum(less), .less(sum));",
    ):
        assert line in offered, line
    others = {f"m_valid <= !rst && (a != b || {name}[0]);" for name in ("a", "b", "m_data", "less")}
    assert len(others & offered) == 2  # a name of the same type, declared before
    # What has to be constant is left alone: ranges, parameters, and functions that they are made of
    kept = [number for number, line in enumerate(SMALL.splitlines(), 1) if line in mutable()]
    assert {mutant.line(SMALL) for mutant in found} <= set(kept)


def mutable() -> list[str]:
    lines = SMALL.splitlines()
    behind = next(n for n, line in enumerate(lines) if "inner_i" in line)
    return lines[behind:]


def test_the_seed_alone_says_what_is_drawn(small: Design) -> None:
    found = candidates(small)
    assert draw(found, 20, 1) == draw(found[::-1], 20, 1) != draw(found, 20, 2)
    assert len(set(draw(found, 20, 1))) == 20
    assert draw(found, 10**6, 1) == sorted(found)
    assert len({mutant.kind for mutant in draw(found, 12, 1)}) >= 10


def chosen(design: Design, mutants: list[Mutant], number: int, folder: Path) -> Path:
    """The text of all of them, with one chosen for good."""
    hw = copied(design, schema(design, mutants), folder)
    package = f"package mutation_pkg; localparam int chosen = {number}; endpackage\n"
    (hw / "rtl" / "mutation_pkg.sv").write_text(package)
    return hw


def test_a_choice_is_the_mutant_alone_and_0_is_the_original(small: Design, tmp_path: Path) -> None:
    """Proved of the text that holds them all, for one mutant of each kind."""
    settling = (each for each in candidates(small) if "rest" not in each.edits[0].text)  # no loop
    kinds = {mutant.kind: mutant for mutant in settling}
    mutants = list(kinds.values())
    assert len(mutants) >= 10
    for number, mutant in [(0, None), *enumerate(mutants, start=1)]:
        text = mutant.applied(small.text) if mutant else small.text
        alone = copied(small, text, tmp_path / "alone" / "hw")
        mixed = chosen(small, mutants, number, tmp_path / "mixed" / "hw")
        top = alone / "rtl" / "little.sv"
        assert equivalent(top, alone, mixed, {}, tmp_path / "proof") == ALWAYS, mutant


def test_data_that_is_not_valid_may_differ(small: Design, tmp_path: Path) -> None:
    """And the proof says that it does."""
    place = "m_data <= state_q"
    for more, said in (("rst ? '1 : ", WHERE_VALID), ("b[0] ? '1 : ", "")):
        text = small.text.replace(place, f"m_data <= {more}state_q")
        faulty = copied(small, text, tmp_path / "faulty" / "hw")
        assert equivalent(small.file, small.hw, faulty, {}, tmp_path / "proof") == said


@dataclass(frozen=True)
class Pretended(Judge):
    """A judge that runs nothing: `sees` are the numbers of the mutants that fail under it."""

    hw: Path = Path()
    sees: frozenset[int] = frozenset()
    ran: bool = True
    asked: list[int] = field(default_factory=list, compare=False)

    def build(self, hw: Path | None = None) -> Build:
        return Build((hw or self.hw) / "rtl" / "little.sv", {}, hw=hw or self.hw)

    def digest(self) -> str:
        return f"{sorted(self.sees)} {self.ran}"

    def run(self, hw: Path, number: int, limit: int = 0) -> Result:  # noqa: ARG002
        assert (hw / "rtl" / "mutation_pkg.sv").read_text() == PACKAGE
        self.asked.append(number)
        if number in self.sees:
            raise BenchError(f"{number} fails", ran=self.ran)
        return Result("little", {}, 1, [], 10, 0.1, 1, "", None, [])


def fates(trial: Trial, *judges: Judge) -> list[str]:
    with Progress(disable=True) as progress:
        outcome = mutation_rtl.settled(trial, judges, (), progress)
    return [outcome.fates[mutant] for mutant in trial.mutants]


def test_what_nobody_sees_lives_unless_it_is_the_original(small: Design, tmp_path: Path) -> None:
    mutants = [
        one(small, "m_data <= state_q == FIRST ? sum - 4'(STEP) : less;"),  # STEP is 0
        one(small, "m_data <= state_q != FIRST ? sum + 4'(STEP) : less;"),
        one(small, "m_valid <= !rst && (a == b || sum[0]);"),
    ]
    trial = Trial(small, mutants, tmp_path / "out")
    judge = Pretended("little", hw=small.hw, sees=frozenset({3}))
    assert fates(trial, judge) == ["equivalent", "alive", "bench"]
    assert judge.asked == [0, 1, 2, 3]
    assert fates(trial, judge) == ["equivalent", "alive", "bench"]
    assert judge.asked == [0, 1, 2, 3]  # kept


@pytest.mark.parametrize(("sees", "ran"), [({0}, True), ({1}, False)])
def test_a_run_that_says_nothing_is_no_kill(
    small: Design, tmp_path: Path, sees: set[int], ran: bool
) -> None:
    trial = Trial(small, candidates(small)[:2], tmp_path / "out")
    with pytest.raises(TrialError):
        fates(trial, Pretended("little", hw=small.hw, sees=frozenset(sees), ran=ran))


def test_a_build_that_fails_is_no_kill(tmp_path: Path) -> None:
    judge = own("crc32")[0]
    top = judge.build().top
    design = read(top, top, (top,), dict(judge.parameters))
    trial = Trial(design, candidates(design)[:2], tmp_path / "out")
    (trial.hw / "rtl" / "crc32.sv").write_text("module crc32; nothing of the kind\n")
    with pytest.raises(BuildError):
        fates(trial, judge)
    assert not list(trial.out.glob("verdicts/*"))


def test_a_fault_is_killed_by_the_bench_and_the_original_passes(tmp_path: Path) -> None:
    judge = own("crc32")[0]
    top = judge.build().top
    design = read(top, top, (top,), dict(judge.parameters))
    trial = Trial(design, [one(design, "assign both = BOTH_W'(data);")], tmp_path / "out")
    assert fates(trial, judge) == ["bench"]
    shutil.rmtree(trial.hw)


def test_judges_are_the_builds_of_the_bench_then_of_those_around() -> None:
    assert [str(judge) for judge in own("crc32")] == [f"crc32 W={w}" for w in (8, 16, 32, 64)]
    assert users("crc32") == ["mac_rx", "mac_tx"]
    assert next(iter(around("crc32"))).module == "mac_rx"
    assert list(around("axis_fifo")) == []


def test_recording_leaves_a_bench_to_the_session_around_it() -> None:
    """In one process, as a worker of `make test` has both: the bench runs, it isn't skipped."""
    first = test_judges_are_the_builds_of_the_bench_then_of_those_around
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"{__file__}::{first.__name__}",
    ]
    argv += [str(ROOT / "sim" / "test_crc32.py")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout and "skipped" not in done.stdout, done.stdout


def test_an_unknown_module_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutation_rtl.main(["nothing"]) == 2
    assert capsys.readouterr().err == "no module nothing in hw/rtl\n"
