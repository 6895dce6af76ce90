"""Durable session stores: MemoryDB's nodes are Valkeys in hosts of their own, their log is outside all zones."""

from rehearsal.live.durable_stores.system import DurableStores

__all__ = ["DurableStores"]
