"""From frames to signals, as the hardware does it: for days, and for a live feed."""
