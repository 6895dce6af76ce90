"""Sends users to the standby region: the failover function's own steps, started and watched by a person."""
