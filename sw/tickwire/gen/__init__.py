"""Python made from hw/regs by `make generate`. Nothing here is written by hand."""
