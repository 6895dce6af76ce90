"""Breaks the primary on purpose, in the real account, and measures what users see beside what is promised."""
