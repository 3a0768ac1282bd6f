"""The backtest: equal to the naive one, to the last integer; sane where the answer is known."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

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
from models.train.labels import DOWN, FLAT, UP, Part, moves, parts, samples
from tickwire.book.types import LEVEL
from tickwire.data import days
from tickwire.data.events import About, Events
from tickwire.gen.records import TOP_OF_BOOK, Operation, Side

ABOUT = About("test", ("AAAA",))
FREE = Rules(size=100, hold=10, fee_take=0)


@lru_cache(maxsize=None)
def a_day() -> Events:
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    return events


@lru_cache(maxsize=None)
def market() -> Market:
    tape, rows = Tape.of(a_day())
    return Market(tape, rows, samples(ABOUT, a_day()))


def random_chances(seed: int, count: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).random((count, 3)) ** 4
    return drawn / drawn.sum(axis=1, keepdims=True)


def foreseen(part: Part, horizon: int, least: float) -> np.ndarray:
    """Chances of one who knows the middle `horizon` samples ahead."""
    ahead = moves(market().found, part, horizon)
    said = np.where(ahead > least, UP, np.where(ahead < -least, DOWN, FLAT))
    return np.eye(3)[said]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("latency", [*LATENCIES, 5_000_000_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_naive_one_has_the_same_fills(policy: str, latency: int, seed: int) -> None:
    seen = market()
    part = Part(1_000 * seed, 1_000 * seed + 6_000)
    chances = random_chances(seed, len(part))
    how = Rules(
        policy=policy,
        size=(1_500, 150)[seed - 1],
        hold=40,
        threshold=float(np.quantile(chances.max(axis=1), 0.97)),
        fee_make=-20,
        fee_millionths=seed,
        patience=40_000_000_000,
    )
    wanted = targets(chances, how)
    outcome = run(seen.tape, seen.rows, seen.found, part, wanted, how, latency)
    naive = NaiveBacktest(a_day(), how, latency)
    naive.run(seen.found.rows[part.span].tolist(), wanted.tolist())
    assert outcome.fills.tolist() == [list(fill) for fill in naive.fills]
    assert outcome.twice.tolist() == naive.twice and outcome.left == naive.position
    assert len(outcome.fills) > 60
    assert {0, 1} == set(outcome.fills[:, 1].tolist())
    if policy == "passive":
        assert 0.2 < outcome.fills[:, 5].mean() < 1
    # some fills are parts of what was wanted
    assert seed == 2 or len(np.unique(outcome.fills[:, 3])) > 20


def conserved(outcome: Outcome, part: Part, how: Rules) -> None:
    """Cash and position from the fills alone make the equity at every sample."""
    found = market().found
    rows = found.rows[part.span].tolist()
    cash, position, place = 0, 0, 0
    for row, middle, twice in zip(
        rows, found.middle[part.span].tolist(), outcome.twice.tolist(), strict=False
    ):
        while place < len(outcome.fills) and outcome.fills[place, 0] < row:
            cash, position = booked(cash, position, outcome.fills[place].tolist(), how)
            place += 1
        # a passive fill of the sample's own row comes before it
        while place < len(outcome.fills) and outcome.fills[place, 0] == row:
            if not outcome.fills[place, 5]:
                break
            cash, position = booked(cash, position, outcome.fills[place].tolist(), how)
            place += 1
        assert 2 * cash + position * middle == twice
    for fill in outcome.fills[place:].tolist():
        cash, position = booked(cash, position, fill, how)
    assert outcome.twice[-1] == 2 * cash + position * found.middle[part.stop - 1]
    assert outcome.left == position


def booked(cash: int, position: int, fill: list[int], how: Rules) -> tuple[int, int]:
    _, side, price, shares, fee, passive = fill
    assert fee == shares * (how.fee_make if passive else how.fee_take)
    sign = 1 if side == Side.BUY else -1
    return cash - sign * price * shares - fee, position + sign * shares


@pytest.mark.parametrize("policy", POLICIES)
def test_money_is_neither_made_nor_lost(policy: str) -> None:
    part = parts(market().found)[0]
    chances = random_chances(3, len(part))
    limit = float(np.quantile(chances.max(axis=1), 0.97))
    how = replace(FREE, policy=policy, hold=40, fee_take=30, fee_make=-20, threshold=limit)
    how = replace(how, patience=40_000_000_000)
    outcome = market().play(chances, part, how, 0)
    conserved(outcome, part, how)
    assert outcome.left == 0 and len(outcome.fills) > 80
    assert outcome.trips().sum() == outcome.net
    assert outcome.twice[-1] % 2 == 0


def best_possible(part: Part) -> tuple[int, np.ndarray]:
    """The most that a share bought, sold or neither at each sample can earn, and how."""
    seen = market()
    at = np.searchsorted(seen.rows, seen.found.rows[part.span])
    bids, asks = (seen.tape.price[at, side, 0].tolist() for side in (0, 1))
    last = len(at) - LAST
    value, choices = {-1: -(10**12), 0: 0, 1: -(10**12)}, []
    for index in range(last - 1, -1, -1):
        now, choice = {}, {}
        for have in (-1, 0, 1):
            found = []
            for want in (-1, 0, 1):
                more = want - have
                price = asks[index] if more > 0 else bids[index]
                after = value[want]
                if index == last - 1:  # what is left is closed at the next sample
                    after = want * bids[last] if want > 0 else want * asks[last]
                found.append((after - more * price, want))
            now[have], choice[have] = max(found)
        value = now
        choices.append(choice)
    have, wanted = 0, np.zeros(len(at), np.int64)
    for index, choice in enumerate(reversed(choices)):
        have = wanted[index] = choice[have]
    return value[0], wanted


def test_who_knows_the_future_earns_all_there_is() -> None:
    part = parts(market().found)[0]
    most, wanted = best_possible(part)
    seen, one = market(), replace(FREE, size=1)
    earned = run(seen.tape, seen.rows, seen.found, part, wanted, one, 0)
    assert earned.net == most > 0 and len(earned.trips()) > 30
    assert (earned.trips() >= 0).mean() > 0.9
    late = run(seen.tape, seen.rows, seen.found, part, wanted, one, 5_000_000_000)
    paid = run(seen.tape, seen.rows, seen.found, part, wanted, replace(one, fee_take=30), 0)
    assert late.net < earned.net and paid.net == earned.net - paid.fees


def test_who_guesses_pays_half_the_spread() -> None:
    part, found = parts(market().found)[0], market().found
    guess = market().play(random_chances(4, len(part)), part, replace(FREE, threshold=0.8), 0)
    # each fill costs half the spread of the moment, and nothing else on average
    at = np.searchsorted(market().rows, found.rows)
    tops = np.searchsorted(at, guess.fills[:, 0])
    assert (at[tops] == guess.fills[:, 0]).all()
    cost = float((guess.fills[:, 3] * found.spread[tops]).sum()) / 2
    assert len(guess.fills) > 400
    assert 0.75 * cost < -guess.twice[-1] / 2 < 1.25 * cost
    fees = market().play(
        random_chances(4, len(part)), part, replace(FREE, threshold=0.8, fee_take=30), 0
    )
    assert fees.fees == 30 * fees.fills[:, 3].sum()
    assert guess.twice[-1] - fees.twice[-1] == 2 * fees.fees


def test_latency_changes_fills_and_never_decisions() -> None:
    part = parts(market().found)[0]
    how = replace(FREE, threshold=0.7)
    wanted = targets(random_chances(5, len(part)), how)
    seen = market()
    played = [
        run(seen.tape, seen.rows, seen.found, part, wanted, how, latency)
        for latency in (*LATENCIES, 5_000_000_000)
    ]
    # a message never acts on a book from before its decision, nor earlier for more latency
    first = [outcome.fills[0, 0] for outcome in played]
    assert first == sorted(first) and first[0] < first[-1]
    assert len({tuple(outcome.fills[:, 2].tolist()) for outcome in played}) > 1
    again = targets(random_chances(5, len(part)), how)
    assert np.array_equal(wanted, again)


def test_targets_are_renewed_turned_and_closed() -> None:
    said = np.full((60, 3), [0.1, 0.8, 0.1])
    for at, way in ((3, UP), (5, UP), (20, DOWN), (22, UP), (38, UP)):
        said[at] = 0.05
        said[at, way] = 0.9
    wanted = targets(said, replace(FREE, hold=4, threshold=0.5)).tolist()
    bought = [0] * 60
    bought[3:9] = [100] * 6
    bought[20:22] = [-100] * 2
    bought[22:26] = [100] * 4
    bought[38:40] = [100] * 2  # the last 20 only close
    assert wanted == bought and LAST == 20


def test_the_threshold_is_chosen_where_it_is_told_to() -> None:
    seen = market()
    training = parts(seen.found)[0]
    chances = foreseen(training, 10, 0.0)
    chances = 0.5 * chances + 0.5 * random_chances(6, len(training))
    how = seen.choose(chances, training, FREE)
    cash = seen.play(chances, training, how, 1_000).net
    for limit in np.quantile(chances.max(axis=1), [0.0, 0.5, 0.9]).tolist():
        other = seen.play(chances, training, replace(FREE, threshold=limit), 1_000)
        assert len(other.trips()) < 20 or other.net <= cash


# -- The queue, event by event -------------------------------------------------------------------


def book(
    rows: list[tuple[int, Side, int, int, list[tuple[int, int]], list[tuple[int, int]]]],
) -> Tape:
    """Rows of operation, side, price, shares, bids, asks; a millisecond apart."""
    tops = TOP_OF_BOOK.empty(len(rows))
    levels = np.zeros((len(rows), 2, 10), LEVEL)
    for index, (operation, side, price, shares, bids, asks) in enumerate(rows):
        top = tops[index]
        top["timestamp"] = 1_000_000 * index
        top["operation"], top["operation_side"] = operation, side
        top["operation_price"], top["operation_shares"] = price, shares
        for at, told in enumerate((bids, asks)):
            for level, (each, count) in enumerate(told):
                levels[index, at, level] = (each, count, 1)
    return Tape.of(Events(tops, levels))[0]


BIDS, ASKS = [(99, 300), (98, 500)], [(101, 400), (102, 100)]
START = (Operation.ADD, Side.BUY, 98, 500, BIDS, ASKS)
QUIET = (Operation.ADD, Side.SELL, 102, 100, BIDS, ASKS)


@pytest.mark.parametrize(
    ("event", "filled"),
    [
        # the queue of 300 is before us: 250 traded, we wait; the next 120 fill us by 70
        ([(Operation.EXECUTE, Side.BUY, 99, 250, [(99, 50), (98, 500)], ASKS)], []),
        (
            [
                (Operation.EXECUTE, Side.BUY, 99, 250, [(99, 170), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 120, [(99, 50), (98, 500)], ASKS),
            ],
            [(99, 70)],
        ),
        # 200 cancelled behind us or before, nobody knows: before us stand at most the 100 shown
        (
            [
                (Operation.CANCEL, Side.BUY, 99, 200, [(99, 100), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 100, [(98, 500)], ASKS),
            ],
            [],
        ),
        # as long as 300 are shown again, cancels were behind us: 290 trade, nothing for us
        (
            [
                (Operation.ADD, Side.BUY, 99, 200, [(99, 500), (98, 500)], ASKS),
                (Operation.CANCEL, Side.BUY, 99, 200, [(99, 300), (98, 500)], ASKS),
                (Operation.EXECUTE, Side.BUY, 99, 290, [(99, 10), (98, 500)], ASKS),
            ],
            [],
        ),
        # a trade at a worse price went through us
        ([(Operation.EXECUTE, Side.BUY, 98, 60, [(98, 440)], ASKS)], [(99, 60)]),
        # an order to sell at our price would have met us
        (
            [(Operation.ADD, Side.SELL, 99, 80, [(98, 500)], [(99, 80), (101, 400)])],
            [(99, 80)],
        ),
        # what trades on the other side is none of ours
        ([(Operation.EXECUTE, Side.SELL, 101, 400, BIDS, [(102, 100)])], []),
    ],
)  # fmt: skip
def test_the_queue(event: list, filled: list[tuple[int, int]]) -> None:
    tape = book([START, QUIET, *event, *[QUIET] * 30])
    count = len(tape.time)
    found = samples(ABOUT, a_day())
    found = replace(
        found,
        rows=np.arange(count),
        middle=(tape.price[:, 0, 0] + tape.price[:, 1, 0]),
        x=found.x[:count],
    )
    wanted = np.zeros(count, np.int64)
    wanted[: len(event) + 2] = 100
    how = Rules(policy="passive", size=100, patience=10**12, fee_take=0)
    outcome = run(tape, np.arange(count), found, Part(0, count), wanted, how, 0)
    bought = outcome.fills[outcome.fills[:, 1] == Side.BUY]
    assert [(price, shares) for _, _, price, shares, _, _ in bought.tolist()] == filled
    assert (bought[:, 5] == 1).all()


def test_a_taker_takes_what_is_shown_and_not_twice() -> None:
    rows = [START, QUIET, QUIET, QUIET]
    rows += [(Operation.ADD, Side.SELL, 101, 50, BIDS, [(101, 450), (102, 100)])]
    tape = book([*rows, *[rows[-1]] * 30])
    count = len(tape.time)
    found = samples(ABOUT, a_day())
    found = replace(found, rows=np.arange(count), middle=tape.price[:, :, 0].sum(axis=1))
    wanted = np.zeros(count, np.int64)
    wanted[:10] = 1_000
    how = Rules(size=1_000, fee_take=0)
    outcome = run(tape, np.arange(count), found, Part(0, count), wanted, how, 0)
    bought = outcome.fills[outcome.fills[:, 1] == Side.BUY].tolist()
    assert [(row, price, shares) for row, _, price, shares, _, _ in bought] == [
        (0, 101, 400),
        (4, 101, 50),
    ]


def test_a_message_meets_the_book_of_all_that_was_stamped_before_it() -> None:
    tape = book([START, QUIET, QUIET, QUIET])
    at = np.array([0, 1, 3])
    for latency, rows in (
        (0, [0, 1, 3]),
        (999_999, [0, 1, 3]),
        (1_000_000, [0, 1, 3]),  # what is stamped just then comes after
        (1_000_001, [1, 2, 3]),
        (2_500_000, [2, 3, 3]),
    ):
        assert arrivals(tape, at, latency).tolist() == rows
    same = replace(tape, time=np.zeros(4, np.int64))
    assert arrivals(same, at, 0).tolist() == [0, 1, 3]
    assert arrivals(same, at, 1).tolist() == [3, 3, 3]


def test_rules_that_cannot_be_are_refused() -> None:
    for change in ({"policy": "hope"}, {"size": 0}, {"hold": 0}, {"patience": -1}):
        with pytest.raises(ValueError, match=r"policy|at least"):
            Rules(**change)  # type: ignore[arg-type]
