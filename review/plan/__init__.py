"""A preview, read from the engine's events."""
