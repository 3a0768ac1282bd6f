"""Golden models, written from the specification: the header paragraph of each module."""
