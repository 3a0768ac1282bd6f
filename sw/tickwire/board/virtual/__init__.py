"""The virtual board: the Verilated design in its C++ harness."""
