"""What is trained and chosen reads no row that it may not: validation and test may be anything.

A *spoiled* day differs in every sample from a place on. What was made of it must be the same to the
last bit, and must differ where the spoiling reaches one sample further back: else it isn't looked
at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from hwtools.report import Report
from models.nets.student import NetConfig
from models.score import evaluate, ledger, scoring
from models.score.backtest import CHOSEN_AT, Market, Tape
from models.score.scoring import Case
from models.train import baselines, checkpoint, forest, soft
from models.train.forest import Forest
from models.train.labels import HORIZONS, Part, Samples, moves, parts, threshold
from models.train.targets import build_targets
from models.train.trainer import TrainConfig, Trainer
from models.train.window import TeacherConfig, Training
from tickwire.data.events import About, Events

HORIZON = 50
Spoiler = Callable[[Samples, int], Samples]
COLUMNS = ("x", "middle", "spread", "time")


def noise(samples: Samples, start: int) -> Samples:
    generator = np.random.default_rng(start)
    changed = {name: getattr(samples, name).copy() for name in COLUMNS}
    changed["x"][start:] = generator.integers(-127, 128, changed["x"][start:].shape)
    changed["middle"][start:] = generator.integers(1, 10**9, len(samples) - start)
    changed["spread"][start:] = generator.integers(1, 10**6, len(samples) - start)
    return replace(samples, **changed)


def permuted(samples: Samples, start: int) -> Samples:
    order = np.arange(len(samples))
    order[start:] = np.random.default_rng(start).permutation(order[start:])
    return replace(samples, **{name: getattr(samples, name)[order] for name in COLUMNS})


def absent(samples: Samples, start: int) -> Samples:
    """NaN, which whatever is computed with it becomes too."""
    changed: dict[str, Any] = {}
    for name in COLUMNS:
        changed[name] = getattr(samples, name).astype(np.float64)
        changed[name][start:] = np.nan
    return replace(samples, **changed)


SPOILERS = [noise, permuted, absent]
# A validation part decides which epoch, which tree and which settings are kept. So it must hold
# numbers where those are asked for; then what is trained is looked at, not what is kept.
NUMBERS = [noise, permuted]


def same(one: Any, other: Any) -> bool:
    """To the last bit, tensors in dictionaries too."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, np.ndarray):
        return one.tobytes() == other.tobytes()
    return bool(one == other)


def behind_training(samples: Samples) -> int:
    """The first sample that no training label of this horizon reads."""
    return parts(samples)[0].stop + HORIZON


def behind_validation(samples: Samples) -> int:
    return parts(samples)[1].stop + HORIZON


@pytest.mark.parametrize("spoil", SPOILERS)
def test_labels_and_scales_are_of_the_training_part(samples: Samples, spoil: Spoiler) -> None:
    def learned(day: Samples) -> Any:
        training = parts(day)[0]
        made = vars(build_targets(day, training, HORIZON, 64, mirror=True))
        rules = [rule(day, training, HORIZON) for rule in (baselines.persistence,
                                                           baselines.always_flat)]  # fmt: skip
        return made | {rule.name: (rule.limit, rule.digest) for rule in rules}

    first = behind_training(samples)
    whole = learned(samples)
    assert same(learned(spoil(samples, first)), whole)
    if spoil is not absent:  # a training part with NaN has no threshold
        assert not same(learned(spoil(samples, first - HORIZON)), whole)


TINY = NetConfig("mlp", layers=(4,))
SMALL = TrainConfig(TINY, horizon=HORIZON, epochs=2, streams=64, weights=90, average=0.9)


