"""Failover to the standby region: the switch, the function, and ARC Region switch."""
