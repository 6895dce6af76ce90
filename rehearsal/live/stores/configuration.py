"""What a node's processes are told: Valkey, and HAProxy, which ends TLS in front of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rehearsal.live.stores.model import User

INNER_PORT = 16379
"""Where Valkey itself listens: replication between nodes and the control plane's commands, without TLS."""

MEMORY = 48
"""MiB that a node may fill, in place of its node type's memory."""

PARAMETERS = frozenset(
    {
        *("activedefrag", "lfu-decay-time", "lfu-log-factor", "maxmemory-policy", "maxmemory-samples"),
        *("min-replicas-max-lag", "min-replicas-to-write", "notify-keyspace-events", "tcp-keepalive", "timeout"),
    }
)
"""Parameters of a parameter group that the engine takes as they are."""

VALKEY = """\
bind {address} 127.0.0.1
bind-source-addr {address}
port {port}
protected-mode no
dir {folder}
save ""
appendonly no
maxmemory {memory}mb
repl-diskless-sync-delay 0
repl-backlog-size 4mb
enable-debug-command no
masteruser {control}
masterauth {password}
user default off
user {control} on >{password} ~* &* +@all
"""
# A replication group without AOF keeps nothing on disk: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/RedisAOF.html

HAPROXY = """\
global
    maxconn 4000
    nbthread 1
    ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
    mode tcp
    timeout connect 2s
    timeout client 1d
    timeout server 1d
    option clitcpka
frontend clients
    bind {address}:{port} ssl crt {certificate}
    default_backend valkey
backend valkey
    server here 127.0.0.1:{inner}
"""


def valkey(
    address: str, folder: Path, parameters: Mapping[str, str], users: Sequence[User], control: str, password: str
) -> str:
    """Return Valkey's configuration. It begins as a primary; the control plane tells it whom to follow."""
    lines = VALKEY.format(
        address=address, port=INNER_PORT, folder=folder, memory=MEMORY, control=control, password=password
    )
    own, defaults = own_lines(parameters, users)
    if defaults:
        lines = lines.replace("user default off\n", "")
    return lines + "".join(f"{line}\n" for line in [*own, *defaults])


def own_lines(parameters: Mapping[str, str], users: Sequence[User]) -> tuple[list[str], list[str]]:
    """Return what the account adds: its parameters and users, and apart from them a `default` user of its own."""
    own = [f"{name} {_quoted(value)}" for name, value in sorted(parameters.items()) if name in PARAMETERS]
    rules = {user.name: " ".join(["user", user.name, *user.rules]) for user in users}
    defaults = [rule for name, rule in rules.items() if name == "default"]
    return [*own, *(rule for name, rule in rules.items() if name != "default")], defaults


def haproxy(address: str, port: int, certificate: Path) -> str:
    """Return the configuration of the end of TLS."""
    return HAPROXY.format(address=address, port=port, certificate=certificate, inner=INNER_PORT)


def _quoted(value: str) -> str:
    return f'"{value}"' if not value or " " in value else value


def of_users(before: Sequence[User], users: Sequence[User]) -> list[tuple[str, ...]]:
    """Return the commands by which a node that runs has these users in place of those before."""
    if tuple(before) == tuple(users):
        return []
    gone = {user.name for user in before} - {user.name for user in users} - {"default"}
    return [
        *(("ACL", "SETUSER", user.name, "reset", *user.rules) for user in users),
        *(("ACL", "DELUSER", name) for name in sorted(gone)),
    ]


def of_parameters(before: Mapping[str, str], parameters: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the commands by which a node that runs has these parameters in place of those before."""
    if before == parameters:
        return []
    return [("CONFIG", "SET", name, value) for name, value in sorted(parameters.items()) if name in PARAMETERS]
