"""Each fault of sim/mutants is caught by every judge that its patch names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.checks import mutants as mutate


@pytest.mark.long
@pytest.mark.parametrize("name", mutate.names())
def test_killed(name: str) -> None:
    mutant = mutate.load(name)
    verdicts = list(mutate.judge(mutant))
    assert [kind for kind, _, _ in verdicts] == mutant.judges
    assert all(caught for _, caught, _ in verdicts), verdicts


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
