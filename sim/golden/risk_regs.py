"""Golden model of risk_regs: a register file that keeps to hw/regs/risk.rdl."""

from __future__ import annotations

from sim.golden.tickwire_regs import REGS, RegisterFile


def registers() -> RegisterFile:
    return RegisterFile(REGS / "risk.rdl")
