"""Golden model of risk_gate: its parts' models, which are the host's reference, joined by what one
tells the other in a cycle. Two stages of an order are on their way at most."""

from __future__ import annotations

from collections import Counter

from sim.golden.risk_check import RiskCheck
from sim.golden.risk_control import RiskControl
from sim.golden.risk_limits import RiskLimits
from sim.golden.risk_market import RiskMarket
from sim.golden.risk_position import RiskPosition
from sim.golden.risk_rate import RiskRate
from sim.golden.tick_pkg import pack_some
from sim.lib.rows import made_word, row, word
from tickwire.gen.records import INTENT, RISK_COMMAND, RISK_STOPS, SLOT_LIMITS, Act

LATENCY = 3
BOOK = ("halted", "stale", "crossed", "locked")
Ports = dict[str, int]


class RiskGate:
    inputs = (
        *("cycle", "model_id", "kill_pin", *(f"book_{name}" for name in BOOK)),
        *("command_valid", "command", "slot_limits", "total_limits"),
        *("doubt", "confirmation_valid", "confirmation", "s_valid", "s_intent", "takes"),
        "look_place",
    )

    def __init__(self, places: int, recent: int, arm_cycles: int) -> None:
        self.control, self.limits = RiskControl(arm_cycles), RiskLimits()
        self.position, self.rate = RiskPosition(places), RiskRate(recent)
        self.market, self.check = RiskMarket(), RiskCheck()
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        for part in (self.control, self.limits, self.position, self.rate, self.market, self.check):
            part.reset()
        self.echo: Ports = {"m_echo_valid": 0}
        self._answered: tuple[Ports, tuple[Ports, ...]] | None = None
        self.events: Ports = {}

    def outputs(self) -> Ports:
        told = self.check.outputs()
        ports = {name: value for name, value in told.items() if name.startswith("m_")}
        ports |= self.echo | self.control.outputs()
        refused = ports["m_valid"] and not ports["m_order_valid"]
        events = pack_some("risk_events", self.events | {"refusals": int(refused)})
        events |= self.control.outputs()["m_events"] | self.position.outputs()["m_events"]
        return ports | {"m_events": events}

    def beside(self, **now: int) -> Ports:
        _, told, _, to_check, _ = self._asked(now)
        sent = self.check.beside(**to_check)["sent"]
        numbers = self.position.numbers(sent, now["look_place"])
        return {name: told[name] for name in ("killed", "armed")} | numbers

    def _asked(self, now: Ports) -> tuple[Ports, ...]:
        """Of this cycle: risk_control's inputs and answers, risk_limits' answers, risk_check's
        inputs and the order that is judged. Both `beside` and `step` ask."""
        if self._answered is None or self._answered[0] != now:
            asked = self._ask(now)
            self._answered = now, (*asked, *self._to_check(now, *asked[1:]))
        return self._answered[1]

    def _ask(self, now: Ports) -> tuple[Ports, Ports, Ports]:
        shown = self.position.outputs()
        to_limits = self._to_limits(now, 0, 0)
        limits = self.limits.beside(**to_limits)
        control = {
            **{name: now[name] for name in ("model_id", "kill_pin")},
            "saturated": shown["saturated"],
            "bad_confirmation": shown["bad"] | now["doubt"],
            "cycle": now["cycle"] & 0xFFFF,
            "mismatch": limits["mismatch"],
            "total_written": limits["total_written"],
            "silence": limits["total"] & 0xFFFF_FFFF,  # its last field
            "s_valid": now["command_valid"],
            "s_command": now["command"],
            "limits_written": 0,
        }
        told = self.control.beside(**control)
        limits = self.limits.beside(**self._to_limits(now, told["armed"], told["opens"]))
        return control | {"limits_written": limits["taken"]}, told, limits

    def _to_limits(self, now: Ports, armed: int, writes: int) -> Ports:
        came = self.check.came
        slot = int(row(came, INTENT)["slot"][0]) if came is not None else 0
        return {
            "cycle": now["cycle"] % 8,
            "armed": armed,
            "writes": writes,
            "s_command": now["command"],
            "s_slot_limits": now["slot_limits"],
            "s_total_limits": now["total_limits"],
            "q_slot": slot,
        }

    def step(self, **now: int) -> None:
        to_control, told, limits, to_check, state_ports = self._asked(now)
        sent = self.check.beside(**to_check)
        sends = {name: sent.get(name, 0) for name in SENT}
        writes = {"writes": told["opens"], "s_command": now["command"]}
        to_position = writes | {
            "armed": told["armed"],
            "s_valid": now["confirmation_valid"],
            "s_confirmation": now["confirmation"],
            "q_intent": state_ports["q_intent"],
            "takes": now["takes"],
        }
        takes_position = self.position.taken(**to_position)
        act = row(now["command"], RISK_COMMAND)["act"][0]
        to_rate = writes | {
            "new_day": int(takes_position and act == Act.NEW_DAY),
            "q_intent": state_ports["q_intent"],
            "q_window": 0,
        }
        to_market = writes | {
            "cycle": now["cycle"] % 1024,
            "g_decay": limits["g_decay"],
            "total_decay": (limits["total"] >> 32) & 0xFFFF_FFFF,
            "q_slot": 0,
        }
        taken = any(
            (
                told["taken"],
                limits["taken"],
                takes_position,
                self.rate.taken(**writes),
                self.market.beside(**to_market)["taken"],
            )
        )
        self._echo(now, taken, bool(sent["sent"]))
        self.control.step(**to_control)
        self.limits.step(**self._to_limits(now, told["armed"], told["opens"]))
        self.position.step(**to_position, **{name: sends[name] for name in SENT[:3]})
        self.rate.step(**to_rate, **sends)
        self.market.step(**to_market)
        self.check.step(**to_check)
        self._answered = None

    def _to_check(self, now: Ports, told: Ports, limits: Ports) -> tuple[Ports, Ports]:
        """risk_check's inputs; and the order that is being judged, or any."""
        came, ports = self.check.came, self.position.outputs()
        intent = came if came is not None else 0
        state = 0
        if came is not None:
            window = int(row(limits["q_limits"], SLOT_LIMITS)["duplicate"][0])
            intents = {"q_intent": came, "writes": 0, "s_command": 0}
            state = self.rate.beside(q_window=window, **intents)["q_state"]
            beside = {"armed": 0, "sent": 0, "takes": now["takes"], "look_place": 0}
            state |= self.position.beside(**beside, **intents).get("q_state", PLACE_FREE)
            slot = int(row(came, INTENT)["slot"][0])
            state |= self.market.beside(writes=0, s_command=0, q_slot=slot)["q_state"]
        return {
            "cycle": now["cycle"],
            "s_valid": now["s_valid"],
            "s_intent": now["s_intent"],
            "q_state": state,
            "q_written": limits["q_written"],
            "q_limits": limits["q_limits"],
            "total_written": limits["total_written"],
            "total": limits["total"],
            "stops": self._stops(now, told),
            "next_token": ports.get("next_token", 0),
        }, {"q_intent": intent}

    def _stops(self, now: Ports, told: Ports) -> int:
        slot = 0
        if self.check.judged is not None:
            slot = int(row(self.check.judged.intent, INTENT)["slot"][0])
        return made_word(
            RISK_STOPS,
            killed=told["killed"],
            slot_killed=told["slot_killed"] >> slot & 1,
            armed=told["armed"],
            session_open=told["session_open"],
            **{name: now[f"book_{name}"] >> slot & 1 for name in BOOK},
        )

    def _echo(self, now: Ports, taken: bool, sent: bool) -> None:
        self.echo = {"m_echo_valid": now["command_valid"]}
        if now["command_valid"]:
            command = row(now["command"], RISK_COMMAND).copy()
            command["key"] = 0
            self.echo |= {"m_echo": word(command, RISK_COMMAND), "m_echo_taken": int(taken)}
        refused = now["command_valid"] and not taken
        self.events = {"refused_commands": int(refused), "orders": int(sent)}


SENT = ("sent", "sent_order", "sent_money", "sent_slot_cycles", "sent_total_cycles")
PLACE_FREE = pack_some("risk_state", {"place_free": 1})  # where no token was ever given
