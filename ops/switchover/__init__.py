"""Sends users to the standby while both regions are well: nothing that was written to the database is lost."""
