"""Databases: each instance of an Aurora cluster is a PostgreSQL in a host of its own, replicated and failed over."""

from rehearsal.live.databases.system import Databases

__all__ = ["Databases"]
