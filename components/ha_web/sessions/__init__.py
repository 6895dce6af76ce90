"""Session stores: ElastiCache and MemoryDB, in one region and in two."""
