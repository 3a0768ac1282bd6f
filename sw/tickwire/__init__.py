"""Tickwire's host: tools, records, limits, routing, control of the board, and the journal."""
