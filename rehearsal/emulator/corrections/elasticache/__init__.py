"""Corrections of elasticache."""
