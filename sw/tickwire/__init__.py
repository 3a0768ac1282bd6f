"""Tickwire's host: wire formats, books, features, replay, market data, exchange and board."""
