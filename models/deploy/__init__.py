"""From a kept network to what the hardware is built with."""
