"""Traffic for benches and measurements."""
