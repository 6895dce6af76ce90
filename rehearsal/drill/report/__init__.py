"""The report of a drill: a table for the terminal, JSON, one HTML page."""
