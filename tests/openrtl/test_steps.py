"""Recurrent steps in their streaming wrapper: order, state, clears, waiting, reset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from openrtl.convert import convert
from openrtl.measure.judge import torch_sequences
from openrtl.measure.vectors import draw
from openrtl.precision import Numbers
from openrtl.refuse import RefusedError
from openrtl.simulate import CLEAR, CLEAR_ALL, CLEAR_AND_STEP, STEP, Simulation
from openrtl.torch.steps import GRUStep, LinearAttentionStep, LSTMStep, Step

pytestmark = pytest.mark.long

TAG_BITS = 2


def make(kind: str) -> Step:
    torch.manual_seed(4)
    step: Step
    if kind == "lstm":
        step = LSTMStep(3, 4, 2)
    elif kind == "gru":
        step = GRUStep(3, 4, 2)
    else:
        step = LinearAttentionStep(3, 2, 3, 2)
    return step.double().eval()


@pytest.fixture(scope="module", params=["lstm", "gru", "attention"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    step = make(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    model = convert(step, step.input_shapes(), folder, name="step", tag_bits=TAG_BITS)
    model.write()
    simulation = Simulation(folder)
    simulation.compile()
    return step, simulation


def reference(
    step: Step, x: Numbers, tags: NDArray[np.int64], users: NDArray[np.int64]
) -> tuple[Numbers, NDArray[np.int64]]:
    """The torch step, command by command: results and instruments of the commands that step."""
    zero = [torch.zeros(1, s.size, dtype=torch.float64) for s in step.states]
    kept: dict[int, list[torch.Tensor]] = {}
    width, results, names = sum(s.size for s in step.states), [], []
    with torch.no_grad():
        for row, tag, user in zip(x, tags.tolist(), users.tolist(), strict=True):
            if user == CLEAR_ALL:
                kept.clear()
            if user in (CLEAR, CLEAR_AND_STEP):
                kept.pop(tag, None)
            if user in (STEP, CLEAR_AND_STEP):
                whole = step(torch.from_numpy(row[None]), *kept.get(tag, zero))
                kept[tag] = [whole[:, s.start : s.start + s.size] for s in step.states]
                results.append(whole[0, width:].numpy())
                names.append(tag)
    return np.stack(results), np.array(names)


def traffic(step: Step, count: int, seed: int) -> tuple[Numbers, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    x = draw(step.form.x, (step.n_in,), count, rng)
    tags = rng.integers(0, 1 << TAG_BITS, count)
    users = rng.choice([STEP, CLEAR, CLEAR_ALL, CLEAR_AND_STEP], count, p=[0.88, 0.05, 0.02, 0.05])
    gaps = np.where(rng.random(count) < 0.2, rng.integers(1, 30, count), 0)
    return x, tags, users, gaps


def test_commands_in_order(running: Any) -> None:
    """Random instruments, gaps and clears, the same instrument often before its state is back."""
    step, simulation = running
    x, tags, users, gaps = traffic(step, 1200, 1)
    expected, names = reference(step, x, tags, users)
    beats = simulation.run(x, tags=tags, users=users, gaps=gaps)
    assert beats.values.shape == expected.shape
    assert len(np.unique(expected)) > 20
    assert np.array_equal(beats.values, expected)
    assert np.array_equal(beats.tag, names)


def test_clears_matter(running: Any) -> None:
    """The same ticks without their clears give other results: the test above can fail."""
    step, simulation = running
    x, tags, users, gaps = traffic(step, 1200, 1)
    expected, _ = reference(step, x, tags, users)
    kept = np.where(users == CLEAR_AND_STEP, STEP, users)
    beats = simulation.run(x, tags=tags, users=kept, gaps=gaps)
    assert beats.values.shape == expected.shape
    assert not np.array_equal(beats.values, expected)


def test_long_sequences_with_state_kept_over_gaps(running: Any) -> None:
    step, simulation = running
    rng = np.random.default_rng(2)
    x = draw(step.form.x, (step.n_in,), 4 * 300, rng).reshape(4, 300, step.n_in)
    expected = torch_sequences(step, x)
    order = np.tile(np.arange(4), 300)
    gaps = np.zeros(1200, np.int64)
    gaps[600] = 5000
    beats = simulation.run(x.transpose(1, 0, 2).reshape(1200, -1), tags=order, gaps=gaps)
    assert np.array_equal(beats.values, expected.transpose(1, 0, 2).reshape(1200, -1))


def test_latency_is_constant_when_nothing_waits(running: Any) -> None:
    step, simulation = running
    loop = simulation.interface["loop"]["cycles"]
    count = 64
    tags = np.arange(count) % (1 << TAG_BITS)
    x = draw(step.form.x, (step.n_in,), count, np.random.default_rng(3))
    beats = simulation.run(x, tags=tags, gaps=np.full(count, loop))
    assert set(beats.clock - beats.taken - 1) == {simulation.interface["latency"]}


def test_one_instrument_takes_a_tick_each_loop(running: Any) -> None:
    """Back to back, one instrument's results come LOOP clocks apart; four instruments overlap."""
    step, simulation = running
    loop = simulation.interface["loop"]["cycles"]
    x = draw(step.form.x, (step.n_in,), 40, np.random.default_rng(4))
    beats = simulation.run(x, tags=0)
    assert set(np.diff(beats.clock)) == {loop}
    beats = simulation.run(x, tags=np.arange(40) % 4)
    assert np.diff(beats.clock).min() == 1


def test_reset_forgets(running: Any) -> None:
    """After a reset there is no result of before, and every state is zero."""
    step, simulation = running
    x = draw(step.form.x, (step.n_in,), 21, np.random.default_rng(5))
    flags = np.ones(21, np.int64)
    flags[10] = 2
    beats = simulation.run(x, tags=1, flags=flags)
    fresh, _ = reference(step, x[11:], np.full(10, 1), np.zeros(10, np.int64))
    assert len(beats.values) < 20
    assert np.array_equal(beats.values[-10:], fresh)


def test_a_state_that_doesnt_fit_is_refused(tmp_path: Path) -> None:
    step = make("gru")
    states = [{"name": "h", "position": 1, "start": 2, "size": 4}]
    model = convert(step, step.input_shapes(), tmp_path / "net", name="step", states=states)
    with pytest.raises(RefusedError, match="successor"):
        model.write()
    assert not (tmp_path / "net").exists()
