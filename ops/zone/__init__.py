"""Keeps users and new servers out of a zone that is unwell, and lets them back."""
