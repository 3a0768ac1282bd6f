"""What feature_pkg's arithmetic must give, as the plain model has it."""

from __future__ import annotations

from sim.golden.feature_sum import window
from tickwire.features import naive
from tickwire.features.naive import hold, octaves, squash
from tickwire.features.table import WHOLE

__all__ = ["KNEES", "hold", "octaves", "share", "squash", "window"]

KNEES = sorted({knee for knee in WHOLE.column("knee") if knee})


def share(d: int) -> int:
    """SHARE less what a micro-price loses; what is less than the least of 11 bits is that."""
    return max(naive.share(d) - WHOLE.number("micro_price", "less"), -(2**10))
