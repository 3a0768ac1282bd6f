"""Market data: one columnar format of events, and a reader for each source."""
