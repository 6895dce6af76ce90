"""Route 53: failover records and health checks."""
