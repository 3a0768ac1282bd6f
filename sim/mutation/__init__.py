"""Faults drawn from the RTL's own text, all those of a module in one build."""
