"""The backtest: equal to the naive one to the last integer, and right where the result is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.score.backtest import (
    LATENCIES,
    POLICIES,
    Market,
    Outcome,
    Rules,
    Tape,
    arrivals,
    run,
    targets,
)
from models.score.fills import LAST
from models.score.naive_backtest import NaiveBacktest
from models.train.labels import DOWN, FLAT, UP, Part, Samples, moves, parts
from tickwire.book.types import LEVEL
from tickwire.data.events import Events
from tickwire.gen.records import TOP_OF_BOOK, Operation, Side

FREE = Rules(size=100, hold=10, fee_take=0)


@pytest.fixture(scope="module")
def market(events: Events, samples: Samples) -> Market:
    return Market(*Tape.of(events), samples)


def random_chances(seed: int, count: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).random((count, 3)) ** 4
    return drawn / drawn.sum(axis=1, keepdims=True)


def foreseen(market: Market, part: Part, horizon: int) -> np.ndarray:
    """Chances of 1 for the class that the middle price `horizon` samples ahead gives."""
    ahead = moves(market.samples, part, horizon)
    labels = np.where(ahead > 0, UP, np.where(ahead < 0, DOWN, FLAT))
    return np.eye(3)[labels]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("latency", [*LATENCIES, 5_000_000_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_naive_one_has_the_same_fills(
    market: Market, events: Events, policy: str, latency: int, seed: int
) -> None:
    part = Part(1_000 * seed, 1_000 * seed + 6_000)
    chances = random_chances(seed, len(part))
    rules = Rules(
        policy=policy,
        size=(1_500, 150)[seed - 1],
        hold=40,
        threshold=float(np.quantile(chances.max(axis=1), 0.97)),
        fee_make=-20,
        fee_millionths=seed,
        patience=40_000_000_000,
    )
    target = targets(chances, rules)
    outcome = run(market.tape, market.rows, market.samples, part, target, rules, latency)
    naive = NaiveBacktest(events, rules, latency)
    naive.run(market.samples.rows[part.span].tolist(), target.tolist())
    assert outcome.fills.tolist() == [list(fill) for fill in naive.fills]
    assert outcome.twice.tolist() == naive.twice and outcome.left == naive.position
    assert len(outcome.fills) > 60
    assert {0, 1} == set(outcome.fills[:, 1].tolist())
    if policy == "passive":
        assert 0.2 < outcome.fills[:, 5].mean() < 1
    # some fills are parts of an order
    assert seed == 2 or len(np.unique(outcome.fills[:, 3])) > 20


def conserved(samples: Samples, outcome: Outcome, part: Part, rules: Rules) -> None:
    """Cash and position from the fills alone give the equity at every sample."""
    rows = samples.rows[part.span].tolist()
    cash, position, place = 0, 0, 0
    for row, middle, twice in zip(
        rows, samples.middle[part.span].tolist(), outcome.twice.tolist(), strict=False
    ):
        while place < len(outcome.fills) and outcome.fills[place, 0] < row:
            cash, position = booked(cash, position, outcome.fills[place].tolist(), rules)
            place += 1
        # a passive fill of the sample's own row comes before it
        while place < len(outcome.fills) and outcome.fills[place, 0] == row:
            if not outcome.fills[place, 5]:
                break
            cash, position = booked(cash, position, outcome.fills[place].tolist(), rules)
            place += 1
        assert 2 * cash + position * middle == twice
    for fill in outcome.fills[place:].tolist():
        cash, position = booked(cash, position, fill, rules)
    assert outcome.twice[-1] == 2 * cash + position * samples.middle[part.stop - 1]
    assert outcome.left == position


def booked(cash: int, position: int, fill: list[int], rules: Rules) -> tuple[int, int]:
    _, side, price, shares, fee, passive = fill
    assert fee == shares * (rules.fee_make if passive else rules.fee_take)
    sign = 1 if side == Side.BUY else -1
    return cash - sign * price * shares - fee, position + sign * shares


@pytest.mark.parametrize("policy", POLICIES)
def test_money_is_conserved(market: Market, policy: str) -> None:
    part = parts(market.samples)[0]
    chances = random_chances(3, len(part))
    limit = float(np.quantile(chances.max(axis=1), 0.97))
    rules = replace(FREE, policy=policy, hold=40, fee_take=30, fee_make=-20, threshold=limit)
    rules = replace(rules, patience=40_000_000_000)
    outcome = market.play(chances, part, rules, 0)
    conserved(market.samples, outcome, part, rules)
    assert outcome.left == 0 and len(outcome.fills) > 80
    assert outcome.trips().sum() == outcome.net
    assert outcome.twice[-1] % 2 == 0


def best_possible(market: Market, part: Part) -> tuple[int, np.ndarray]:
    """The most that one share can earn, bought, sold or neither at each sample, and its targets."""
    at = np.searchsorted(market.rows, market.samples.rows[part.span])
    bids, asks = (market.tape.price[at, side, 0].tolist() for side in (0, 1))
    last = len(at) - LAST
    value, choices = {-1: -(10**12), 0: 0, 1: -(10**12)}, []
    for index in range(last - 1, -1, -1):
        now, choice = {}, {}
        for have in (-1, 0, 1):
            options = []
            for after in (-1, 0, 1):
                change = after - have
                price = asks[index] if change > 0 else bids[index]
                money = value[after]
                if index == last - 1:  # what is left is closed at the next sample
                    money = after * bids[last] if after > 0 else after * asks[last]
                options.append((money - change * price, after))
            now[have], choice[have] = max(options)
        value = now
        choices.append(choice)
    have, target = 0, np.zeros(len(at), np.int64)
    for index, choice in enumerate(reversed(choices)):
        have = target[index] = choice[have]
    return value[0], target


def test_perfect_forecasts_earn_the_most_possible(market: Market) -> None:
    part, one = parts(market.samples)[0], replace(FREE, size=1)
    most, target = best_possible(market, part)
    day = (market.tape, market.rows, market.samples)
    earned = run(*day, part, target, one, 0)
    assert earned.net == most > 0 and len(earned.trips()) > 30
    assert (earned.trips() >= 0).mean() > 0.9
    late = run(*day, part, target, one, 5_000_000_000)
    paid = run(*day, part, target, replace(one, fee_take=30), 0)
    assert late.net < earned.net and paid.net == earned.net - paid.fees


def test_random_forecasts_pay_half_the_spread(market: Market, samples: Samples) -> None:
    part = parts(samples)[0]
    chances, rules = random_chances(4, len(part)), replace(FREE, threshold=0.8)
    guess = market.play(chances, part, rules, 0)
    # each fill costs half the spread of the moment, and nothing else on average
    at = np.searchsorted(market.rows, samples.rows)
    tops = np.searchsorted(at, guess.fills[:, 0])
    assert (at[tops] == guess.fills[:, 0]).all()
    cost = float((guess.fills[:, 3] * samples.spread[tops]).sum()) / 2
    assert len(guess.fills) > 400
    assert 0.75 * cost < -guess.twice[-1] / 2 < 1.25 * cost
    fees = market.play(chances, part, replace(rules, fee_take=30), 0)
    assert fees.fees == 30 * fees.fills[:, 3].sum()
    assert guess.twice[-1] - fees.twice[-1] == 2 * fees.fees


def test_latency_changes_fills_and_never_decisions(market: Market) -> None:
    part = parts(market.samples)[0]
    rules = replace(FREE, threshold=0.7)
    target = targets(random_chances(5, len(part)), rules)
    played = [
        run(market.tape, market.rows, market.samples, part, target, rules, latency)
        for latency in (*LATENCIES, 5_000_000_000)
    ]
    # a message never acts on a book from before its decision, nor earlier for more latency
    first = [outcome.fills[0, 0] for outcome in played]
    assert first == sorted(first) and first[0] < first[-1]
    assert len({tuple(outcome.fills[:, 2].tolist()) for outcome in played}) > 1
    again = targets(random_chances(5, len(part)), rules)
    assert np.array_equal(target, again)


def test_targets_are_renewed_turned_and_closed() -> None:
    chances = np.full((60, 3), [0.1, 0.8, 0.1])
    for at, way in ((3, UP), (5, UP), (20, DOWN), (22, UP), (38, UP)):
        chances[at] = 0.05
        chances[at, way] = 0.9
    target = targets(chances, replace(FREE, hold=4, threshold=0.5)).tolist()
    bought = [0] * 60
    bought[3:9] = [100] * 6
    bought[20:22] = [-100] * 2
    bought[22:26] = [100] * 4
    bought[38:40] = [100] * 2  # the last 20 only close
    assert target == bought and LAST == 20


def test_the_threshold_is_the_best_on_its_part(market: Market) -> None:
    training = parts(market.samples)[0]
    chances = foreseen(market, training, 10)
    chances = 0.5 * chances + 0.5 * random_chances(6, len(training))
    rules = market.choose(chances, training, FREE)
    cash = market.play(chances, training, rules, 1_000).net
    for limit in np.quantile(chances.max(axis=1), [0.0, 0.5, 0.9]).tolist():
        other = market.play(chances, training, replace(FREE, threshold=limit), 1_000)
        assert len(other.trips()) < 20 or other.net <= cash


# -- The queue, event by event -------------------------------------------------------------------


def book(
    rows: list[tuple[int, Side, int, int, list[tuple[int, int]], list[tuple[int, int]]]],
) -> Tape:
    """A tape of rows of operation, side, price, shares, bids, asks; a millisecond apart."""
    tops = TOP_OF_BOOK.empty(len(rows))
    levels = np.zeros((len(rows), 2, 10), LEVEL)
    for index, (operation, side, price, shares, bids, asks) in enumerate(rows):
        top = tops[index]
        top["timestamp"] = 1_000_000 * index
        top["operation"], top["operation_side"] = operation, side
        top["operation_price"], top["operation_shares"] = price, shares
        for at, side_levels in enumerate((bids, asks)):
            for level, (each, count) in enumerate(side_levels):
                levels[index, at, level] = (each, count, 1)
    return Tape.of(Events(tops, levels))[0]


BIDS, ASKS = [(99, 300), (98, 500)], [(101, 400), (102, 100)]
START = (Operation.ADD, Side.BUY, 98, 500, BIDS, ASKS)
QUIET = (Operation.ADD, Side.SELL, 102, 100, BIDS, ASKS)


@pytest.mark.parametrize(
    ("event", "filled"),
    [
        # 300 are before our order: 250 trade and we wait; of the next 120, 70 are ours
        ([(Operation.EXECUTE, Side.BUY, 99, 250, [(99, 50), (98, 500)], ASKS)], []),
        (
            [
                (Operation.EXECUTE, Side.BUY, 99, 250, [(99, 170), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 120, [(99, 50), (98, 500)], ASKS),
            ],
            [(99, 70)],
        ),
        # 200 are cancelled, before or behind us: at most the 100 that are left are before us
        (
            [
                (Operation.CANCEL, Side.BUY, 99, 200, [(99, 100), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 100, [(98, 500)], ASKS),
            ],
            [],
        ),
        # while 300 are left, the cancels were behind us: 290 trade, none of them ours
        (
            [
                (Operation.ADD, Side.BUY, 99, 200, [(99, 500), (98, 500)], ASKS),
                (Operation.CANCEL, Side.BUY, 99, 200, [(99, 300), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 290, [(99, 10), (98, 500)], ASKS),
            ],
            [],
        ),
        # a trade at a worse price fills us first
        ([(Operation.EXECUTE, Side.BUY, 98, 60, [(98, 440)], ASKS)], [(99, 60)]),
        # an incoming order to sell at our price fills us
        (
            [(Operation.ADD, Side.SELL, 99, 80, [(98, 500)], [(99, 80), (101, 400)])],
            [(99, 80)],
        ),
        # trades on the other side don't fill us
        ([(Operation.EXECUTE, Side.SELL, 101, 400, BIDS, [(102, 100)])], []),
    ],
)  # fmt: skip
def test_the_queue(samples: Samples, event: list, filled: list[tuple[int, int]]) -> None:
    tape = book([START, QUIET, *event, *[QUIET] * 30])
    count = len(tape.time)
    samples = replace(samples, rows=np.arange(count), middle=tape.price[:, :, 0].sum(axis=1))
    target = np.zeros(count, np.int64)
    target[: len(event) + 2] = 100
    rules = Rules(policy="passive", size=100, patience=10**12, fee_take=0)
    outcome = run(tape, np.arange(count), samples, Part(0, count), target, rules, 0)
    bought = outcome.fills[outcome.fills[:, 1] == Side.BUY]
    assert [(price, shares) for _, _, price, shares, _, _ in bought.tolist()] == filled
    assert (bought[:, 5] == 1).all()


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize(("better", "worse"), [(10, 0), (4, 0), (9, 1)])
def test_a_queue_beyond_the_levels_is_as_long_as_it_was(
    samples: Samples, side: Side, better: int, worse: int
) -> None:
    """Where ten better levels hide it, or as many as the file has. Where a worse one is shown,
    the book says that nobody is there any more."""
    sign = 1 if side == Side.BUY else -1

    def row(operation: Operation, shares: int, mine: list[tuple[int, int]]) -> tuple:
        shown = [(1000 - sign * away, count) for away, count in mine]
        other = [(1000 + sign * 100, 400)]
        sides = (shown, other) if side == Side.BUY else (other, shown)
        return (operation, side, 1000 - sign * 100, shares, *sides)

    rows = [
        row(Operation.ADD, 300, [(100, 300)]),
        row(Operation.ADD, 1, [(50 + level, 10) for level in range(better)] + [(120, 10)] * worse),
        row(Operation.EXECUTE, 120, [(100, 180)]),
        *[row(Operation.CANCEL, 1, [(100, 180)])] * 30,
    ]
    tape = book(rows)
    count = len(tape.time)
    samples = replace(samples, rows=np.arange(count), middle=tape.price[:, :, 0].sum(axis=1))
    target = np.zeros(count, np.int64)
    target[:3] = sign * 100
    rules = Rules(policy="passive", size=100, patience=10**12, fee_take=0)
    outcome = run(tape, np.arange(count), samples, Part(0, count), target, rules, 0)
    filled = [(at, shares) for at, way, _, shares, _, _ in outcome.fills.tolist() if way == side]
    assert filled == ([] if not worse else [(2, 100)])


def test_a_taker_takes_the_best_level_once(samples: Samples) -> None:
    rows = [START, QUIET, QUIET, QUIET]
    rows += [(Operation.ADD, Side.SELL, 101, 50, BIDS, [(101, 450), (102, 100)])]
    tape = book([*rows, *[rows[-1]] * 30])
    count = len(tape.time)
    samples = replace(samples, rows=np.arange(count), middle=tape.price[:, :, 0].sum(axis=1))
    target = np.zeros(count, np.int64)
    target[:10] = 1_000
    rules = Rules(size=1_000, fee_take=0)
    outcome = run(tape, np.arange(count), samples, Part(0, count), target, rules, 0)
    bought = outcome.fills[outcome.fills[:, 1] == Side.BUY].tolist()
    assert [(row, price, shares) for row, _, price, shares, _, _ in bought] == [
        (0, 101, 400),
        (4, 101, 50),
    ]


def test_a_message_acts_after_all_events_stamped_before_it() -> None:
    tape = book([START, QUIET, QUIET, QUIET])
    at = np.array([0, 1, 3])
    for latency, rows in (
        (0, [0, 1, 3]),
        (999_999, [0, 1, 3]),
        (1_000_000, [0, 1, 3]),  # an event with the very same stamp comes after it
        (1_000_001, [1, 2, 3]),
        (2_500_000, [2, 3, 3]),
    ):
        assert arrivals(tape, at, latency).tolist() == rows
    same = replace(tape, time=np.zeros(4, np.int64))
    assert arrivals(same, at, 0).tolist() == [0, 1, 3]
    assert arrivals(same, at, 1).tolist() == [3, 3, 3]


def test_impossible_rules_are_refused() -> None:
    for change in ({"policy": "hope"}, {"size": 0}, {"hold": 0}, {"patience": -1}):
        with pytest.raises(ValueError, match=r"policy|at least"):
            Rules(**change)  # type: ignore[arg-type]
