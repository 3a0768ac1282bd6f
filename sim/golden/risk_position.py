"""Golden model of risk_position: the host's reference, and when what it does shows."""

from __future__ import annotations

from collections import Counter, deque

from sim.golden.tick_pkg import pack_some
from sim.lib.rows import row, word
from tickwire.gen.records import CONFIRMATION, INTENT, ORDER, RISK_COMMAND, RISK_STATE, Act, Outcome
from tickwire.risk.state import (
    BROKEN,
    DOUBLE,
    EXCESS,
    FINE,
    SATURATED,
    UNKNOWN,
    State,
    confirm,
    fresh,
    see,
    send,
    take_number,
    tell,
)

EVENTS = {
    UNKNOWN: "unknown_confirmations",
    DOUBLE: "double_confirmations",
    EXCESS: "excess_confirmations",
    BROKEN: "broken_trades",
}
ACTS = (Act.POSITION, Act.NEW_DAY, Act.TOKEN)
FIELDS = (
    *("position", "open_buy", "open_sell", "slot_open", "total_open", "place_free"),
    *("token_known", "self_trade", "gross", "net", "traded"),
    *("open_buy_money", "open_sell_money"),
)


def shown(state: State, intent: int, window: int, now: int, fields: tuple[str, ...]) -> int:
    """These fields of risk_state."""
    seen, part = RISK_STATE.empty(1), RISK_STATE.empty(1)
    see(state, row(intent, INTENT)[0], window, now, seen[0])
    for name in fields:
        part[name] = seen[name]
    return word(part, RISK_STATE)


class RiskPosition:
    """`met` counts what confirmations came to and which commands were taken."""

    inputs = (
        *("armed", "writes", "s_command", "s_valid", "s_confirmation", "q_intent"),
        *("sent", "sent_order", "sent_money", "takes", "look_place"),
    )

    def __init__(self, places: int) -> None:
        self.places = places
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.state = fresh(self.places)
        self.later = deque[int | None]([None, None])  # confirmations on their way
        self.comes_to = deque[int]([FINE, FINE, FINE])

    def outputs(self) -> dict[str, int]:
        told = self.comes_to[0]
        events = {EVENTS[told]: 1} if told in EVENTS else {}
        ports = {
            "bad": int(self.comes_to[1] in EVENTS),
            "saturated": int(self.comes_to[1] == SATURATED),
            "m_events": pack_some("risk_events", events),
        }
        token, known = self.state.total["token"][0], self.state.total["token_known"][0]
        return ports | ({"next_token": int(token) % (1 << 32)} if known else {})

    def beside(self, **now: int) -> dict[str, int]:
        ports = self.numbers(now["sent"], now["look_place"]) | {"taken": int(self.taken(**now))}
        if not self.state.total["token_known"][0]:  # which place is free isn't known
            return ports
        then = self.state
        if now["sent"] or now["takes"]:  # the order that is judged is sent behind both
            then = _copy(self.state)
            then.total["token"] += now["sent"] + now["takes"]
        return ports | {"q_state": shown(then, now["q_intent"], 0, 0, FIELDS)}

    def taken(self, armed: int, writes: int, s_command: int, **_: int) -> bool:
        """Whether the command is."""
        return bool(writes) and self._tell(_copy(self.state), s_command, armed)

    def numbers(self, sent: int, place: int) -> dict[str, int]:
        """The next number, and who stands at that place."""
        number = int(self.state.total["token"][0]) + sent
        known = bool(self.state.total["token_known"][0]) and number < 1 << 32
        return {"number_known": int(known), **({"number": number} if known else {})} | self._look(
            place
        )

    def _look(self, place: int) -> dict[str, int]:
        """What stands there; nothing else means anything."""
        one = self.state.places[place]
        if not one["open"]:
            return {"look_open": 0}
        return {"look_open": 1, "look_token": int(one["token"]), "look_slot": int(one["slot"])}

    def _tell(self, state: State, command: int, armed: int) -> bool:
        one = row(command, RISK_COMMAND)[0]
        return one["act"] in ACTS and bool(tell(state, one, bool(armed), 0))

    def step(self, armed: int, writes: int, s_command: int, s_valid: int, s_confirmation: int,
             sent: int, sent_order: int, sent_money: int, takes: int,
             **_: int) -> None:  # fmt: skip
        self.comes_to.popleft()
        due = self.later.popleft()
        came = self._confirm(_copy(self.state), s_confirmation) if s_valid else FINE
        self.comes_to.append(came)
        self.met[EVENTS.get(came, "")] += 1
        self.later.append(s_confirmation if s_valid and came not in EVENTS else None)
        if writes and self._tell(self.state, s_command, armed):
            self.met[Act(int(row(s_command, RISK_COMMAND)["act"][0])).name] += 1
        if due is not None:
            came = self._confirm(self.state, due)
            outcome = Outcome(int(row(due, CONFIRMATION)["outcome"][0])).name
            self.met[outcome if came == FINE else "saturated"] += 1
        if sent:
            order = row(sent_order, ORDER)
            assert sent_money == int(order["price"][0]) * int(order["shares"][0])
            self.met["sent"] += 1
            send(self.state, order[0], 0, 0, 0)
        if takes:
            self.met["number taken"] += 1
            take_number(self.state)

    def _confirm(self, state: State, confirmation: int) -> int:
        one = row(confirmation, CONFIRMATION)[0]
        names = ("token", "outcome", "shares", "price")
        return int(confirm(state, *(int(one[name]) for name in names)))


def _copy(state: State) -> State:
    return State(*(part.copy() for part in state))
