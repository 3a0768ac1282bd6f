"""Students: a sequence equals single steps, training repeats, the test part isn't read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.student import INPUT_SCALE, NetConfig, StudentStep, build
from models.score.evaluate import a_day as a_day_file
from models.train import __main__ as train
from models.train import checkpoint, labels, soft, students
from models.train.forest import Forest
from models.train.labels import Samples, parts
from models.train.stream import exact_scores
from models.train.students import StudentError
from models.train.trainer import TrainConfig, Trainer
from openrtl.torch import nonzero_weights
from openrtl.torch.steps import run
from tickwire.data.events import About, Events
from tickwire.features.table import TABLE

SMALL = TrainConfig(NetConfig(hidden=4, keys=2, values=2), epochs=3, streams=64, weights=150)
RECURRENT = ("lstm_attn", "cnn")


def features(rows: int, streams: int) -> torch.Tensor:
    generator = np.random.default_rng(2)
    whole = generator.integers(-127, 128, (rows, streams, len(TABLE)))
    return torch.as_tensor(whole / INPUT_SCALE)


@pytest.mark.parametrize("kind", RECURRENT)
@pytest.mark.parametrize("wide", [torch.float64, torch.float32])
def test_a_sequence_equals_single_steps(kind: str, wide: torch.dtype) -> None:
    """In float32 too, in which training computes: its sums stay within 24 bits."""
    torch.manual_seed(3)
    net = build(NetConfig(kind))
    assert isinstance(net, StudentStep)
    x = features(24, 2)
    exact = net.double()
    with torch.no_grad():
        steps = torch.stack([run(exact, x[:, stream]) for stream in range(2)], dim=1)
        net = net.to(wide)
        first, states = net.sequence(x[:9].to(wide), net.begin(2, x.to(wide)))
        then, _ = net.sequence(x[9:].to(wide), states)
    assert torch.equal(torch.cat([first, then]).double(), steps)
    # every output varies
    assert all(len(steps[..., output].unique()) > 10 for output in range(5))
    # and an output depends on earlier inputs, not on later ones
    changed = x.clone()
    changed[16:] = -changed[16:]
    with torch.no_grad():
        again, _ = exact.double().sequence(changed, exact.begin(2, x))
    assert torch.equal(again[:16], steps[:16]) and not torch.equal(again[16:], steps[16:])


def test_a_convolution_looks_back_as_far_as_its_dilations() -> None:
    torch.manual_seed(3)
    net = build(NetConfig("cnn", dilations=(1, 4, 2))).double()
    x = features(24, 1)
    for ago, matters in ((7, True), (8, False)):
        changed = x.clone()
        changed[20 - ago] = -x[20 - ago]
        with torch.no_grad():
            pair = [net.sequence(each, net.begin(1, x))[0][20] for each in (x, changed)]
        assert torch.equal(*pair) is not matters, ago


def test_an_mlp_reads_the_latest_features_only() -> None:
    torch.manual_seed(1)
    net = build(NetConfig("mlp", layers=(6, 5))).double()
    x = features(10, 2)
    y, _ = net.sequence(x, ())
    assert torch.equal(y[7, 1], net(x[7, 1][None])[0])


KINDS = [pytest.param("lstm_attn", marks=pytest.mark.long), "cnn", "mlp"]


@pytest.mark.parametrize("kind", KINDS)
def test_training_repeats_and_resumes(tmp_path: Path, samples: Samples, kind: str) -> None:
    torch.set_num_threads(1)
    config = replace(SMALL, net=replace(SMALL.net, kind=kind, layers=(6,)))
    whole = Trainer(config, samples, tmp_path / "whole")
    best = whole.run()
    stopped = Trainer(config, samples, tmp_path / "cut")

    def interrupt(epoch: int, *_: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.run(interrupt)
    resumed = Trainer(config, samples, tmp_path / "cut")
    assert resumed.run() == best
    assert resumed.epoch == 3 and resumed.digest() == whole.digest()
    ends = [checkpoint.read(each.folder, each.key) for each in (resumed, whole)]
    for name in ("state", "mean", "best_state"):
        mine, theirs = (end[name] for end in ends if end)
        assert all(torch.equal(mine[key], theirs[key]) for key in mine), name
    left, _ = nonzero_weights(whole.net)
    assert 0.5 * config.weights < left <= config.weights
    other = Trainer(replace(config, seed=2), samples, tmp_path / "other")
    other.run()
    assert other.digest() != whole.digest()
    with pytest.raises(ValueError, match="another training"):
        Trainer(replace(config, epochs=4), samples, tmp_path / "whole").run()


@pytest.mark.parametrize("kind", KINDS)
def test_corrupting_every_test_row_leaves_the_weights(
    tmp_path: Path, events: Events, kind: str
) -> None:
    """Also through a teacher, whose soft labels come from the corrupted day itself."""
    torch.set_num_threads(1)
    start = len(events) * 7 // 10
    changed = Events(events.tops.copy(), events.levels.copy())
    changed.tops["bid_price"][start:], changed.tops["ask_price"][start:] = 100, 900
    changed.levels["price"][start:, 0], changed.levels["price"][start:, 1] = 100, 900
    changed.tops["timestamp"][start:] = 0
    digests, starts = [], []
    config = replace(SMALL, epochs=2, net=NetConfig(kind), average=0.9)
    for number, day in enumerate((events, changed)):
        samples = labels.samples(About("test", ("AAAA",)), day)
        path, training = tmp_path / f"{number}.npz", parts(samples)[0]
        teacher = Forest(samples, *parts(samples)[:2], 50, bag=1)
        soft.write(path, teacher.chances(teacher.x), samples, training, 50)
        lessons = soft.read([path], samples, training, 50)
        taught = replace(config, soft=0.7, teacher=lessons.digest)
        trainer = Trainer(taught, samples, tmp_path / str(number), lessons)
        trainer.run()
        digests.append(trainer.digest())
        starts.append(parts(samples)[2].start)
    assert digests[0] == digests[1] and starts[0] == starts[1]
    # the digest does change with the teacher's chances
    turned = soft.Soft(lessons.chances[:, ::-1].copy(), "other")
    other = Trainer(replace(taught, teacher="other"), samples, tmp_path / "other", turned)
    other.run()
    assert other.digest() != digests[0]


def test_a_taught_student_is_nearer_to_its_teacher(tmp_path: Path, samples: Samples) -> None:
    """A teacher of constant chances: the larger its share in the loss, the nearer the student."""
    training = parts(samples)[0]
    constant = np.tile(np.array([[0.7, 0.2, 0.1]], np.float32), (len(training), 1))
    lessons = soft.Soft(constant, "a teacher")
    away = []
    for share in (0.0, 0.5, 1.0):
        config = replace(SMALL, net=NetConfig("mlp", layers=(8,)), epochs=5, piece=4)
        config = replace(config, mirror=False, average=0.0)
        if share:
            config = replace(config, soft=share, teacher="a teacher")
        trainer = Trainer(config, samples, tmp_path / str(share), lessons if share else None)
        trainer.run()
        scores = trainer.outputs(trainer.validation)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        # rare classes count more in the loss, for a teacher's chances as for labels
        expected = constant[0] * trainer.targets.balance.numpy()
        away.append(float(np.abs(chances - expected / expected.sum()).mean()))
    assert away[0] > 1.5 * away[1] > 3 * away[2], away
    with pytest.raises(ValueError, match="aren't those"):
        Trainer(SMALL, samples, tmp_path / "run", lessons)
    with pytest.raises(ValueError, match="go together"):
        replace(SMALL, soft=0.5)


@pytest.mark.parametrize("kind", RECURRENT)
def test_kept_integers_compute_the_same(tmp_path: Path, samples: Samples, kind: str) -> None:
    """Through the file, and as one stream over the whole day, as in hardware."""
    torch.set_num_threads(1)
    config = replace(SMALL, epochs=1, net=replace(SMALL.net, kind=kind))
    trainer = Trainer(config, samples, tmp_path / "run")
    best = trainer.run()
    path = students.save(trainer, best, tmp_path / "kept")
    net, record = students.load(tmp_path / "kept")
    assert record["digest"] == trainer.digest() and record["horizon"] == 50
    short = replace(samples, x=samples.x[:1500], rows=samples.rows[:1500])
    whole = exact_scores(net, short, piece=130)
    x = torch.as_tensor(short.x.astype(np.float64) / INPUT_SCALE)
    assert isinstance(trainer.net, StudentStep)
    with torch.no_grad():
        steps = run(trainer.net.double(), x[:300])[:, :3].numpy()
    assert np.array_equal(whole[:300], steps) and len(np.unique(whole)) > 50
    path.write_text(path.read_text().replace('"codes": [[', '"codes": [[1, ', 1))
    with pytest.raises(StudentError, match="not a trained student"):
        students.load(path)
    students.save(trainer, best, tmp_path / "kept")
    damaged = json.loads(path.read_text())
    damaged["layers"]["head"]["bias"]["codes"][0] += 1
    path.write_text(json.dumps(damaged))
    with pytest.raises(StudentError, match="its digest is that of other weights"):
        students.load(path)
    with pytest.raises(StudentError, match="No such file"):
        students.load(tmp_path / "none")


def test_the_command(
    tmp_path: Path,
    day_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = str(tmp_path / "out")
    arguments = [str(day_file), "--model", "mlp", "--epochs", "2", "--out", out, "--json"]
    monkeypatch.setattr(train, "BUILD", tmp_path)
    assert train.main(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["weights"] > figures["nonzero_weights"] > 100
    assert train.main([*arguments[:-1], "--seed", "2"]) == 2
    assert "belongs to another training" in capsys.readouterr().err
    assert train.main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_trained_widths_are_kept(tmp_path: Path, samples: Samples) -> None:
    """Weights on a finer grid than the initial one come back unchanged."""
    torch.set_num_threads(1)
    config = replace(SMALL, epochs=1, net=NetConfig("mlp", layers=(6,), learn="weight"))
    trainer = Trainer(config, samples, tmp_path / "run")
    with torch.no_grad():
        trainer.net.layers[0].weight_fraction += 2.0  # type: ignore[union-attr, operator]
    students.save(trainer, 0.0, tmp_path / "kept")
    net, record = students.load(tmp_path / "kept")
    assert record["digest"] == trainer.digest()
    fine = torch.as_tensor(net.layers[0].grid_weight()) * 16  # type: ignore[union-attr, operator]
    assert not torch.equal(fine, torch.round(fine))


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_make_train_makes_the_kept_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the generated day, by default: the committed integers, where sums have the same order."""
    kept = json.loads((students.TRAINED / "lstm_attn_market_50" / students.FILE).read_text())
    day = a_day_file(tmp_path / "market.parquet")
    assert train.main([str(day), "--out", str(tmp_path / "run"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    record = json.loads((tmp_path / "run" / students.FILE).read_text())
    assert all(record[key] == kept[key] for key in ("data", "training", "net"))
    if record["machine"] == kept["machine"]:
        assert figures["digest"] == kept["digest"] and record["layers"] == kept["layers"]
    else:
        assert abs(figures["validation_mcc"] - kept["validation_mcc"]) < 0.02
