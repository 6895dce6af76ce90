"""Aurora PostgreSQL in one region, and its global database."""
