"""Names: Route 53 answers from the account's records and checks endpoints; resolvers in every host; AWS's own names."""

from rehearsal.live.names.system import Names

__all__ = ["Names"]
