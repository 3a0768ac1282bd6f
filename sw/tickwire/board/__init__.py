"""What the host controls: a board."""
