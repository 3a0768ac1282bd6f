"""Networks, their training and their evaluation."""
