"""Golden model of signal: the host's own rules, record by record, and when they show."""

from __future__ import annotations

from collections import Counter, deque

import numpy as np

from hwtools.bits import pack, unpack
from sim.golden.tick_pkg import pack_some
from tickwire.gen.records import SIGNAL, SLOTS, Action, Reason
from tickwire.replay.signals import SETTINGS, Signals

LATENCY = 2
WIDTHS = {"buy_threshold": 17, "sell_threshold": 17, "hysteresis": 16, "minimum_interval": 32}
EVENTS = {"signals_none": Action.NONE, "signals_buy": Action.BUY, "signals_sell": Action.SELL}


class Signal:
    """`met` counts the reasons and decisions."""

    inputs = (*WIDTHS, "model_id", "bad_frame", "bad_frame_cycle", "s_valid", "s_signal")

    def __init__(self, verdicts: int) -> None:
        self.verdicts = verdicts
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.host = Signals(np.zeros(SLOTS, SETTINGS))
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
        for name, width in WIDTHS.items():
            signed = "threshold" in name
            for slot in range(SLOTS):
                value = inputs[name] >> slot * width & (1 << width) - 1
                wraps = signed and value >> width - 1
                self.host.settings[name][slot] = value - (1 << width) if wraps else value
        self.host.model_id = inputs["model_id"]
        record = _record(inputs["s_signal"])
        decided = self.host.decide(record, np.array([int(record["frame_cycle"][0]) in bad]))
        self.met[Reason(decided["reason"][0]).name] += 1
        self.met[Action(decided["decision"][0]).name] += 1
        return int.from_bytes(pack(decided, SIGNAL)[0].tobytes(), "big")


def _record(word: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    data = np.frombuffer(word.to_bytes(SIGNAL.bytes, "big"), np.uint8)
    return unpack(data.reshape(1, -1), SIGNAL)
