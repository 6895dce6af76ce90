"""What an instance's PostgreSQL is told."""

from collections.abc import Iterable

INNER_PORT = 15432
"""Where PostgreSQL itself listens: replication between instances, and behind the end of TLS."""

ADMIN = "rdsadmin"
"""The superuser: the control plane's, as at RDS nobody else's."""

SETTINGS = """\
listen_addresses = '{address},127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 16MB
# What was committed is on a second instance; that this machine loses power is not among the faults.
fsync = off
synchronous_commit = on
wal_level = replica
wal_keep_size = 64MB
max_wal_size = 64MB
max_wal_senders = 10
wal_receiver_status_interval = 1s
wal_receiver_timeout = 5s
wal_sender_timeout = 5s
wal_retrieve_retry_interval = 500ms
hot_standby = on
io_method = sync
jit = off
max_parallel_workers = 0
max_logical_replication_workers = 0
autovacuum_naptime = 5min
logging_collector = off
log_min_messages = warning
timezone = UTC
"""

HBA = f"""\
local all {ADMIN} trust
host replication {ADMIN} 0.0.0.0/0 scram-sha-256
host all {ADMIN} 0.0.0.0/0 reject
host all all 127.0.0.1/32 scram-sha-256
"""
# The socket's folder is open to this rehearsal's owner only. Clients come from the end of TLS, which is beside.


def settings(address: str, sockets: str) -> str:
    """Return postgresql.conf."""
    return SETTINGS.format(address=address, port=INNER_PORT, sockets=sockets)


def conninfo(address: str, password: str, instance: str) -> str:
    """Return how a standby finds what it follows."""
    return (
        f"host={address} port={INNER_PORT} user={ADMIN} password={password} application_name={instance} "
        "connect_timeout=2 keepalives_idle=2 keepalives_interval=1 keepalives_count=3"
    )


def automatic(source: str) -> str:
    """Return postgresql.auto.conf; `source` is the conninfo of what it follows, empty for a writer."""
    return f"primary_conninfo = '{source}'\nsynchronous_standby_names = ''\n"


def synchronous(readers: Iterable[str]) -> str:
    """Return `synchronous_standby_names`: a commit waits until one of the readers has it; with none it doesn't wait."""
    names = ", ".join(f'"{each}"' for each in sorted(readers))
    return f"ANY 1 ({names})" if names else ""
