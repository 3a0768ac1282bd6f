"""The order book: its types, a naive one, a compiled one, and LOBSTER's files as a judge."""
