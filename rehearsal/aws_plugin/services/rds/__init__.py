"""The types of rds."""
