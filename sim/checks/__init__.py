"""Lint, proofs and mutants."""
