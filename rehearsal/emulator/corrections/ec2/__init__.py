"""Corrections of ec2."""
