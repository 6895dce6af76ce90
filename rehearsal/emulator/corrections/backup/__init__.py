"""Corrections of AWS Backup."""
