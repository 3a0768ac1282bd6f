"""Golden model of axis_register: two beats may wait, and room for one more is announced ahead."""

from __future__ import annotations

from collections import deque

PAYLOAD = ("tdata", "tkeep", "tlast", "tuser")


class AxisRegister:
    """A queue of two. What was accepted at one edge is presented after it."""

    inputs = (*(f"s_axis_{name}" for name in PAYLOAD), "s_axis_tvalid", "m_axis_tready")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.waiting: deque[tuple[int, ...]] = deque()
        self.ready = False  # a beat offered during reset is not taken

    def outputs(self) -> dict[str, int]:
        outputs = {"s_axis_tready": int(self.ready), "m_axis_tvalid": int(bool(self.waiting))}
        if self.waiting:
            outputs |= zip((f"m_axis_{name}" for name in PAYLOAD), self.waiting[0], strict=True)
        return outputs

    def step(self, **inputs: int) -> None:
        if self.waiting and inputs["m_axis_tready"]:
            self.waiting.popleft()
        if inputs["s_axis_tvalid"] and self.ready:
            self.waiting.append(tuple(inputs[f"s_axis_{name}"] for name in PAYLOAD))
        self.ready = len(self.waiting) < 2
