"""The types of elasticache."""
