"""Corrections of elbv2."""
