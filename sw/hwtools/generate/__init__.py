"""Makes SystemVerilog, Python and pages from the tables of hw/regs."""
