"""Tickwire's host: training data, limits, routing, control of the board and the record of everything."""
