"""`make train` with a network of one's own: trained, kept, and on the path as it lies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.deploy import convert
from models.deploy.convert import Network, converted
from models.deploy.source import find
from models.nets.module import code, make
from models.nets.own import NetworkError, own
from models.score import options
from models.train import __main__ as train
from models.train import checkpoint
from models.train.kept import StudentError
from models.train.labels import Samples, load, parts
from models.train.options import check, parser
from models.train.own import OwnNet, candidate
from openrtl.torch.steps import GRUStep, run
from tests.models.own_cases import CODE, FEATURES, HEAD, MINE, TRACED, Case

TURNED = HEAD + 'features = ["flow_8", "spread", "imbalance_1"]\n'
GRU = (
    "from openrtl.torch import GRUStep\n\nclass Mine(GRUStep):\n    def __init__(self):\n"
    "        torch.manual_seed(1)\n        super().__init__(3, 4, 3)\n"
)
NORM = (
    "class Mine(nn.Sequential):\n    def __init__(self):\n        super().__init__(\n"
    "            FixedQuantizer(2, 5), FixedLinear(3, 6, 4), nn.BatchNorm1d(6),\n"
    "            FixedQuantizer(2, 5, False), nn.Linear(6, 3), FixedQuantizer(3, 8))\n"
)
PLAIN = (
    "class Mine(nn.Sequential):\n    def __init__(self):\n        super().__init__(\n"
    "            FixedQuantizer(2, 5), nn.Linear(3, 3), FixedQuantizer(3, 8))\n"
)
SCALED = (
    "class Mine(Net):\n    def __init__(self):\n        super().__init__()\n"
    "        self.to_x = FixedQuantizer(3, 4, True)\n"
)


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")
    monkeypatch.setattr(train, "BUILD", tmp_path / "build")
    monkeypatch.chdir(tmp_path)


def trained(capsys: pytest.CaptureFixture[str], *arguments: str) -> Path:
    """Train, and take the folder from the last line."""
    assert train.main(arguments) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("on the path: make sim MODEL=build/training/day_")
    return Path(last.partition("=")[2])


@pytest.mark.parametrize("mine", [Case("").mine, GRU, NORM], ids=["mlp", "gru", "norm"])
def test_what_was_trained_is_on_the_path_as_it_lies(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str], mine: str
) -> None:
    path = Case("", mine=mine, toml=TURNED).write(tmp_path)
    folder = trained(capsys, str(day_file), "--model", str(path), "--epochs", "1")
    assert folder.name == "day_my_50_1_epochs1"
    source, before = find(str(folder)), make(own(path))
    assert source.inputs == (11, 0, 2) and source.name == "day_my_50_1_epochs1.Mine"
    after = source.load().state_dict()
    changed = [
        key
        for key, value in before.state_dict().items()
        if value.ndim > 1 and not torch.equal(value.double(), after[key].double())
    ]
    assert len(changed) >= 2
    saved = torch.load(folder / "weights.pt", weights_only=True)
    assert all(torch.equal(saved[key].double(), after[key].double()) for key in after)
    network = converted(str(folder))
    assert network.latency > 0
    scored_as_on_the_path(folder, network, load(day_file))


def scored_as_on_the_path(folder: Path, network: Network, samples: Samples) -> None:
    """`make evaluate` takes the training, and its chances are those of the path's integers."""
    options.check(options.of_evaluate().parse_args(["--model", str(folder)]))
    trained, record = candidate(folder)
    assert record["horizon"] == 50 and record["data"] == samples.digest
    clear = np.arange(len(samples.x)) == 0
    scores = network.scores(samples.x, clear)[:, :3] * 2.0**-network.signature.fraction
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    for part in parts(samples):
        expected = (powers / powers.sum(axis=1, keepdims=True))[part.span]
        observed = trained.chances(samples, part)
        assert len(observed) > 100 and np.array_equal(observed, expected)
    state = torch.load(folder / "weights.pt", weights_only=True)
    next(value for value in state.values() if value.ndim > 1).mul_(2)
    torch.save(state, folder / "weights.pt")
    with pytest.raises(NetworkError, match=r"weights\.pt holds other weights than were trained"):
        candidate(folder)
    with pytest.raises(StudentError, match=r"each needs a name of its own"):
        options.check(options.of_evaluate().parse_args(["--model", str(folder)] * 2))
    with pytest.raises(StudentError, match=r"it has no weights\.json; kept"):
        options.check(options.of_cards().parse_args(["--model", str(folder)]))


