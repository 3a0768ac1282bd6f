"""The integer features: their table, a compiled kernel, a naive twin, and the RTL's constants."""
