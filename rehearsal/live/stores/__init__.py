"""Session stores: each node of a replication group is a Valkey in a host of its own, replicated and failed over."""

from rehearsal.live.stores.system import Stores

__all__ = ["Stores"]
