"""What a node's Valkey is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rehearsal.live.durable_stores.model import Cluster
from rehearsal.live.stores.configuration import INNER_PORT, MEMORY, own_lines
from rehearsal.live.stores.model import User

NODE_TIMEOUT = 2_000
"""Milliseconds after which nodes suspect a silent one. Nobody is promoted for it: the control plane decides that."""

NO_TTL = (
    *("expire", "expireat", "expiretime", "getex", "persist", "pexpire", "pexpireat", "pexpiretime", "psetex"),
    *("pttl", "setex", "ttl"),
)
"""Commands that a multi-Region cluster hasn't got.
https://docs.aws.amazon.com/memorydb/latest/devguide/multi-Region.SupportedCommands.html"""

VALKEY = """\
bind {address} 127.0.0.1
bind-source-addr {address}
port {inner}
protected-mode no
dir {folder}
save ""
maxmemory {memory}mb
repl-diskless-sync-delay 0
repl-backlog-size 4mb
enable-debug-command no
cluster-enabled yes
cluster-config-file {nodes}
cluster-node-timeout {timeout}
cluster-replica-no-failover yes
cluster-announce-ip {address}
cluster-announce-hostname {host}
cluster-announce-client-port {port}
cluster-preferred-endpoint-type hostname
masteruser {control}
masterauth {password}
user default off
user {control} on >{password} ~* &* +@all
"""

LOG = """\
appendonly yes
appendfsync always
auto-aof-rewrite-percentage 0
"""
# A write is answered once the log has it: https://docs.aws.amazon.com/memorydb/latest/devguide/consistency.html.
# The log is never written anew: the other Region reads on in it.


def valkey(
    address: str,
    host: str,
    port: int,
    nodes: Path,
    folder: Path,
    *,
    logs: bool,
    parameters: Mapping[str, str],
    users: Sequence[User],
    control: str,
    password: str,
) -> str:
    """Return Valkey's configuration.

    Args:
        address: where it listens, for its fellows and the control plane.
        host: its name, which clients are sent to by others.
        port: the clients' port, where TLS ends.
        nodes: file that it knows its fellows from (`topology.nodes_file`).
        folder: where it keeps files: the log's, if it writes the log.
        logs: whether it writes the log, and reads it when it starts.
        parameters: of the account's parameter group.
        users: of the account's access control list.
        control: user of the control plane and of replication.
        password: its password.
    """
    text = VALKEY.format(
        address=address, inner=INNER_PORT, folder=folder, memory=MEMORY, nodes=nodes, timeout=NODE_TIMEOUT,
        host=host, port=port, control=control, password=password,
    )  # fmt: skip
    lines, defaults = own_lines(parameters, users)
    if defaults:
        text = text.replace("user default off\n", "")
    return text + (LOG if logs else "appendonly no\n") + "".join(f"{line}\n" for line in [*lines, *defaults])


def users_of(cluster: Cluster) -> list[User]:
    """Return the users that nodes of a cluster have."""
    return [without_ttl(user) if cluster.together else user for user in cluster.users]


def without_ttl(user: User) -> User:
    """Return a user of a multi-Region cluster, who has none of the commands for TTLs."""
    return User(user.name, " ".join([user.access, *(f"-{command}" for command in NO_TTL)]), user.passwords)
