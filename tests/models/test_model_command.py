"""`tickwire model`: check, list and show, for people and as JSON; what is wrong is one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hwtools.toolchain import ROOT
from models.deploy import convert
from models.deploy.__main__ import main
from models.train.kept import kept
from tests.models.own_cases import CODE, FEATURES, HEAD, Case

TICKWIRE = Path(sys.executable).with_name("tickwire")


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    out, error = capsys.readouterr()
    assert all(line.startswith("converting ") for line in error.splitlines())  # after 2 s
    return out


def test_check_says_what_a_network_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Case("").write(tmp_path))
    text = said(capsys, "check", path)
    for part in ("converts     yes", "fits         yes", "spread, imbalance_1, flow_8; as n / 32",
                 "of 20,000 of an ECP5, by estimate", "at 8 ns"):  # fmt: skip
        assert part in text
    found = json.loads(said(capsys, "check", path, "--json"))
    assert found["converts"] and found["fits"] and found["why_not"] == []
    assert 200 < found["cells_by_estimate"] < 2_000 and found["cycles"] == 4 and found["loop"] == 1
    assert Path(found["folder"]).parent == tmp_path / "net"
    slower = json.loads(said(capsys, "check", path, "--json", "--period", "30"))
    assert slower["cycles"] < found["cycles"]


def test_check_names_what_rounds_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = "class Mine(Net):\n    def __init__(self):\n        super().__init__(scale=0.3)\n"
    found = json.loads(said(capsys, "check", str(Case("", mine=mine).write(tmp_path)), "--json"))
    assert len(found["rounds_away"]) == 2 and found["nonzero_weights"] < found["weights"] == 36
    assert "round to 0 at 4 fraction bits" in found["rounds_away"][0]


def test_what_does_not_fit_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.deploy.verdict.ROOM", 100)
    path = str(Case("").write(tmp_path))
    assert "no: about" in said(capsys, "check", path, code=1)
    assert json.loads(said(capsys, "check", path, "--json", code=1))["fits"] is False


def test_what_does_not_convert_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(CODE["gru"].write(tmp_path))
    assert main(["check", path, "--json"]) == 2
    out, error = capsys.readouterr()
    found = json.loads(out)
    assert found["converts"] is False and "GRUStep" in found["why_not"][0]
    assert error == f"model: {found['why_not'][0]}\n"


def test_list_has_every_kept_student(capsys: pytest.CaptureFixture[str]) -> None:
    text, rows = said(capsys, "list"), json.loads(said(capsys, "list", "--json"))
    names = [folder.name for folder in kept()]
    assert [row["name"] for row in rows[: len(names)]] == names
    assert all(name in text for name in names) and "19,051" in text
    assert all(row["nonzero_weights"] > 200 and row["cells"] > 1_000 for row in rows[: len(names)])


def test_show_reads_a_student_and_a_toml_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = json.loads(said(capsys, "show", "mlp", "--json"))
    assert row["name"] == "mlp_amzn_50" and row["training"]["epochs"] == 24
    assert sum(layer["nonzero_weights"] for layer in row["layers"]) == row["nonzero_weights"] == 300
    assert "layers.0: 24 x 32, 162 weights not 0, 4 fraction bits" in said(capsys, "show", "mlp")
    path = Case("", toml=HEAD + 'features = ["flow_8", "pace", "spread"]\nperiod = 9.0').write(
        tmp_path
    )
    own = json.loads(said(capsys, "show", str(path), "--json"))
    assert own["features"] == ["flow_8", "pace", "spread"] and own["period"] == 9.0


def test_a_training_of_ones_own_is_listed_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = HEAD + FEATURES + '\n[training]\ninstrument = "AAPL"\nvalidation_mcc = 0.125\n'
    folder = Case("", toml=toml).write(tmp_path).rename(tmp_path / "model.toml").parent
    monkeypatch.setattr("models.deploy.catalogue.trainings", lambda: [folder])
    last = json.loads(said(capsys, "list", "--json"))[-1]
    assert last["kind"] == "own" and last["instrument"] == "AAPL"
    assert last["name"].endswith(folder.name) and "0.125" in said(capsys, "list")
    row = json.loads(said(capsys, "show", str(folder), "--json"))
    assert row["class"] == "Mine" and row["validation_mcc"] == 0.125


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "gone"), "no network 'gone': a TOML file, one of mlp, cnn, lstm_attn, or"),
        (("check", "lstm_atn"), "did you mean 'lstm_attn'?"),
        (("check", "docs"), "docs: it has no weights.json and no model.toml"),
        (("check", "none.toml"), "none.toml: No such file or directory"),
        (("check", "mlp", "--period", "0"), "--period is 0 ns; at least 1"),
        (("check", "mlp", "--period", "fast"), "--period: invalid float value: 'fast'"),
        (("check",), "the following arguments are required: name"),
        (("show", "gone"), "no network 'gone'"),
        (("shwo", "mlp"), "invalid choice: 'shwo'"),
        (("list", "--jsn"), "unrecognized arguments: --jsn"),
        ((), "the following arguments are required: check | list | show"),
    ],
)
def test_wrong_arguments_end_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    done = subprocess.run(
        [TICKWIRE, "model", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and not done.stdout
    assert done.stderr.startswith("model: ") and done.stderr.count("\n") == 1
    assert says in done.stderr, done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{TICKWIRE} model list | true", shell=True, cwd=ROOT, capture_output=True, check=True
    )
    assert not done.stderr


def test_tickwire_passes_all_that_follows_on() -> None:
    done = subprocess.run(
        [TICKWIRE, "model", "check", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "tickwire model check" in done.stdout and "--period NS" in done.stdout
    helped = subprocess.run(
        [TICKWIRE, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "model" in helped.stdout
