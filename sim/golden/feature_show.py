"""Golden model of feature_show: the vectors of records that are known, and when they leave."""

from __future__ import annotations

from collections.abc import Iterator

from sim.golden.features import FeaturesModel, Part
from sim.lib.pipeline import elements
from tickwire.gen.records import Operation

RENEWS = (Operation.CLEAR, Operation.LOAD, Operation.TRUST)


class ShowModel(FeaturesModel):
    """As that of features, but a record is known in the cycle after it came."""

    inputs = ("valid1",)

    def step(self, valid1: int) -> None:  # type: ignore[override]
        if valid1:
            self._record()
        super().step(0)


def inputs(part: Part) -> Iterator[dict[str, int]]:
    """The block's inputs of each record, by its ports: the features are known already."""
    alive, vectors = set[int](), part.vectors
    for row, (top, _) in enumerate(part.inputs):
        record, event = part.events.tops[row], int(vectors.event[row])
        slot, kind = int(record["slot"]), int(record["operation"])
        if kind != Operation.NONE and (record["stale"] or kind in RENEWS):
            alive.discard(slot)
        alive |= {slot} if event else set()
        line = {
            "s_top": top, "valid1": 1, "acts1": int(kind != Operation.NONE), "slot1": slot,
            "alive2": int(slot in alive), "warm2": int(vectors.warm[row]),
            "event3": event, "slot3": slot,
        }  # fmt: skip
        yield line | ({"elements3": elements(vectors.values[row].tolist())} if event else {})