def test_other_options_train_beside_the_old_run(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Case("").write(tmp_path)
    arguments = (str(day_file), "--model", str(path), "--epochs")
    one = trained(capsys, *arguments, "1")
    again, two = trained(capsys, *arguments, "1"), trained(capsys, *arguments, "2")
    assert one == again and two.name == "day_my_50_1_epochs2"
    Case("", mine=Case("").mine + "\n# changed\n").write(tmp_path)
    changed = trained(capsys, *arguments, "1")
    assert changed != one and changed.name.startswith(one.name + "_")
    with pytest.raises(NetworkError, match=r"my_net\.py, or what it imports, was changed after it"):
        find(str(one))
    assert find(str(changed)).kind == "own"
    assert train.main([*arguments, "1", "--out", str(one)]) == 2
    assert "belongs to another training" in capsys.readouterr().err


def test_a_file_that_is_imported_is_part_of_the_network(tmp_path: Path) -> None:
    path = Case("", mine="from my_own_parts.sizes import WIDE  # noqa\n" + Case("").mine).write(
        tmp_path
    )
    (tmp_path / "my_own_parts").mkdir()
    parts = tmp_path / "my_own_parts" / "sizes.py"
    (tmp_path / "my_own_parts" / "other.py").write_text("nobody imports it\n")
    parts.write_text("from .more import WIDE\n")
    parts = parts.with_name("more.py")
    parts.write_text("WIDE = 6\n")
    before = code(own(path))
    assert b"WIDE = 6\n" in before and b"import WIDE\n" in before and b"nobody" not in before
    parts.write_text("WIDE = 8\n")
    assert code(own(path)) == before.replace(b"WIDE = 6\n", b"WIDE = 8\n") != before


def test_a_sequence_equals_single_steps() -> None:
    torch.manual_seed(2)
    net = OwnNet(GRUStep(2, 4, 3).double(), (3, 1))
    x = torch.randint(-127, 128, (12, 2, 5)).double() / 32
    with torch.no_grad():
        first, states = net.sequence(x[:5], net.begin(2, x))
        then, _ = net.sequence(x[5:], states)
        expected = [run(net.net, x[:, stream][:, [3, 1]]) for stream in range(2)]  # type: ignore[arg-type]
    assert torch.equal(torch.cat((first, then)), torch.stack(expected, dim=1))
    assert len(first.unique()) > 10


def test_checkpoints_of_another_training_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert checkpoint.beside(folder, "a" * 64) == folder
    checkpoint.write(folder, "a" * 64, {})
    assert checkpoint.beside(folder, "a" * 64) == folder
    assert checkpoint.beside(folder, "b" * 64) == tmp_path / "run_bbbbbbbb"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--model", "lstm_atn"), "--model lstm_atn: mlp, cnn, lstm_attn or a TOML file; did you"),
        (("--model", "none.toml"), "none.toml: No such file"),
        (("--model", "my.toml"), "make the class of openrtl.torch.GRUStep"),
        (("--horizon", "7"), "argument --horizon: invalid choice: 7"),
        (("--epochs", "0"), "argument --epochs: '0': a whole number above 0"),
        (("--epochs", "many"), "argument --epochs: 'many': a whole number above 0"),
        (("--weights", "-3"), "argument --weights: '-3': a whole number above 0"),
        (("--rate", "0"), "argument --rate: '0': a number, above 0"),
        (("--rate", "nan"), "argument --rate: 'nan': a number, above 0"),
        (("--dropout", "2"), "argument --dropout: '2': a number, 0 to 1"),
        (("--share", "x"), "argument --share: 'x': a number, 0 to 1"),
        (("--average", "1"), "argument --average: '1': a number, 0 to 0.999999"),
        (("--soft", "none.parquet"), "none.parquet: no such file"),
        (("--epoch", "3", "--nothing"), "unrecognized arguments: --nothing"),
    ],
)
def test_wrong_options_end_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    CODE["gru"].write(tmp_path)
    (tmp_path / "day.parquet").write_bytes(b"not looked at")
    try:
        code = train.main(["day.parquet", *arguments])
    except SystemExit as error:
        code = error.code
    out, error_line = capsys.readouterr()
    assert code == 2 and not out
    assert error_line.startswith("train: ") and error_line.count("\n") == 1
    assert says in error_line, error_line
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("case", TRACED.values(), ids=[*TRACED])
def test_what_cannot_convert_is_not_trained(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str], case: Case
) -> None:
    assert train.main([str(day_file), "--model", str(case.write(tmp_path))]) == 2
    error_line = capsys.readouterr().err
    assert case.message in error_line and error_line.count("\n") == 1, error_line
    assert not (tmp_path / "build").exists()


def test_what_is_too_large_is_trained_only_if_it_is_pruned(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = MINE.replace(
        "pass",
        "def __init__(self):\n        super().__init__()\n        "
        "self.first, self.last = FixedLinear(3, 4000, 8), FixedLinear(4000, 3, 8)",
    )
    options = [str(day_file), "--model", str(Case("", mine=large).write(tmp_path))]
    assert train.main(options) == 2
    assert "cells and" in (line := capsys.readouterr().err) and "allow_large = true" in line
    check(parser().parse_args([*options, "--weights", "100"]))


@pytest.mark.parametrize("option", ["--out", "--keep"])
def test_a_folder_that_none_is_is_refused_before_it_trains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert train.main(["day.parquet", option, "taken/deeper/there"]) == 2
    line = f"train: {option} taken/deeper/there: {tmp_path / 'taken'} is a file, and no folder\n"
    assert capsys.readouterr().err == line


def test_a_network_of_another_scale_is_not_trained(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Case("", mine=SCALED).write(tmp_path))
    assert train.main([str(day_file), "--model", path]) == 2
    line = "its first quantiser has 4 fraction bits, and make train gives n / 32"
    assert line in capsys.readouterr().err


def test_data_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["build/data/market.parquet"]) == 2
    line = "train: build/data/market.parquet: no such file; make data makes it\n"
    assert capsys.readouterr().err == line


def test_weights_of_torchs_own_layers_are_not_pruned(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Case("", mine=PLAIN).write(tmp_path))
    assert train.main([str(day_file), "--model", path, "--weights", "9"]) == 2
    assert "prunes FixedLinear and FixedConv1d, and it has none" in capsys.readouterr().err


def test_json_is_all_that_is_printed(
    tmp_path: Path, day_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Case("").write(tmp_path))
    assert train.main([str(day_file), "--model", path, "--epochs", "1", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["weights"] == 36 and FEATURES and Path(figures["weights_file"]).exists()
