"""Limits, the gate's reference, and nothing of how orders are made or routed."""
