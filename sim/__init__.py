"""Benches: `sim/test_X.py` for `hw/rtl/X.sv`, with its golden model in `sim/golden/X.py`."""
