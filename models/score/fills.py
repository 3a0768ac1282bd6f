"""How a backtest's orders are filled, compiled: orders that follow a target on a day of events.

Two policies:

- *taker*: an order takes the shares at the best price of the other side as it arrives, and no
  more. What it took before at this price is still in the data, and isn't taken again.
- *passive*: an order is posted at the best price of its own side at the decision, behind all shares
  that the book shows there as it arrives; if it would trade at once, it is refused. Executions at
  its price take from the front of the queue, and what goes beyond the queue fills it. Cancels are
  all taken from behind it, as far as the shares in the book allow: the worst case. An execution at
  a worse price, or an incoming order that crosses it, fills it by as many shares. It is cancelled,
  which takes the latency too, once it is `patience` old, or where the target asks for less or for
  the other side. A position that wasn't closed within the patience, or is left at the last samples,
  is closed by taking.

Our orders have no effect on the market: the day goes on as recorded. The queue at a price beyond
the levels of the file counts as endless. Nothing trades while the book isn't ok. Fees are an amount
per share, and millionths of the value, rounded up.

`models/score/naive_backtest.py` computes the same, slowly and plainly.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.gen.records import Operation

Array = npt.NDArray[Any]

FILL: Final = ("row", "side", "price", "shares", "fee", "passive")  # columns of the fills
LAST: Final = 20  # samples at the end that only close
_ADD, _EXECUTE, _REPLACE = int(Operation.ADD), int(Operation.EXECUTE), int(Operation.REPLACE)
_ENDLESS = 1 << 62
# state: position, cash, number of fills, then for each side what was taken: price, shares
# order: resting, side, price, left, ahead, until; flight: kind, side, price, shares, row, until
_POSITION, _CASH, _FILLS, _TAKEN = 0, 1, 2, 3
_RESTS, _SIDE, _PRICE, _LEFT, _AHEAD, _UNTIL = range(6)
_ROW = 4
_NOTHING, _TAKE, _POST, _CANCEL = range(4)


@compiled
def _queue(price: Array, shares: Array, side: int, limit: int) -> int:
    """Shares at a price of a side: 0 where there is no level, endless beyond the last level."""
    sign = 1 if side == 0 else -1
    for level in range(len(price)):
        if price[level] == limit:
            return int(shares[level])
        if price[level] == 0:
            break
        if (price[level] - limit) * sign < 0:
            return 0
    return _ENDLESS


@compiled
def _fill(
    state: Array,
    fills: Array,
    row: int,
    side: int,
    price: int,
    shares: int,
    passive: int,
    settings: Array,
) -> None:
    """Enter a fill; one that reverses the position is entered as two."""
    sign = 1 if side == 0 else -1
    against = -state[_POSITION] * sign
    first = against if 0 < against < shares else shares
    for count in (first, shares - first):
        if count == 0:
            continue
        value = price * count
        fee = count * (settings[2] if passive else settings[1])
        fee += (value * settings[3] + 999_999) // 1_000_000
        state[_POSITION] += sign * count
        state[_CASH] -= sign * value + fee
        fill = fills[state[_FILLS]]
        fill[0], fill[1], fill[2], fill[3], fill[4], fill[5] = row, side, price, count, fee, passive
        state[_FILLS] += 1


@compiled
def _market(order: Array, event: Array, price: Array, shares: Array) -> int:
    """The shares by which an event fills the resting order; updates the queue before it."""
    side, limit = order[_SIDE], order[_PRICE]
    sign = 1 if side == 0 else -1
    filled = 0
    better = (event[2] - limit) * sign  # above 0: a better price for that side
    if event[0] == _EXECUTE and event[1] == side:
        if better == 0:
            filled = max(event[3] - order[_AHEAD], 0)
            order[_AHEAD] = max(order[_AHEAD] - event[3], 0)
        elif better < 0:
            filled, order[_AHEAD] = event[3], 0
    elif (event[0] == _ADD or event[0] == _REPLACE) and event[1] != side and better <= 0:
        filled, order[_AHEAD] = event[3], 0
    order[_AHEAD] = min(order[_AHEAD], _queue(price[side], shares[side], side, limit))
    return int(min(filled, order[_LEFT]))


@compiled
def _arrive(
    state: Array,
    order: Array,
    flight: Array,
    fills: Array,
    row: int,
    ok: bool,
    price: Array,
    shares: Array,
    settings: Array,
) -> None:
    """The message under way acts on the book of a row."""
    kind, side = flight[0], flight[1]
    flight[0] = _NOTHING
    if kind == _CANCEL:
        order[_RESTS] = 0
    elif ok and kind == _TAKE:
        other = 1 - side
        best, known = price[other, 0], _TAKEN + 2 * other
        if state[known] != best:
            state[known], state[known + 1] = best, 0
        count = min(flight[3], shares[other, 0] - state[known + 1])
        if count > 0:
            state[known + 1] += count
            _fill(state, fills, row, side, best, count, 0, settings)
    elif ok and kind == _POST:
        sign = 1 if side == 0 else -1
        if (price[1 - side, 0] - flight[2]) * sign > 0:
            order[_RESTS], order[_SIDE], order[_PRICE] = 1, side, flight[2]
            order[_LEFT], order[_UNTIL] = flight[3], flight[5]
            order[_AHEAD] = _queue(price[side], shares[side], side, flight[2])


@compiled
def _decide(
    order: Array,
    flight: Array,
    change: int,
    position: int,
    now: int,
    urgent: bool,
    last: bool,
    settings: Array,
) -> bool:
    """Put what a sample sends into `flight`; returns whether closing is urgent from now on."""
    side = 0 if change > 0 else 1
    closing = position != 0 and change != 0 and (change > 0) != (position > 0)
    if order[_RESTS]:
        late = now > order[_UNTIL]
        if late or last or change == 0 or order[_SIDE] != side or order[_LEFT] > abs(change):
            flight[0] = _CANCEL
            return urgent or late
    elif change != 0 and (not settings[0] or (closing and (urgent or last))):
        flight[0], flight[1] = _TAKE, side
        flight[3] = min(abs(change), abs(position)) if settings[0] else abs(change)
    elif change != 0 and not last:
        flight[0], flight[1], flight[3] = _POST, side, abs(change)
        flight[5] = now + settings[4]
    return urgent


@compiled
def fill_orders(
    tape: Any, at: Array, arrive: Array, target: Array, middle: Array, settings: Array
) -> Any:
    """Row by row: the resting order's fills, the message that arrives, the sample's decision.

    Returns the fills, twice the equity at each sample and at the end, and the remaining position.
    """
    time, ok, event, price, shares = tape
    state, order, flight = np.zeros(7, np.int64), np.zeros(6, np.int64), np.zeros(6, np.int64)
    fills = np.empty((64, 6), np.int64)
    twice = np.zeros(len(at) + 1, np.int64)
    sample, urgent, row = 0, False, at[0]
    while sample < len(at) or flight[0]:
        if row >= len(time):
            break
        if state[_FILLS] + 8 > len(fills):
            fills = np.concatenate((fills, np.empty_like(fills)))
        if order[_RESTS]:
            filled = _market(order, event[row], price[row], shares[row])
            if filled > 0:
                _fill(state, fills, row, order[_SIDE], order[_PRICE], filled, 1, settings)
                order[_LEFT] -= filled
                order[_RESTS] = order[_LEFT] > 0
        if flight[0] and flight[_ROW] == row:
            _arrive(state, order, flight, fills, row, ok[row], price[row], shares[row], settings)
        if sample < len(at) and at[sample] == row:
            twice[sample] = 2 * state[_CASH] + state[_POSITION] * middle[sample]
            if sample and target[sample] != target[sample - 1]:
                urgent = False
            if not flight[0]:
                change, last = target[sample] - state[_POSITION], sample >= len(at) - LAST
                urgent = _decide(
                    order, flight, change, state[_POSITION], time[row], urgent, last, settings
                )
                flight[_ROW] = arrive[sample]
                if flight[0] == _POST:
                    flight[2] = price[row, flight[1], 0]
            sample += 1
        if flight[0] and flight[_ROW] == row:
            _arrive(state, order, flight, fills, row, ok[row], price[row], shares[row], settings)
        row += 1
    twice[-1] = 2 * state[_CASH] + state[_POSITION] * middle[-1]
    return fills[: state[_FILLS]].copy(), twice, state[_POSITION]
