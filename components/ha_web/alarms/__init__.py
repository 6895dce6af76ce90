"""CloudWatch alarms on a cluster and its backups."""
