"""Market data in: one columnar event format, and a reader for every source of it."""
