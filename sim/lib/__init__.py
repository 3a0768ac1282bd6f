"""What benches and measurements share."""
