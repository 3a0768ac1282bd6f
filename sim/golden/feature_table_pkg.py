"""What feature_table_pkg must hold: the numbers of the feature table, as Verilog has them."""

from __future__ import annotations

from tickwire.features.package import numbers

NUMBERS = {name: value for name, value in numbers().items() if isinstance(value, int)}
ARRAYS = {name: value for name, value in numbers().items() if not isinstance(value, int)}
