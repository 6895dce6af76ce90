"""Shared storage on Amazon EFS, and its replication."""
