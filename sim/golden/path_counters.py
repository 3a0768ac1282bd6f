"""What hw/rtl/path_counters.sv counts, from the tree of the register map: each counter by its name.

How a count is read stands in golden.counters.
"""

from __future__ import annotations

from dataclasses import dataclass

from systemrdl.node import AddressableNode, AddrmapNode, RegNode

from sim.golden.tick_pkg import RECORDS, unpack
from sim.golden.tickwire_regs import WORD, elaborate

EVENTS = {
    record: [field.name for field in RECORDS[record]] for record in ("feed_events", "path_events")
}


@dataclass(frozen=True)
class Counter:
    """One counter: its place in the window, its event, the feeds that have it; none: the path."""

    name: str
    index: int
    event: str
    feeds: tuple[int, ...]

    def step(self, feeds: list[dict[str, int]], path: dict[str, int]) -> int:
        """What it adds in a cycle of these events."""
        if self.feeds:
            return sum(feeds[one][self.event] for one in self.feeds)
        return path[self.event]


OF: dict[str, tuple[int, ...]] = {"feeds[0]": (0,), "feeds[1]": (1,)}


def _counters(top: AddrmapNode) -> list[Counter]:
    window = top.get_child_by_name("counters")
    assert isinstance(window, AddressableNode)
    counters = []
    for node in window.descendants(unroll=True):
        if isinstance(node, RegNode):
            path = node.get_path().partition(".counters.")[2]
            index = (node.absolute_address - window.absolute_address) // WORD
            feeds: tuple[int, ...] = {"feeds[0]": (0,), "feeds[1]": (1,)}.get(
                path.partition(".")[0], ()
            )
            if node.inst_name in EVENTS["feed_events"] and not feeds:
                feeds = (0, 1)
            counters.append(Counter(path, index, node.inst_name, feeds))
    return counters


COUNTERS = _counters(elaborate())
SIZE = 1 + max(one.index for one in COUNTERS)


def steps(feeds: tuple[int, int], path: int) -> list[int]:
    """What each place of the window adds in a cycle, of the structs' words."""
    of_feeds = [unpack("feed_events", word) for word in feeds]
    of_path = unpack("path_events", path)
    added = [0] * SIZE
    for one in COUNTERS:
        added[one.index] = one.step(of_feeds, of_path)  # type: ignore[arg-type]
    return added
