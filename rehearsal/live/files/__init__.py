"""Shared file systems: a folder each, with replication between Regions."""

from rehearsal.live.files.system import Files

__all__ = ["Files"]
