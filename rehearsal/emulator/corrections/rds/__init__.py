"""Corrections of rds."""
