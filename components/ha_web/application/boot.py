"""What a server is told at its boot: which release it runs, and how. It names secrets and holds none. No SDK here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ha_web.application.commands import Artifact, Extras, install_command, start_command

STOPPING = 60
"""Seconds that the application has from SIGTERM until it is killed, besides those for requests under way: the balancer
needs some to notice, and a store that fails over may hold requests up."""


@dataclass(frozen=True)
class Boot:
    """How a server runs a release; a release's program reads it from /etc/ha-web/server.json."""

    port: int
    """Port that the application listens on."""
    health: str
    """Path that has to answer before the boot is done; empty to wait for the port alone."""
    boot_seconds: int
    """Seconds that it may take."""
    drain_seconds: int
    """Seconds that requests under way have."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """ARNs of the application's own secrets, by name of the variable."""
    log_group: str = ""
    """Log group of the servers; empty for none."""
    storage: bool = False
    """Whether the environment names a file system."""
    container: str = ""
    """Container image by digest, if the application comes as one."""
    credentials: bool = False
    """Whether the application may fetch the credentials of the server's role."""
    udp: bool = False
    """Whether it listens by UDP, too."""
    tls_port: int | None = None
    """Port on which the server takes TLS for the application; None for none."""
    tls_alpn: str = ""
    """What the server agrees on there: `http/1.1` or `h2`."""

    @property
    def description(self) -> str:
        """Return what the release's program reads, the same text for the same values."""
        told = {
            "port": self.port,
            "health": self.health,
            "bootSeconds": max(self.boot_seconds, 1),
            "stopSeconds": self.drain_seconds + STOPPING,
            "secrets": dict(self.secrets),
            "logGroup": self.log_group,
            "container": self.container,
            "credentials": self.credentials,
            "udp": self.udp,
            "tlsPort": self.tls_port,
            "tlsAlpn": self.tls_alpn,
        }
        return json.dumps(told, sort_keys=True)

    @property
    def extras(self) -> Extras:
        """Return what has to be installed for it."""
        return Extras(self.storage, bool(self.log_group), self.container, tls=self.tls_port is not None)

    def in_region(self, region: str) -> "Boot":
        """Return the same with the secrets' replicas of a region: those of another one may be out of reach."""
        return replace(self, secrets={name: arn_in(arn, region) for name, arn in self.secrets.items()})


def arn_in(arn: str, region: str) -> str:
    """Return the ARN of the same secret or parameter in another region.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """
    parts = arn.split(":")
    return ":".join((*parts[:3], region, *parts[4:]))


def boot_commands(artifact: Artifact, boot: Boot) -> str:
    """Return the shell that ends a server's user data: install what isn't installed yet, and start."""
    return install_command(artifact, boot.extras) + start_command(artifact.digest)
