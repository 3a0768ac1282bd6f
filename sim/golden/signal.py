"""Golden model of signal, a record at a time, and when it shows.

The rules are written again here, plainly, from the page of `tickwire.replay.signals`, and none of
the host's code: a fault in that is a difference.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

import numpy as np

from hwtools.bits import pack, unpack
from sim.golden.tick_pkg import pack_some
from tickwire.gen.records import SIGNAL, SLOTS, Action, Reason

LATENCY = 2
WIDTHS = {"buy_threshold": 17, "sell_threshold": 17, "hysteresis": 16, "minimum_interval": 32}
EVENTS = {"signals_none": Action.NONE, "signals_buy": Action.BUY, "signals_sell": Action.SELL}


@dataclass(frozen=True)
class Settings:
    """A slot's registers, as numbers."""

    buy_threshold: int
    sell_threshold: int
    hysteresis: int
    minimum_interval: int


class Decider:
    """One slot. It keeps all that it was told, and looks through it again each time."""

    def __init__(self) -> None:
        self.since: list[tuple[int, Settings]] = []  # strengths after the last decision
        self.last: tuple[Action, int] | None = None  # and its time

    def decide(
        self, reason: int, bad: bool, strength: int, time: int, now: Settings
    ) -> tuple[int, int]:
        """Decision and reason."""
        if bad:
            return Action.NONE, Reason.BAD_FRAME
        if reason != Reason.OK:
            return Action.NONE, reason
        self.since.append((strength, now))
        wanted = {
            Action.BUY: strength >= now.buy_threshold,
            Action.SELL: strength <= now.sell_threshold,
        }
        if wanted[Action.BUY] is wanted[Action.SELL]:
            return Action.NONE, Reason.BELOW_THRESHOLD
        (action,) = (each for each, wants in wanted.items() if wants)
        if self.last is not None:
            before, when = self.last
            if action == before and not any(came_back(action, *each) for each in self.since):
                return Action.NONE, Reason.HYSTERESIS
            if not when <= time or time < when + 1024 * now.minimum_interval:
                return Action.NONE, Reason.TOO_SOON
        self.last, self.since = (action, time), []
        return action, Reason.OK


def came_back(action: Action, strength: int, then: Settings) -> bool:
    """From a decision, by the settings of that moment."""
    if not then.hysteresis:
        return True
    if action == Action.BUY:
        return strength <= then.buy_threshold - then.hysteresis
    return strength >= then.sell_threshold + then.hysteresis


class Signal:
    """`met` counts the reasons and decisions."""

    inputs = (*WIDTHS, "model_id", "bad_frame", "bad_frame_cycle", "s_valid", "s_signal")

    def __init__(self, verdicts: int) -> None:
        self.verdicts = verdicts
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.slots = [Decider() for _ in range(SLOTS)]
        self.bad = deque[int](maxlen=self.verdicts)
        self.later = deque[int | None]([None] * LATENCY)

    def outputs(self) -> dict[str, int]:
        word = self.later[0]
        if word is None:
            return {"m_valid": 0, "path_events": 0}
        decision = _record(word)["decision"][0]
        events = {name: int(decision == action) for name, action in EVENTS.items()}
        return {"m_valid": 1, "m_signal": word, "path_events": pack_some("path_events", events)}

    def step(self, **inputs: int) -> None:
        now = {inputs["bad_frame_cycle"]} if inputs["bad_frame"] else set[int]()
        self.later.popleft()
        self.later.append(self._decide(inputs, now | {*self.bad}) if inputs["s_valid"] else None)
        self.bad.extend(now)

    def _decide(self, inputs: dict[str, int], bad: set[int]) -> int:
        row = _record(inputs["s_signal"])
        one = row[0]
        slot, time = int(one["slot"]), int(one["timestamp"])
        values = {}
        for name, width in WIDTHS.items():
            value = inputs[name] >> slot * width & (1 << width) - 1
            wraps = "threshold" in name and value >> width - 1
            values[name] = value - (1 << width) if wraps else value
        strength = int(one["scores"][2]) - int(one["scores"][0])
        wrong = int(one["frame_cycle"]) in bad
        reason = int(one["reason"])
        decided = self.slots[slot].decide(reason, wrong, strength, time, Settings(**values))
        row["decision"], row["reason"] = decided
        row["strength"], row["model_id"] = strength, inputs["model_id"]
        self.met[Action(decided[0]).name] += 1
        self.met[Reason(decided[1]).name] += 1
        return int.from_bytes(pack(row, SIGNAL)[0].tobytes(), "big")


def _record(word: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    data = np.frombuffer(word.to_bytes(SIGNAL.bytes, "big"), np.uint8)
    return unpack(data.reshape(1, -1), SIGNAL)
