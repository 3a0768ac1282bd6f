"""Golden model of feature_sum: the running sum and the squash of the features, and when."""

from __future__ import annotations

from tickwire.features.naive import octaves


class Sum:
    """`signed` as the module's SIGNED."""

    inputs = ("s_slot", "s_first", "w_valid", "w_slot", "w_negative", "w_size")

    def __init__(self, shift: int, knee: int, signed: bool) -> None:
        self.shift, self.knee, self.signed = shift, knee, signed
        self.sums: dict[int, int] = {}
        self.begins = False
        self.sum: int | None = None
        self.met: set[int] = set()  # values of the squash

    def outputs(self) -> dict[str, int]:
        return {} if self.sum is None else {"m_window": window(self.sum, self.knee)}

    def step(self, **inputs: int) -> None:
        self.sum = None
        if inputs["w_valid"]:
            slot, x = inputs["w_slot"], inputs["w_size"]
            x = -x if self.signed and inputs["w_negative"] else x
            old = 0 if self.begins else self.sums[slot]
            self.sum = self.sums[slot] = old + x - (old >> self.shift)
            size = min(octaves(abs(self.sum) + (1 << self.knee)) - 16 * self.knee, 127)
            self.met.add(-size if self.sum < 0 else size)
        self.begins = bool(inputs["s_first"])


def window(d: int, knee: int) -> int:
    """window_t: whether d is negative, whether y is too large, and 13 bits of y."""
    y = abs(d) + (1 << knee)
    size = -d - 1 if d < 0 else d
    big = int(size >= 1 << knee + 8)
    low = y if not big else (size % (1 << knee + 8)) + (1 << knee) + (d < 0)
    return int(d < 0) << 14 | big << 13 | low >> knee - 4 & 0x1FFF
