"""What feature_pkg must hold: the feature table, and the arithmetic as the plain model has it."""

from __future__ import annotations

from sim.golden.feature_sum import window
from tickwire.features import table
from tickwire.features.naive import hold, octaves, squash
from tickwire.features.table import LAGS, SAMPLERS, SHARE, TABLE

__all__ = ["LISTS", "NUMBERS", "hold", "octaves", "share", "squash", "window"]

NUMBERS = {
    "ELEMENTS": len(TABLE),
    "DEPTH": table.DEPTH,
    "CLIP": table.CLIP,
    "WARM_EVENTS": table.WARM_EVENTS,
    "MOST_COUNT": table.MOST_COUNT,
    "TIME_SHIFT": table.TIME_SHIFT,
    "MOST": table.TOP,
    "FEATURE_BITS": table.BITS,
}
for _place, _one in enumerate(TABLE):
    _name = _one.name.upper()
    NUMBERS[f"AT_{_name}"] = _place
    if _one.knee is not None:
        NUMBERS[f"KNEE_{_name}"] = _one.knee
    if _one.shift is not None:
        NUMBERS[f"SHIFT_{_name}"] = _one.shift
LISTS = {
    "LAG": list(LAGS),
    "EXPONENT": [exponent for _, exponent, _ in SAMPLERS],
    "BUCKETS": [count for _, _, count in SAMPLERS],
}


def share(d: int) -> int:
    """SHARE less LOG_MICRO; what is less than the least of 11 bits is that."""
    return max(SHARE[d] - table.LOG_MICRO, -(2**10))
