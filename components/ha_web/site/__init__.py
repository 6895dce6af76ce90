"""The whole site in one component: clusters of both regions, what spans them, its name, failover, backups, alarms."""
