"""The risk gate's reference, from docs/risk.md: which checks an intended order fails, and what an
order that passes changes. Compiled, for replay and for the host's own orders.

`Gate.decide` takes intended orders in order of time, each with the cycle in which it comes and with
what stops then; it is judged a cycle later and presented 3 cycles later, as in hardware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hwtools.bits import Records
from hwtools.compiled import bare, compiled
from tickwire.gen.records import (
    DECISION,
    INTENT,
    ORDER,
    RISK_STATE,
    RISK_STOPS,
    SLOT_LIMITS,
    SLOTS,
    TOTAL_LIMITS,
    Check,
    Marking,
    Reason,
    Side,
    TickClass,
)
from tickwire.risk.state import SATURATED, State, confirm, fresh, see, send, settle, tell

JUDGED, PRESENTED = 1, 3  # cycles after an order comes
REASONS = tuple(int(Reason[check.name]) for check in Check)
_CYCLES = 2**48 - 1
_DOLLAR = 10_000
_BUY, _SHORT = int(Side.BUY), int(Marking.SHORT)
_STEPS = (0, 100, 50, 1)
_UNSET = int(TickClass.UNSET)
assert [int(one) for one in TickClass] == [0, 1, 2, 3]
(
    _KILLED, _SLOT_KILLED, _DISARMED, _UNWRITTEN, _NOT_ENABLED, _RESTRICTED, _HALTED,
    _SESSION_CLOSED, _STALE, _CROSSED, _LOCKED, _OLD, _COLLAR_TOUCH, _COLLAR_REFERENCE, _BAND,
    _TICK, _ORDER_SHARES, _ORDER_MONEY, _POSITION_LONG, _POSITION_SHORT, _GROSS, _NET, _CREDIT,
    _RATE, _RATE_TOTAL, _DAY, _DAY_TOTAL, _DUPLICATE, _REPEATED, _SELF_TRADE, _LOSS, _LOSS_TOTAL,
    _OPEN_ORDERS, _OPEN_TOTAL, _SHORT_SALE, _TOKEN, _SYMBOL,
) = range(len(Check))  # fmt: skip


@bare
def _near(a: Any, b: Any, most: Any) -> Any:
    return abs(np.int64(a) - np.int64(b)) <= np.int64(most)


@bare
def _fits(limit: Any, used: Any, buys: Any, sells: Any, worth: Any) -> Any:
    """used + buys + sells + worth <= limit, each from 0 to 2^63 - 1, but for worth."""
    room = np.int64(limit)
    for part in (np.int64(used), np.int64(buys), np.int64(sells)):
        if part > room:
            return False
        room -= part
    return worth <= np.uint64(room)


@bare
def _fits_net(limit: Any, net: Any, open_money: Any, worth: Any) -> Any:
    """net + open_money + worth <= limit, net of either sign."""
    up, down = np.uint64(limit), np.uint64(open_money)
    if net < 0:
        up += np.uint64(-net)
    else:
        down += np.uint64(net)
    return down <= up and worth <= up - down


@bare
def _bit(check: int, fails: Any) -> Any:
    return np.uint64(fails) << np.uint64(check)


@bare
def stopped(stops: Any) -> Any:
    """The bits that what is so now brings."""
    return (
        _bit(_KILLED, stops["killed"])
        | _bit(_SLOT_KILLED, stops["slot_killed"])
        | _bit(_DISARMED, not stops["armed"])
        | _bit(_SESSION_CLOSED, not stops["session_open"])
        | _bit(_HALTED, stops["halted"])
        | _bit(_STALE, stops["stale"])
        | _bit(_CROSSED, stops["crossed"])
        | _bit(_LOCKED, stops["locked"])
    )


@bare
def judged(intent: Any, seen: Any, limits: Any, total: Any, written: Any, now: Any) -> Any:
    """The bits of all other checks, of an order judged in the cycle `now`."""
    buys = intent["side"] == _BUY
    price, shares = np.int64(intent["price"]), np.int64(intent["shares"])
    bid, ask = np.int64(intent["bid_price"]), np.int64(intent["ask_price"])
    touch, middle = ask if buys else bid, np.int64(seen["reference_price"])
    worth = np.uint64(price) * np.uint64(shares)
    bits = _bit(_UNWRITTEN, not written)
    bits |= _bit(_NOT_ENABLED, not limits["enabled"]) | _bit(_RESTRICTED, limits["restricted"])
    bits |= _bit(_CROSSED, bid > ask and ask != 0) | _bit(_LOCKED, bid == ask and ask != 0)
    age = (np.int64(now) - np.int64(intent["message_cycle"])) & _CYCLES
    bits |= _bit(_OLD, age > np.int64(limits["age"]))
    bits |= _bit(_COLLAR_TOUCH, touch == 0 or not _near(price, touch, limits["collar_touch"]))
    far = middle == 0 or not _near(price, middle, limits["collar_reference"])
    bits |= _bit(_COLLAR_REFERENCE, far)
    low, high = np.int64(seen["band_low"]), np.int64(seen["band_high"])
    bits |= _bit(_BAND, price < low or price > high)
    kind = np.int64(limits["tick_class"])
    off = price >= _DOLLAR and kind != _UNSET and price % max(_STEPS[kind], 1) != 0
    bits |= _bit(_TICK, price == 0 or kind == _UNSET or off)
    bits |= _bit(_ORDER_SHARES, shares == 0 or shares > np.int64(limits["order_shares"]))
    bits |= _bit(_ORDER_MONEY, worth > np.uint64(limits["order_money"]))
    position = np.int64(seen["position"])
    longer = position + np.int64(seen["open_buy"]) + shares
    shorter = np.int64(seen["open_sell"]) + shares - position
    bits |= _bit(_POSITION_LONG, buys and longer > np.int64(limits["position_long"]))
    bits |= _bit(_POSITION_SHORT, not buys and shorter > np.int64(limits["position_short"]))
    bought, sold = seen["open_buy_money"], seen["open_sell_money"]
    bits |= _bit(_GROSS, not _fits(total["gross"], seen["gross"], bought, sold, worth))
    bits |= _bit(_CREDIT, not _fits(total["credit"], seen["traded"], bought, sold, worth))
    net = np.int64(seen["net"])
    fits = _fits_net(total["net"], net if buys else -net, bought if buys else sold, worth)
    bits |= _bit(_NET, not fits)
    bits |= _bit(_RATE, _full(seen["slot_level"], limits["rate_cycles"], limits["rate_depth"]))
    bits |= _bit(_RATE_TOTAL, _full(seen["total_level"], total["rate_cycles"], total["rate_depth"]))
    bits |= _bit(_DAY, np.int64(seen["slot_day"]) >= np.int64(limits["day_orders"]))
    bits |= _bit(_DAY_TOTAL, np.int64(seen["total_day"]) >= np.int64(total["day_orders"]))
    bits |= _bit(_DUPLICATE, seen["duplicate"]) | _bit(_SELF_TRADE, seen["self_trade"])
    bits |= _bit(_REPEATED, np.int64(seen["repeated"]) >= np.int64(limits["repeated"]))
    bits |= _bit(_LOSS, _lost(seen["slot_loss"], limits["loss"], limits["loss_decay"]))
    bits |= _bit(_LOSS_TOTAL, _lost(seen["total_loss"], total["loss"], total["loss_decay"]))
    bits |= _bit(_OPEN_ORDERS, np.int64(seen["slot_open"]) >= np.int64(limits["open_orders"]))
    full = np.int64(seen["total_open"]) >= np.int64(total["open_orders"])
    bits |= _bit(_OPEN_TOTAL, full or not seen["place_free"])
    wrong: Any
    if intent["marking"] == _SHORT:
        wrong = not limits["short_permitted"]
    else:
        wrong = position - np.int64(seen["open_sell"]) - shares < 0
    bits |= _bit(_SHORT_SALE, not buys and wrong)
    symbol = limits["symbol"]
    bits |= _bit(_SYMBOL, symbol == 0 or intent["symbol"] != symbol)
    return bits | _bit(_TOKEN, not seen["token_known"])


@bare
def _full(level: Any, cycles: Any, depth: Any) -> Any:
    return cycles == 0 or np.int64(level) + np.int64(cycles) > np.int64(depth)


@bare
def _lost(loss: Any, most: Any, decay: Any) -> Any:
    return decay == 0 or np.int64(loss) > np.int64(most)


@bare
def first_reason(bits: Any) -> int:
    """Of the lowest bit; 0 is ok."""
    for check in range(len(REASONS)):
        if bits >> np.uint64(check) & np.uint64(1):
            return REASONS[check]
    return 0


@bare
def _ordered(intent: Any, order: Any) -> None:
    """All that an order has of what was intended."""
    order["slot"], order["symbol"], order["model_id"] = (
        intent["slot"], intent["symbol"], intent["model_id"],
    )  # fmt: skip
    order["side"], order["price"], order["shares"] = (
        intent["side"], intent["price"], intent["shares"],
    )  # fmt: skip
    order["time_in_force"], order["display"] = intent["time_in_force"], intent["display"]
    order["capacity"], order["marking"] = intent["capacity"], intent["marking"]
    order["sequence_number"] = intent["sequence_number"]
    order["frame_cycle"], order["message_cycle"] = intent["frame_cycle"], intent["message_cycle"]


_SHARED = set(ORDER.dtype.names or ()) & set(INTENT.dtype.names or ())
assert set(ORDER.dtype.names or ()) - _SHARED == {"token"} and len(_SHARED) == 13


@compiled
def _decide(
    state: State, intents: Any, cycles: Any, stops: Any, limits: Any, written: Any, total: Any,
    total_written: Any, seen: Any, decisions: Any, orders: Any,
) -> int:  # fmt: skip
    """How many passed: so many of `orders` are filled, from the first one on."""
    passed = 0
    for row in range(len(intents)):
        intent, decision, slot = intents[row], decisions[row], intents[row]["slot"]
        bound, most = limits[slot], total[0]
        now = np.int64(cycles[row]) + JUDGED
        settle(state, slot, np.int64(bound["loss_decay"]), np.int64(most["loss_decay"]), now)
        see(state, intent, np.int64(bound["duplicate"]), now, seen[0])
        bits = judged(intent, seen[0], bound, most, written[slot] and total_written, now)
        bits |= stopped(stops[row])
        decision["slot"], decision["failed"] = slot, bits
        decision["reason"], decision["verdict"] = first_reason(bits), bits == 0
        decision["sequence_number"] = intent["sequence_number"]
        decision["frame_cycle"] = intent["frame_cycle"]
        decision["message_cycle"] = intent["message_cycle"]
        if bits == 0:
            leaves = np.int64(cycles[row]) + PRESENTED
            adds, adds_all = np.int64(bound["rate_cycles"]), np.int64(most["rate_cycles"])
            _ordered(intent, orders[passed])
            token = send(state, intent, adds, adds_all, leaves)
            decision["token"] = orders[passed]["token"] = token
            passed += 1
    return passed


@dataclass
class Gate:
    """The gate with all that it knows. What stops is the caller's, but for a kill by saturation."""

    places: int = 16
    recent: int = 4
    limits: Records = field(default_factory=lambda: SLOT_LIMITS.empty(SLOTS))
    total: Records = field(default_factory=lambda: TOTAL_LIMITS.empty(1))
    written: Any = field(default_factory=lambda: np.zeros(SLOTS, np.bool_))
    total_written: bool = False
    killed: bool = False

    def __post_init__(self) -> None:
        self.state = fresh(self.places, self.recent)
        self._seen = RISK_STATE.empty(1)

    def decide(self, intents: Records, cycles: Any, stops: Records) -> tuple[Records, Records]:
        """Decisions, and the orders of those that passed; `stops` are rows of RISK_STOPS."""
        if intents.dtype != INTENT.dtype or stops.dtype != RISK_STOPS.dtype:
            raise TypeError("decide wants rows of intent and of risk_stops")
        decisions, orders = DECISION.empty(len(intents)), ORDER.empty(len(intents))
        if self.killed:
            stops = stops.copy()
            stops["killed"] = True
        passed = _decide(
            self.state, intents, np.asarray(cycles, np.int64), stops, self.limits, self.written,
            self.total, self.total_written, self._seen, decisions, orders,
        )  # fmt: skip
        return decisions, orders[:passed]

    def confirm(self, confirmation: Any) -> int:
        """One row of CONFIRMATION: what it comes to (`tickwire.risk.state`)."""
        values = (int(confirmation[name]) for name in ("token", "outcome", "shares", "price"))
        comes_to = int(confirm(self.state, *values))
        self.killed = self.killed or comes_to == SATURATED
        return comes_to

    def tell(self, command: Any, armed: bool, now: int) -> bool:
        """One row of RISK_COMMAND, of the kinds that are no one's limits or control."""
        self.settle(now)
        return bool(tell(self.state, command, armed, now))

    def settle(self, now: int) -> None:
        """Before limits change, losses grow by those that were."""
        for slot in range(SLOTS):
            decay = int(self.limits["loss_decay"][slot])
            settle(self.state, slot, decay, int(self.total["loss_decay"][0]), now)
