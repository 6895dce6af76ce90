"""The types of secretsmanager."""
