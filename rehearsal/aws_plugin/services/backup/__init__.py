"""The types of backup."""
