"""Who reaches a session store: security groups for the network, a user with a generated password for the engine."""

from ha_web.core.client_access import ServerAndClients

PORT = 6379
ACCESS = ServerAndClients(
    server_role="nodes",
    client_role="clients",
    ingress_role="nodes-from-clients",
    egress_role="clients-to-nodes",
    server_description="Session store nodes",
    server_name="the session store",
    traffic="Sessions",
)
"""Who reaches the store by the network."""
