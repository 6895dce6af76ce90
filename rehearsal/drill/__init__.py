"""Breaks one thing after the other under load, and counts what users would have seen."""
