"""Figures of the hardware and the host: each prints its table and writes its report."""
