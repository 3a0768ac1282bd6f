"""What the backend is measured by: networks, vectors, and the comparison of every level."""
