"""Golden model of feature_turns, from its header: a cycle at a time, with cycle numbers for all."""

from __future__ import annotations


class Turns:
    """`slots` are the module's BOOKS, `gap` is its GAP."""

    inputs = ("each_change", "s_valid", "s_acts", "s_last", "s_slot")

    def __init__(self, slots: int, gap: int) -> None:
        self.slots, self.gap = slots, gap
        self.reset()

    def reset(self) -> None:
        self.cycle = self.mark = 0
        self.named: set[int] = set()
        self.waiting: dict[int, int] = {}  # by slot: the mark
        self.leaving: dict[int, tuple[str, int, int]] = {}  # by cycle: which way, slot, mark
        self.left = -self.gap  # the last cycle in which a vector left

    def outputs(self) -> dict[str, int]:
        way, slot, mark = self.leaving.get(self.cycle, ("", 0, 0))
        outputs = {"s_mark": self.mark, "m_own": int(way == "own"), "m_other": int(way == "other")}
        if way:
            outputs |= {"m_slot": slot, "m_mark": mark}
        return outputs

    def step(self, each_change: int, s_valid: int, s_acts: int, s_last: int, s_slot: int) -> None:
        self.leaving.pop(self.cycle, None)
        following = self.cycle + 1
        if s_valid and s_acts and s_slot in self.waiting:
            self._leave(following, s_slot)
        elif following in self.leaving:  # an own one
            self.left = following
        elif self.waiting and following - self.left >= self.gap:
            self._leave(following, min(self.waiting))
        if s_valid:
            self._record(each_change, s_acts, s_last, s_slot)
        if each_change:
            self.named.clear()
        self.cycle = following

    def _leave(self, cycle: int, slot: int) -> None:
        assert cycle not in self.leaving, "records come too close"
        self.leaving[cycle] = ("other", slot, self.waiting.pop(slot))
        self.left = cycle

    def _record(self, each_change: int, acts: int, last: int, slot: int) -> None:
        if acts:
            self.named.add(slot)
        if acts if each_change else last and slot in self.named:
            self.leaving[self.cycle + 2] = ("own", slot, self.mark)
        if last and not each_change:
            others = self.named - {slot}
            self.waiting |= dict.fromkeys(others, self.mark)
            self.mark = (self.mark + bool(others)) % 16
        if last:
            self.named.clear()
