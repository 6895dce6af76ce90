"""The report: tables, picture and the limits of a comment."""
