"""Golden model of risk_check: the host's reference, and when it is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sim.lib.rows import made, row, word
from tickwire.gen.records import (
    DECISION,
    INTENT,
    ORDER,
    RISK_STATE,
    RISK_STOPS,
    SLOT_LIMITS,
    TOTAL_LIMITS,
    Check,
    Reason,
)
from tickwire.risk.gate import first_reason, judged, stopped

LATENCY = 3
KEPT = ("slot", "sequence_number", "frame_cycle", "message_cycle")
NOTHING = {"m_valid": 0, "m_order_valid": 0}


@dataclass
class Judged:
    """An order and what judging it gave."""

    intent: int
    bits: int
    slot_cycles: int
    total_cycles: int


class RiskCheck:
    """`met` counts failed checks, `alone` those that were the only one, and what was sent."""

    inputs = (
        *("cycle", "s_valid", "s_intent", "q_state", "q_written", "q_limits", "total_written"),
        *("total", "stops", "next_token"),
    )

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.came: int | None = None
        self.judged: Judged | None = None
        self.out = NOTHING

    def outputs(self) -> dict[str, int]:
        return self.out | ({"q_intent": self.came} if self.came is not None else {})

    def beside(self, **now: int) -> dict[str, int]:
        stops, next_token = now["stops"], now["next_token"]
        if self.judged is None:
            return {"sent": 0}
        intent = row(self.judged.intent, INTENT)
        ports = {"o_slot": int(intent["slot"][0]), "sent": int(not self._bits(stops))}
        if ports["sent"]:
            ports |= {
                "sent_order": self._order(next_token),
                "sent_money": int(intent["price"][0]) * int(intent["shares"][0]),
                "sent_slot_cycles": self.judged.slot_cycles,
                "sent_total_cycles": self.judged.total_cycles,
            }
        return ports

    def _bits(self, stops: int) -> int:
        assert self.judged is not None
        return self.judged.bits | int(stopped(row(stops, RISK_STOPS)[0]))

    def _order(self, token: int) -> int:
        assert self.judged is not None
        intent = row(self.judged.intent, INTENT)
        shared = set(ORDER.dtype.names or ()) & set(INTENT.dtype.names or ())
        order = made(ORDER, token=token, **{name: intent[name][0] for name in shared})
        return word(order, ORDER)

    def step(self, cycle: int, s_valid: int, s_intent: int, q_state: int, q_written: int,
             q_limits: int, total_written: int, total: int, stops: int,
             next_token: int) -> None:  # fmt: skip
        self.out = self._decided(stops, next_token) if self.judged else NOTHING
        self.judged = None
        if self.came is not None:
            limits, most = row(q_limits, SLOT_LIMITS)[0], row(total, TOTAL_LIMITS)[0]
            one, seen = row(self.came, INTENT)[0], row(q_state, RISK_STATE)[0]
            written = bool(q_written and total_written)
            bits = int(judged(one, seen, limits, most, written, cycle))
            rates = int(limits["rate_cycles"]), int(most["rate_cycles"])
            self.judged = Judged(self.came, bits, *rates)
        self.came = s_intent if s_valid else None

    def _decided(self, stops: int, token: int) -> dict[str, int]:
        assert self.judged is not None
        bits, intent = self._bits(stops), row(self.judged.intent, INTENT)
        names = [check.name.lower() for check in Check if bits >> check & 1]
        self.met.update(names or ["sent"])
        if len(names) == 1:
            self.alone[names[0]] += 1
        decision = made(
            DECISION,
            token=0 if bits else token,
            verdict=not bits,
            reason=int(Reason(first_reason(bits))),
            failed=bits,
            **{name: intent[name][0] for name in KEPT},
        )
        ports = {
            "m_valid": 1,
            "m_decision": word(decision, DECISION),
            "m_order_valid": int(not bits),
        }
        return ports | ({} if bits else {"m_order": self._order(token)})
