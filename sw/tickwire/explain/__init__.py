"""What became of one message in the last run of the path."""
