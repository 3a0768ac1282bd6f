"""What the risk gate knows, compiled: positions, open orders, buckets, the host's prices, losses.

docs/risk.md says what each of these is. Time is in clock cycles and goes up: what leaks, ages or
grows by itself is worked out as it is asked for. Money is held in 63 bits and a sign, so that an
int64 holds it; a product of price and shares may have 64, and is a uint64.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.gen.records import SLOTS, Act, Outcome, Side

Array = npt.NDArray[Any]
MOST_SHARES = 2**39 - 1
MOST = 2**63 - 1
AGED = 2**32 - 1  # an age stays there
UNIT_BITS = 10  # a loss grows each 1,024 cycles
FINE, UNKNOWN, DOUBLE, EXCESS, BROKEN, SATURATED = range(6)  # what a confirmation comes to

_BUY = int(Side.BUY)
_ACCEPTED, _EXECUTED = int(Outcome.ACCEPTED), int(Outcome.EXECUTED)
_CANCELLED, _REJECTED = int(Outcome.CANCELLED), int(Outcome.REJECTED)
_POSITION, _NEW_DAY, _TOKEN = int(Act.POSITION), int(Act.NEW_DAY), int(Act.TOKEN)
_LIFT, _REFERENCE, _LOSS = int(Act.LIFT), int(Act.REFERENCE), int(Act.LOSS)
_LOSS_TOTAL = int(Act.LOSS_TOTAL)

_SLOT = np.dtype(
    [
        *((name, np.int64) for name in ("position", "buy", "sell", "open", "cost")),
        *((name, np.int64) for name in ("empty_at", "day", "repeated")),
        *((name, np.int64) for name in ("reference", "low", "high", "loss", "loss_at")),
    ]
)
_TOTAL = np.dtype(
    [
        *((name, np.int64) for name in ("open", "gross", "net", "traded", "buy", "sell")),
        *((name, np.int64) for name in ("empty_at", "day", "loss", "loss_at", "token", "newest")),
        ("token_known", np.bool_),
    ]
)
_PLACE = np.dtype(
    [
        ("open", np.bool_),
        ("answered", np.bool_),
        *((name, np.int64) for name in ("token", "slot", "side", "price", "left")),
    ]
)
_RECENT = np.dtype(
    [
        ("known", np.bool_),
        *((name, np.int64) for name in ("slot", "side", "price", "shares", "at")),
    ]
)


class State(NamedTuple):
    """All of it, after reset; made by `fresh`."""

    slots: Array
    total: Array  # one row
    places: Array
    recent: Array  # a ring, the newest at total["newest"]


def fresh(places: int = 16, recent: int = 4) -> State:
    state = State(
        np.zeros(SLOTS, _SLOT),
        np.zeros(1, _TOTAL),
        np.zeros(places, _PLACE),
        np.zeros(recent, _RECENT),
    )
    state.slots["loss"] = state.total["loss"] = MOST
    return state


@bare
def grown(loss: Any, at: Any, now: Any, phase: Any, decay: Any) -> Any:
    """The loss in the cycle `now`, when it was `loss` in the cycle `at`."""
    times = ((now - 1 - phase) >> UNIT_BITS) - ((at - 1 - phase) >> UNIT_BITS)
    if times <= 0 or decay == 0:
        return loss
    room = np.uint64(MOST) - np.uint64(loss) if loss >= 0 else np.uint64(MOST) + np.uint64(-loss)
    if np.uint64(times) > room // np.uint64(decay):
        return np.int64(MOST)
    return loss + np.int64(times * decay)


@bare
def settle(state: State, slot: Any, decay: Any, total_decay: Any, now: Any) -> None:
    """Take note of how the losses have grown: before `now` limits were what they are."""
    one, total = state.slots[slot], state.total[0]
    one["loss"] = grown(one["loss"], one["loss_at"], now, 1024 - SLOTS + slot, decay)
    one["loss_at"] = now
    total["loss"] = grown(total["loss"], total["loss_at"], now, 1024 - SLOTS - 1, total_decay)
    total["loss_at"] = now


@bare
def see(state: State, intent: Any, window: Any, now: Any, seen: Any) -> None:
    """Fill `seen`, a row of RISK_STATE, for an intended order that is judged in the cycle `now`."""
    slot, side = np.int64(intent["slot"]), np.int64(intent["side"])
    price, shares = np.int64(intent["price"]), np.int64(intent["shares"])
    one, total = state.slots[slot], state.total[0]
    seen["position"], seen["open_buy"], seen["open_sell"] = one["position"], one["buy"], one["sell"]
    seen["slot_open"], seen["total_open"] = one["open"], total["open"]
    seen["place_free"] = not state.places[total["token"] % len(state.places)]["open"]
    seen["token_known"] = total["token_known"] and total["token"] < 2**32
    seen["gross"], seen["net"], seen["traded"] = total["gross"], total["net"], total["traded"]
    seen["open_buy_money"], seen["open_sell_money"] = total["buy"], total["sell"]
    seen["slot_level"] = max(0, one["empty_at"] - now)
    seen["total_level"] = max(0, total["empty_at"] - now)
    seen["slot_day"], seen["total_day"] = one["day"], total["day"]
    seen["repeated"] = one["repeated"]
    seen["reference_price"] = one["reference"]
    seen["band_low"], seen["band_high"] = one["low"], one["high"]
    seen["slot_loss"], seen["total_loss"] = one["loss"], total["loss"]
    meets = False
    for place in range(len(state.places)):
        other = state.places[place]
        if other["open"] and other["slot"] == slot and other["side"] != side:
            away = other["price"] > price if side == _BUY else other["price"] < price
            meets = meets or not away
    seen["self_trade"] = meets
    same = False
    for row in range(len(state.recent)):
        before = state.recent[row]
        if before["known"] and before["slot"] == slot and before["side"] == side:
            age = min(now - before["at"], AGED)
            if before["price"] == price and before["shares"] == shares and age < window:
                same = True
    seen["duplicate"] = same


@bare
def send(state: State, intent: Any, slot_cycles: Any, total_cycles: Any, now: Any) -> Any:
    """An order leaves; it is presented in the cycle `now`. Its token."""
    slot, buys = np.int64(intent["slot"]), intent["side"] == _BUY
    price, shares = np.int64(intent["price"]), np.int64(intent["shares"])
    one, total = state.slots[slot], state.total[0]
    token = total["token"]
    total["token"] += 1
    place = state.places[token % len(state.places)]
    place["open"], place["answered"], place["token"] = True, False, token
    place["slot"], place["side"] = slot, intent["side"]
    place["price"], place["left"] = price, shares
    if buys:
        one["buy"] += shares
        total["buy"] += price * shares
    else:
        one["sell"] += shares
        total["sell"] += price * shares
    one["open"] += 1
    total["open"] += 1
    one["day"] += 1
    total["day"] += 1
    one["repeated"] += 1
    one["empty_at"] = max(one["empty_at"], now) + slot_cycles
    total["empty_at"] = max(total["empty_at"], now) + total_cycles
    total["newest"] = (total["newest"] + 1) % len(state.recent)
    recent = state.recent[total["newest"]]
    recent["known"], recent["slot"], recent["side"] = True, slot, intent["side"]
    recent["price"], recent["shares"], recent["at"] = price, shares, now
    return token


def take_number(state: State) -> int:
    """Of the next order's, for what isn't an order and is numbered with them."""
    number = int(state.total["token"][0])
    state.total["token"] += 1
    return number


@bare
def _held(value: Any, more: Any) -> Any:
    """The sum of two of magnitude up to MOST, held to that; and whether it would have passed."""
    if more > 0 and value > MOST - more:
        return np.int64(MOST), True
    if more < 0 and value < -MOST - more:
        return np.int64(-MOST), True
    return value + more, False


@bare
def _executed(state: State, slot: Any, buys: Any, shares: Any, price: Any) -> Any:
    """Position and money of an execution; whether a sum stays at its bound."""
    one, total = state.slots[slot], state.total[0]
    sign = 1 if buys else -1
    position = one["position"] + sign * shares
    over = position > MOST_SHARES or position < -MOST_SHARES
    one["position"] = min(max(position, -MOST_SHARES), MOST_SHARES)
    product = np.uint64(shares) * np.uint64(price)
    over = over or product > np.uint64(MOST)
    worth = np.int64(min(product, np.uint64(MOST)))
    was = one["cost"]
    if product > np.uint64(MOST):  # its 64 bits may still meet a cost of the other sign
        rest = np.int64(product - np.uint64(MOST))
        near, far = _held(was, sign * rest)
        cost, more = _held(near, sign * worth)
        more = more or far
    else:
        cost, more = _held(was, sign * worth)
    one["cost"] = cost
    over_gross = False
    gross = total["gross"] - abs(was)  # below 0 where a bound was met before
    size = abs(cost)
    if gross > MOST - size:
        gross, over_gross = np.int64(MOST), True
    else:
        gross += size
    if gross < 0:
        gross, over_gross = np.int64(0), True
    total["gross"] = gross
    net, over_net = _moved(total["net"], was, cost, buys)
    total["net"] = net
    traded, over_traded = _held(total["traded"], worth)
    total["traded"] = traded
    return over or more or over_gross or over_net or over_traded


@bare
def _moved(net: Any, was: Any, cost: Any, buys: Any) -> Any:
    """net - was + cost, held to its bound; a buy can only pass the upper one."""
    if buys:  # cost is at least was
        up = np.uint64(cost) - np.uint64(was)
        room = np.uint64(MOST) - np.uint64(net)
        if up > room:
            return np.int64(MOST), True
        return np.int64(np.uint64(net) + up), False
    down = np.uint64(was) - np.uint64(cost)
    room = np.uint64(net) - np.uint64(-MOST)
    if down > room:
        return np.int64(-MOST), True
    return np.int64(np.uint64(net) - down), False


@compiled
def confirm(state: State, token: Any, outcome: Any, shares: Any, price: Any) -> Any:
    """What a confirmation comes to; the four wrong ones change nothing."""
    if outcome > _REJECTED:
        return BROKEN
    place = state.places[token % len(state.places)]
    if not place["open"] or place["token"] != token:
        return UNKNOWN
    partly = outcome in (_EXECUTED, _CANCELLED)
    if place["answered"] and not partly:
        return DOUBLE
    if partly and (shares == 0 or shares > place["left"]):
        return EXCESS
    off = shares if partly else (place["left"] if outcome == _REJECTED else 0)
    slot, buys = place["slot"], place["side"] == _BUY
    one, total = state.slots[slot], state.total[0]
    if buys:
        one["buy"] -= off
        total["buy"] -= off * place["price"]
    else:
        one["sell"] -= off
        total["sell"] -= off * place["price"]
    place["left"] -= off
    place["answered"] = True
    if place["left"] == 0:
        place["open"] = False
        one["open"] -= 1
        total["open"] -= 1
    if outcome == _EXECUTED and _executed(state, slot, buys, shares, price):
        return SATURATED
    return FINE


@compiled
def tell(state: State, command: Any, armed: Any, now: Any) -> bool:
    """What the host says, with the right key, of all but control and limits; whether it is taken.
    It holds from the cycle `now` on; losses must be settled."""
    slot, total = state.slots[command["slot"]], state.total[0]
    act, idle = command["act"], not armed and state.total[0]["open"] == 0
    if act == _LIFT:
        slot["repeated"] = 0
    elif act == _REFERENCE:
        slot["reference"] = command["reference_price"]
        slot["low"], slot["high"] = command["band_low"], command["band_high"]
    elif act == _LOSS:
        slot["loss"], slot["loss_at"] = command["loss"], now
    elif act == _LOSS_TOTAL:
        total["loss"], total["loss_at"] = command["loss"], now
    elif act == _POSITION and idle:
        slot["position"] = command["position"]
    elif act == _NEW_DAY and idle:
        for row in range(len(state.slots)):
            state.slots[row]["cost"] = 0
            state.slots[row]["day"] = 0
        total["gross"] = 0
        total["net"] = 0
        total["traded"] = 0
        total["day"] = 0
    elif (
        act == _TOKEN and idle and (not total["token_known"] or command["token"] >= total["token"])
    ):
        total["token"], total["token_known"] = command["token"], True
    else:
        return False
    return True
