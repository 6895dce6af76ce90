"""Sends users back to the primary region: stores in step and back first, then the switch, then the automation."""
