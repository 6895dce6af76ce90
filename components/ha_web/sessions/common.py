"""Who reaches a session store: security groups for the network, a user with a generated password for the engine."""

from ha_web.core.client_access import Pair

PORT = 6379
ACCESS = Pair(
    inner="nodes",
    clients="clients",
    inward="nodes-from-clients",
    outward="clients-to-nodes",
    what="Session store nodes",
    name="the session store",
    traffic="Sessions",
)
"""Who reaches the store by the network."""
