"""The students: small networks of fixed-point layers, as the hardware computes them."""