def student(day: Samples, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """All that training left, and what of it was kept by its validation score."""
    lessons, config = None, SMALL
    bag = Forest(day, *parts(day)[:2], HORIZON, bag=1)
    chances = np.asarray(bag.chances(bag.x))
    if np.isfinite(bag.loss):
        path = folder / "soft.npz"
        soft.write(path, np.full((len(bag.x), 3), 1 / 3), day, parts(day)[0], HORIZON)
        lessons = soft.read([path], day, parts(day)[0], HORIZON)
        config = replace(SMALL, soft=0.5, teacher=lessons.digest)
    trainer = Trainer(config, day, folder, lessons)
    trainer.run()
    state = checkpoint.read(folder, trainer.key)
    assert state is not None
    trained = {name: state[name] for name in ("state", "mean", "optimiser", "updates")}
    trained |= {"limit": trainer.limit, "forest": (bag.limit, bag.x, bag.y)}
    kept = {"digest": trainer.digest(), "best": state["best_state"], "forest": chances}
    return trained, kept


@pytest.fixture(scope="module", autouse=True)
def quick() -> Any:
    """Few trees, one thread; the tests after these have their threads back."""
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "ROUNDS", 6)
        patch.setattr(forest, "GRID", forest.GRID[:2])
        patch.setattr(baselines, "ROUNDS", 12)
        torch.set_num_threads(1)
        yield
        torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def taught(
    samples: Samples, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    return student(samples, tmp_path_factory.mktemp("student"))


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_student_reads_no_test_row(
    samples: Samples, taught: Any, spoil: Spoiler, tmp_path: Path
) -> None:
    """Nor does the forest that teaches it; of both, what is kept is the same too."""
    assert same(student(spoil(samples, behind_validation(samples)), tmp_path), taught)


@pytest.mark.parametrize("spoil", NUMBERS)
def test_a_student_learns_from_no_validation_row(
    samples: Samples, taught: Any, spoil: Spoiler, tmp_path: Path
) -> None:
    first = behind_training(samples)
    trained, _ = student(spoil(samples, first), tmp_path / "behind")
    assert same(trained, taught[0])
    less, _ = student(spoil(samples, first - HORIZON - 64), tmp_path / "within")
    assert not same(less, taught[0])


TEACHER = TeacherConfig(hidden=2, layers=1, heads=1, window=4, epochs=2, batch=256, stride=8)


def teacher(day: Samples, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    training = Training(replace(TEACHER, horizon=HORIZON), day, folder)
    training.run()
    state = checkpoint.read(folder, training.key)
    assert state is not None
    trained = {"limit": training.limit, "scale": training.scale}
    trained |= {name: state[name] for name in ("state", "optimiser")}
    return trained, {name: state[name] for name in ("best", "best_state")}


@pytest.fixture(scope="module")
def teaching(
    samples: Samples, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    return teacher(samples, tmp_path_factory.mktemp("teacher"))


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_teacher_reads_no_test_row(
    samples: Samples, teaching: Any, spoil: Spoiler, tmp_path: Path
) -> None:
    assert same(teacher(spoil(samples, behind_validation(samples)), tmp_path), teaching)


@pytest.mark.parametrize("spoil", NUMBERS)
def test_a_teacher_learns_from_no_validation_row(
    samples: Samples, teaching: Any, spoil: Spoiler, tmp_path: Path
) -> None:
    trained, kept = teacher(spoil(samples, behind_training(samples)), tmp_path)
    assert same(trained, teaching[0]) and not same(kept, teaching[1])


def lightgbm(day: Samples) -> baselines.Trained:
    return baselines.boosted(day, *parts(day)[:2], HORIZON, trials=2, seed=3)


@pytest.mark.parametrize("spoil", SPOILERS)
def test_lightgbm_reads_no_test_row(samples: Samples, spoil: Spoiler) -> None:
    one, other = lightgbm(samples), lightgbm(spoil(samples, behind_validation(samples)))
    for name in ("digest", "limit", "settings", "validation_mcc"):
        assert getattr(one, name) == getattr(other, name), name


@pytest.mark.parametrize("spoil", NUMBERS)
def test_lightgbms_trees_grow_on_no_validation_row(samples: Samples, spoil: Spoiler) -> None:
    """It decides how many of them there are."""
    training, validation, _ = parts(samples)
    trees, limit = [], threshold(moves(samples, training, HORIZON))
    for day in (samples, spoil(samples, behind_training(samples))):
        sets = [
            (day.x[part.span], baselines.classes(moves(day, part, HORIZON), limit))
            for part in (training, validation)
        ]
        settings = baselines._settings(np.random.default_rng(1))
        text = baselines._train(*sets, settings, 1).model_to_string(num_iteration=99)
        grown = text.partition("end of trees")[0].split("\nTree=")[1:]
        trees.append([tree.strip() for tree in grown])
    common = min(map(len, trees))
    assert common >= 3 and trees[0][:common] == trees[1][:common]


# -- What is chosen for money ----------------------------------------------------------------------


def spoiled_tape(tape: Tape, row: int, seed: int) -> Tape:
    """Other prices and sizes, and other trades, from a row on."""
    generator = np.random.default_rng(seed)
    price, shares, event, ok = (
        getattr(tape, name).copy() for name in ("price", "shares", "event", "ok")
    )
    moved = generator.integers(-50, 50, len(price) - row) * 100
    price[row:] += moved[:, None, None]
    shares[row:] = generator.integers(1, 5_000, shares[row:].shape)
    event[row:, 3] = generator.integers(1, 5_000, len(price) - row)
    ok[row:] = generator.random(len(price) - row) < 0.7
    return replace(tape, price=price, shares=shares, event=event, ok=ok)


def guessed(samples: Samples, part: Part) -> np.ndarray:
    """Chances of a candidate that looks at a few features: some signal, much noise."""
    scores = np.nan_to_num(samples.x[part.span][:, [2, 5, 7]].astype(np.float64)) / 40
    scores = scores.sum(axis=1)[:, None] * np.array([-1.0, 0.0, 1.0])
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def a_case(events: Events, samples: Samples, first: int | None, spoil: Spoiler = noise) -> Case:
    """The day's case, spoiled from a sample on; none: as it is."""
    market = Market(*Tape.of(events), samples)
    if first is not None:
        tape = spoiled_tape(market.tape, int(samples.rows[first]), first)
        market = Market(tape, market.rows, spoil(samples, first))
    about = About("test", ("AAAA",), share_unit="shares")
    return Case("aaaa", about, market, HORIZON, Report("", ""), 1)


def trained(case: Case) -> baselines.Trained:
    limit = threshold(moves(case.market.samples, case.parts[0], case.horizon))
    return baselines.Trained("guess", limit, "d", guessed)


@pytest.mark.parametrize("spoil", SPOILERS)
def test_the_backtests_threshold_is_chosen_on_validation_alone(
    events: Events, samples: Samples, spoil: Spoiler
) -> None:
    """Neither the test part nor the training part has a say; the validation part does."""
    whole = a_case(events, samples, None)
    rules = scoring.chosen(whole, trained(whole))
    # what a message of the last sample meets comes within the latency at which it is chosen
    first = parts(samples)[2].start
    late = samples.time[first] - samples.time[parts(samples)[1].stop]
    assert late > CHOSEN_AT
    for place in (first, behind_validation(samples)):
        case = a_case(events, samples, place, spoil)
        assert scoring.chosen(case, trained(case)) == rules
    within = a_case(events, samples, parts(samples)[1].start + 500)
    assert scoring.chosen(within, trained(whole)) != rules
    # the training part in other order: its chances are others, and nothing asks for them
    order = np.arange(len(samples))
    order[: parts(samples)[0].stop] = order[: parts(samples)[0].stop][::-1]
    turned = replace(samples, x=samples.x[order])
    case = replace(whole, market=replace(whole.market, samples=turned))
    assert scoring.chosen(case, trained(case)) == rules


def test_the_test_part_is_played_by_the_rules_of_validation(
    events: Events, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "BOOK", tmp_path / "ledger.jsonl")
    monkeypatch.setattr(ledger, "_source", lambda: "none")
    case = a_case(events, samples, None)
    rules = scoring.chosen(case, trained(case))
    results = scoring.money(case, trained(case), scoring.TEST)
    for policy, one in rules.items():
        assert results[policy]["rules"] == vars(one)
    chances = guessed(samples, parts(samples)[2])
    outcome = case.market.play(chances, parts(samples)[2], rules["taker"], 1_000)
    assert results["taker"]["1000"]["net"] == outcome.net
    best = case.market.choose(chances, parts(samples)[2], rules["taker"])
    assert best != rules["taker"]  # another threshold would have earned more there


def test_a_transfers_threshold_is_of_the_training_part(
    events: Events, samples: Samples, tmp_path: Path, student: Any
) -> None:
    """Its weights are another day's; its labels' threshold is this day's training part's."""
    folder = student(tmp_path / "mlp_other_50", "another day", HORIZON)
    limits = []
    for place in (None, behind_training(samples), len(parts(samples)[0]) // 2):
        found = evaluate.candidate(a_case(events, samples, place), folder)
        assert found is not None and found[1]
        limits.append(found[0].limit)
    assert limits[0] == limits[1] != limits[2]
    assert limits[0] == threshold(moves(samples, parts(samples)[0], HORIZON))


def test_no_label_of_a_part_reaches_into_the_next(samples: Samples) -> None:
    """At any horizon: each part's labels from a day that ends where the next part begins."""
    cut = parts(samples)
    for part, then in zip(cut, [*cut[1:], Part(len(samples), 0)], strict=True):
        for horizon in HORIZONS:
            there = replace(samples, middle=samples.middle[: then.start])
            assert same(moves(there, part, horizon), moves(samples, part, horizon))
            assert len(moves(there, part, horizon)) == len(part)
