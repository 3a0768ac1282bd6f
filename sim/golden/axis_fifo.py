"""Golden model of axis_fifo: a queue of DEPTH beats, one beat presented, frames dropped whole."""

from __future__ import annotations

from collections import deque

from sim.golden.axis_register import PAYLOAD


class AxisFifo:
    """The RAM as two queues: what may be read, and the frame that is still coming in."""

    inputs = (*(f"s_axis_{name}" for name in PAYLOAD), "s_axis_tvalid", "m_axis_tready")

    def __init__(self, depth: int, frame_drop: bool, count_w: int) -> None:
        self.depth, self.frame_drop, self.count_max = depth, frame_drop, 2**count_w - 1
        self.reset()

    def reset(self) -> None:
        self.stored: deque[tuple[int, ...]] = deque()
        self.coming: list[tuple[int, ...]] = []
        self.presented: tuple[int, ...] | None = None
        self.losing = False  # the frame that comes in has already met a full RAM
        self.drops = 0
        self.up = False

    @property
    def full(self) -> bool:
        return len(self.stored) + len(self.coming) == self.depth

    @property
    def ready(self) -> bool:
        return self.up and (self.frame_drop or not self.full)

    def outputs(self) -> dict[str, int]:
        outputs = {
            "s_axis_tready": int(self.ready),
            "m_axis_tvalid": int(self.presented is not None),
            "drop_count": self.drops,
        }
        if self.presented is not None:
            outputs |= zip((f"m_axis_{name}" for name in PAYLOAD), self.presented, strict=True)
        return outputs

    def step(self, **inputs: int) -> None:
        beat = tuple(inputs[f"s_axis_{name}"] for name in PAYLOAD)
        accepted = bool(inputs["s_axis_tvalid"]) and self.ready
        full = self.full  # room that this edge makes is seen after it
        if inputs["m_axis_tready"] or self.presented is None:
            self.presented = self.stored.popleft() if self.stored else None
        if accepted:
            self._accept(beat, full)
        self.up = True

    def _accept(self, beat: tuple[int, ...], full: bool) -> None:
        last = beat[PAYLOAD.index("tlast")]
        if not self.frame_drop:
            self.stored.append(beat)
            return
        if full or self.losing:
            self.coming.clear()
            self.losing = not last
            self.drops = min(self.drops + bool(last), self.count_max)
            return
        self.coming.append(beat)
        if last:
            self.stored.extend(self.coming)
            self.coming.clear()
