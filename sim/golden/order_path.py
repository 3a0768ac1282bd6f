"""Golden model of order_path: its parts' models, each told what the others showed in this cycle."""

from __future__ import annotations

from collections.abc import Sequence

from sim.golden.answer_queue import BITS, AnswerQueue
from sim.golden.order_maker import OrderMaker
from sim.golden.ouch42_decode import Ouch42Decode
from sim.golden.ouch42_encode import Ouch42Encode
from sim.golden.ouch_decode import OuchDecode
from sim.golden.ouch_encode import OuchEncode
from sim.golden.risk_gate import RiskGate
from sim.golden.tick_pkg import events, pack_some

LATENCY = 5
# What the parts' events are called as events of the path; the others have the same name.
OF_GATE = {"refusals": "refused_orders"}
OF_OUCH = {
    "orders": "order_messages", "refused_orders": "unwritable_orders",
    **{name: f"venue_{name}" for name in (
        "confirmations", "notices", "unfollowed", "appended", "unknown_types", "wrong_lengths",
        "wrong_values")},
}  # fmt: skip
TO_GATE = ("doubt", "confirmation_valid", "confirmation", "s_valid", "s_intent")
Ports = dict[str, int]


class OrderPath:
    inputs: Sequence[str] = (
        *(name for name in RiskGate.inputs if name not in TO_GATE),
        *("settings", "s_valid", "s_signal"),
        *("venue_valid", "venue_message", "venue_bytes", "host_valid", "host_confirmation"),
        *("link_refused", "link_refusal", "link_doubt"),
    )

    def __init__(
        self, places: int, recent: int, arm_cycles: int, answers: int, ouch42: int = 0
    ) -> None:
        self.maker, self.gate = OrderMaker(), RiskGate(places, recent, arm_cycles)
        self.encode = Ouch42Encode() if ouch42 else OuchEncode()
        self.decode = Ouch42Decode() if ouch42 else OuchDecode()
        self.answers = AnswerQueue(4, answers)
        self.reset()

    def reset(self) -> None:
        for part in (self.maker, self.gate, self.encode, self.decode, self.answers):
            part.reset()
        self._look()

    def _look(self) -> None:
        """What each shows, once a cycle: some count what they show."""
        self.intent, self.order = self.maker.outputs(), self.encode.outputs()
        self.told, self.answer = self.decode.outputs(), self.answers.outputs()

    def outputs(self) -> Ports:
        gate = self.gate.outputs()
        names = {"m_valid": "m_decision_valid"}
        ports = {names.get(name, name): value for name, value in gate.items()}
        of_gate = events("risk_events", ports.pop("m_events"))
        of_ouch = events("ouch_events", self.order["m_events"] | self.told["m_events"])
        ports["path_events"] = pack_some("path_events", {
            **{OF_GATE.get(name, name): count for name, count in of_gate.items()},
            **{OF_OUCH[name]: count for name, count in of_ouch.items()},
            "lost_confirmations": self.answer["lost"],
        })  # fmt: skip
        sent = ("m_valid", "m_message", "m_length")
        return ports | {name: self.order[name] for name in sent if name in self.order}

    def beside(self, **now: int) -> Ports:
        return self.gate.beside(**self._to_gate(now))

    def _to_gate(self, now: Ports) -> Ports:
        return {name: now[name] for name in RiskGate.inputs if name not in TO_GATE} | {
            "doubt": self.told["m_doubt"] | self.answer["lost"] | now["link_doubt"],
            "confirmation_valid": self.answer["m_valid"],
            "confirmation": self.answer.get("m_confirmation", 0),
            "s_valid": self.intent["m_valid"],
            "s_intent": self.intent.get("m_intent", 0),
        }

    def step(self, **now: int) -> None:
        gate = self.gate.outputs()
        said = (
            (self.order["m_refused"], self.order.get("m_refusal", 0)),
            (self.told["m_valid"], self.told.get("m_confirmation", 0)),
            (now["link_refused"], now["link_refusal"]),
            (now["host_valid"], now["host_confirmation"]),
        )
        self.gate.step(**self._to_gate(now))
        self.encode.step(gate["m_order_valid"], gate.get("m_order", 0))
        self.answers.step(
            sum(valid << source for source, (valid, _) in enumerate(said)),
            sum(word << BITS * source for source, (_, word) in enumerate(said)),
        )
        self.decode.step(*(now[f"venue_{name}"] for name in ("valid", "message", "bytes")))
        self.maker.step(*(now[name] for name in ("settings", "s_valid", "s_signal")))
        self._look()
