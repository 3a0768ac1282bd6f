"""The measurement of the backend: networks, vectors, and the comparison of every level."""
