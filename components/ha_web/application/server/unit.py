"""The systemd unit of the application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .logs import APPLICATION
from .machine import SERVICE, USER

METADATA = "169.254.169.254"

ENVIRONMENT = ("environment", "instance", "secrets.env")
"""Files in /etc/ha-web that the unit has its variables from."""

# No MemoryDenyWriteExecute: Node, Java and PHP compile while they run.
_HARDENED = """\
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
# AF_NETLINK: the resolver asks which addresses the machine has.
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0077
"""


@dataclass(frozen=True)
class Service:
    """What the unit depends on."""

    name: str
    stop_seconds: int
    """Seconds from SIGTERM until systemd kills."""
    storage: str = ""
    """Path of the mounted file system."""
    logs_to_file: bool = False
    """Whether an agent reads the log from a file; the journal has it otherwise."""
    credentials: bool = False
    """Whether the application may ask for the credentials of the server's role."""


def package_unit(service: Service, release: str) -> str:
    """Return the unit of a package: a user without rights, who may write to its own folders and the storage only."""
    lines = [
        *(f"User={USER}", f"Group={USER}", f"WorkingDirectory={release}/package"),
        f"ExecStart=/bin/bash {release}/run",
        *_common(service),
        *(f"{kind}Directory=ha-web" for kind in ("State", "Cache", "Runtime")),
        "Environment=HOME=/var/lib/ha-web",
        # The application stops by itself on SIGTERM; what is left of it afterwards is killed.
        "KillMode=mixed",
        # A waiting request holds a socket.
        "LimitNOFILE=65536",
        *([f"ReadWritePaths={service.storage}"] if service.storage else []),
        *([] if service.credentials else [f"IPAddressDeny={METADATA}"]),
    ]
    return _unit(service, lines, _HARDENED)


@dataclass(frozen=True)
class Container:
    """How the container runs."""

    image: str
    port: int
    variables: Sequence[str] = ()
    """Names of the variables that it is given."""
    secrets: Sequence[str] = ()
    """Paths of the files with secrets."""
    udp: bool = False
    """Whether it listens by UDP, too; health checks come by TCP."""


def container_unit(service: Service, container: Container) -> str:
    """Return the unit of a container: without capabilities, and with the variables' names only in its command.

    It is on Docker's own network, one hop from the server: by IMDSv2's hop limit of 1 it gets no credentials.
    """
    transports = ("tcp", "udp") if container.udp else ("tcp",)
    options = [
        *("--rm", "--init", f"--name {SERVICE}", "--pull never"),
        *("--cap-drop ALL", "--security-opt no-new-privileges"),
        *("--log-driver local", "--ulimit nofile=65536"),
        *(f"--publish {container.port}:{container.port}/{transport}" for transport in transports),
        *(f"--env {name}" for name in sorted(container.variables)),
        *(f"--volume {path}:{path}:ro" for path in container.secrets),
        *([f"--volume {service.storage}:{service.storage}"] if service.storage else []),
    ]
    lines = [
        f"ExecStartPre=-/usr/bin/docker rm --force {SERVICE}",
        f"ExecStart=/usr/bin/docker run {' '.join(options)} {container.image}",
        f"ExecStop=/usr/bin/docker stop --time {service.stop_seconds} {SERVICE}",
        *_common(service),
    ]
    return _unit(service, lines, "", "docker.service")


def image_drop_in(service: Service) -> str:
    """Return what is added to the unit that an image of one's own has: variables, stop time, storage."""
    needs = [f"RequiresMountsFor={service.storage}"] if service.storage else []
    return "\n".join(["[Unit]", *needs, "[Service]", *_common(service), ""])


def _common(service: Service) -> list[str]:
    log = [f"Standard{stream}=append:{APPLICATION}" for stream in ("Output", "Error")]
    return [
        *(f"EnvironmentFile=-/etc/ha-web/{name}" for name in ENVIRONMENT),
        f"TimeoutStopSec={service.stop_seconds}",
        *(log if service.logs_to_file else []),
    ]


def _unit(service: Service, lines: Sequence[str], hardened: str, needs: str = "") -> str:
    after = " ".join(["network-online.target", *([needs] if needs else [])])
    return "\n".join(
        [
            "[Unit]",
            f"Description={service.name} (ha-web)",
            "Wants=network-online.target",
            f"After={after}",
            *([f"Requires={needs}"] if needs else []),
            *([f"RequiresMountsFor={service.storage}"] if service.storage else []),
            # It is started again for ever: the balancer's checks decide when the server is replaced.
            "StartLimitIntervalSec=0",
            "",
            "[Service]",
            "Type=exec",
            "Restart=always",
            "RestartSec=2",
            *lines,
            f"{hardened}",
            "[Install]",
            "WantedBy=multi-user.target",
            "",
        ]
    )
