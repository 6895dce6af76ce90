"""`python -m ops backup`: recovery points against their objective, and backups and copies on demand."""
