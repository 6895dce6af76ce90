"""What the drill breaks, in which order, and what is promised of it."""
