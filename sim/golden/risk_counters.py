"""What hw/rtl/risk_counters.sv promises: how often each check failed of each slot, and what a read
gives. The checks are those of the enum `check` of the message table."""

from __future__ import annotations

from sim.golden.tick_pkg import NUMBERS, unpack

SLOTS = NUMBERS["SLOTS"]
CHECKS = {
    value: name.removeprefix("CHECK_").lower()
    for name, value in NUMBERS.items()
    if name.startswith("CHECK_")
}
ROW, WORD = 256, 4  # bytes of a slot's counts, and of one
FIRST, LAST = 3, 4  # cycles from a request to its answer
BEFORE, CLEARED = 4, 3  # cycles before it: the last decision, and a clear, that it knows of


class RiskCounters:
    """`after[cycle]` has every count by slot and check, as of the decision of that cycle."""

    def __init__(self, width: int) -> None:
        self.most = (1 << width) - 1
        self.counts = [[0] * len(CHECKS) for _ in range(SLOTS)]
        self.after: list[list[tuple[int, ...]]] = []
        self.cleared: list[bool] = []

    def step(self, decision: int | None, clear: bool) -> None:
        if decision is not None:
            row = unpack("decision", decision)
            counts = self.counts[int(row["slot"])]  # type: ignore[arg-type]
            for check in CHECKS:
                failed = int(row["failed"]) >> check & 1  # type: ignore[arg-type]
                counts[check] = min(counts[check] + failed, self.most)
        if clear:
            self.counts = [[0] * len(CHECKS) for _ in range(SLOTS)]
        self.after.append([tuple(counts) for counts in self.counts])
        self.cleared.append(clear)

    def read(self, address: int, answered: int) -> int:
        """What is read of a place when the answer comes in this cycle."""
        slot, place = divmod(address, ROW)
        check = place // WORD
        if check not in CHECKS or self.cleared[answered - CLEARED]:
            return 0
        return self.after[answered - BEFORE][slot][check]
