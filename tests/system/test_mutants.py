"""Each fault of sim/mutants is caught by every judge that its patch names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hwtools.report import dump, read
from hwtools.toolchain import ROOT
from sim.checks import mutants as mutate


@pytest.mark.long
@pytest.mark.parametrize("name", mutate.names())
def test_killed(name: str) -> None:
    mutant = mutate.load(name)
    if os.environ.get("FRESH", "") in ("", "0") and mutate.was_judged(mutant):
        pytest.skip("docs/figures/mutants.json has the verdict, of the same sources")
    verdicts = list(mutate.judge(mutant))
    assert [kind for kind, _, _ in verdicts] == mutant.judges
    assert all(caught for _, caught, _ in verdicts), verdicts


def test_a_verdict_depends_on_all_that_it_is_made_of() -> None:
    bench = mutate.load("order_queue_stopped_sent")
    names = {str(path.relative_to(ROOT)) for path in mutate.inputs(bench)}
    assert names >= {
        *("hw/rtl/order_queue.sv", "hw/gen/ouch_pkg.sv", "hw/gen/tick_pkg.sv"),
        *("sim/test_order_queue.py", "sim/golden/order_queue.py", "sim/lib/bench.py"),
        *("hw/formal/order_queue.sby", "hw/formal/order_queue_props.sv", "sim/lib/runner.py"),
        *("sim/mutants/order_queue_stopped_sent.patch", "requirements.lock"),
    }
    deep = {path.name for path in mutate.inputs(mutate.load("risk_gate_doubt_unheeded"))}
    assert {"risk_check.sv", "risk_limits.sv", "test_risk_gate.py"} <= deep
    other = next(one for one in map(mutate.load, mutate.names()) if one.tests)
    assert other.tests is not None and other.tests.startswith("stimulus.")
    named = {str(path.relative_to(ROOT)) for path in mutate.inputs(other)}
    assert f"sim/{other.tests.replace('.', '/')}.py" in named


def test_one_that_was_judged_of_the_same_sources_alone_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = mutate.load("order_queue_stopped_sent")

    def kept(value: int, digest: str) -> bool:
        rows = [
            {"case": mutant.name, "metric": "judges_that_caught_it", "value": value},
            {"case": mutant.name, "metric": "digest", "value": digest},
        ]
        dump({"report": "mutants", "commit": "x", "rows": rows}, tmp_path)
        assert read(tmp_path / "mutants.json")["rows"] == rows
        return mutate.was_judged(mutant, tmp_path)

    now = mutate.digest(mutant)
    assert kept(2, now) and not kept(1, now) and not kept(2, now[::-1])
    monkeypatch.setenv("SEED", "2")
    assert mutate.digest(mutant) != now


def test_every_patch_applies() -> None:
    for name in mutate.names():
        mutate.apply(mutate.load(name))


def test_every_module_with_a_proof_has_a_mutant_that_breaks_it() -> None:
    from sim.checks import formal

    broken = {mutant.module for mutant in map(mutate.load, mutate.names()) if mutant.proof}
    assert set(formal.modules()) <= broken


def test_a_patch_with_no_judge_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "PATCHES", tmp_path)
    (tmp_path / "idle.patch").write_text("fault: none\nmodule: axis_fifo\n\n--- a\n+++ b\n")
    with pytest.raises(ValueError, match=r"idle\.patch: its header"):
        mutate.load("idle")


def hunks(patch: str) -> Iterator[tuple[str, str]]:
    """Each file that a patch changes, with the lines that it looks for."""
    file, lines = "", list[str]()
    for line in [*patch.splitlines(keepends=True), "@@"]:
        if line.startswith("@@") and lines:
            yield file, "".join(lines)
        if line.startswith("--- a/"):
            file = line[len("--- a/") :].strip()
        if line.startswith(("--- ", "+++ ", "@@")):
            lines = []
        elif file and line[0] in " -":
            lines.append(line[1:])


@pytest.mark.parametrize("name", mutate.names())
def test_a_patch_fits_one_place(name: str) -> None:
    """Else git puts it where the numbers of its lines say, which move with the file."""
    for file, lines in hunks((mutate.PATCHES / f"{name}.patch").read_text()):
        assert f"\n{(ROOT / file).read_text()}".count(f"\n{lines}") == 1, file


def test_faults_are_named_by_pattern(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each once, whichever patterns have it; a pattern that none fits is refused before any."""
    asked = list[str]()

    def judged(mutants: Sequence[mutate.Mutant]) -> Iterator[list[tuple[str, bool, str]]]:
        asked.extend(mutant.name for mutant in mutants)
        raise InterruptedError

    monkeypatch.setattr(mutate, "judged", judged)
    monkeypatch.setattr(mutate, "unsound", lambda _: iter(()))
    with pytest.raises(InterruptedError):
        mutate.main(["crc32_*", "*_some_registers", "axis_fifo_*"])
    every = {name for name in mutate.names() if name.startswith(("crc32_", "axis_fifo_"))}
    assert len(asked) == len(set(asked)) > 4 and set(asked) == every
    asked.clear()
    assert mutate.main(["crc32_*", "nope_*"]) == 2 and not asked
    assert "no mutant nope_*; there are: " in capsys.readouterr().err


def test_a_waiver_makes_verdicts_on_its_own_sources_old() -> None:
    """And no others: a new module's would have all judged again."""
    named = {name: mutate.inputs(mutate.load(name)) for name in mutate.names()}
    with_waiver = {
        mutate.load(name).module
        for name, paths in named.items()
        if any(path.name == "ouch42_encode.vlt" for path in paths)
    }
    assert "ouch42_encode" in with_waiver and "crc32" not in with_waiver


def test_a_judge_that_fails_without_a_fault_judges_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would catch every fault."""
    fault = mutate.load("axis_register_skid_lost")
    assert fault.judges == ["bench", "proof"]
    assert [*mutate.unsound([fault])] == []
    bench, proof = replace(fault, tests="test_crc32"), replace(fault, proof="nonesuch")
    failing = [*mutate.unsound([bench, proof])]
    assert [one.partition(";")[0].split()[0] for one in failing] == ["axis_register:"] * 2
    assert "nonesuch: ERROR" in failing[1]
    monkeypatch.setattr(mutate, "unsound", lambda _: iter(failing))
    monkeypatch.setattr(mutate, "judge", None)
    assert mutate.main(["axis_register_skid_lost"]) == 2
    assert "they fail without a fault, too:\naxis_register: " in capsys.readouterr().err
