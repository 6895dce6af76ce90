"""What follows from the application's settings: its manifest, its port, what is asked of it, its part of the fleets."""

from functools import cache
from typing import Any

from ha_web.application.artifacts import ApplicationArtifacts
from ha_web.application.manifest import Manifest, port_wanted
from ha_web.application.package import read_package
from ha_web.fleet.application import TLS_PORT
from ha_web.fleet.fleet import DEFAULT_TARGET_PORT
from ha_web.fleet.image import architecture_of
from ha_web.load_balancer.protocols import Protocol, TlsToServers
from ha_web.site.model import Settings

KINDS = ("package", "container", "image", "start_script")
"""Settings of an application, of which one says where it comes from."""

ASKED_BY_HTTP = (Protocol.HTTP, Protocol.HTTPS, Protocol.WEBSOCKET)
"""Protocols behind which a server answers plain requests; behind others only its port is tried at boot."""


def kinds_given(site: Settings) -> list[str]:
    """Return the settings that say where the application comes from: one of them, if all is well."""
    return [kind for kind in KINDS if site.application and getattr(site.application, kind) is not None]


def is_released(site: Settings) -> bool:
    """Return whether servers fetch a release; a start script is in their user data."""
    return site.application is not None and site.application.start_script is None


@cache
def manifest_at(package: str, architecture: str) -> Manifest:
    """Return what a package says of itself, read once a program. Raises ManifestError."""
    return read_package(package, architecture).manifest


def manifest_of(site: Settings) -> Manifest | None:
    """Return the package's manifest; None where the application is no package."""
    if site.application is None or site.application.package is None:
        return None
    return manifest_at(site.application.package, architecture_of(site.servers.instance_type))


def port_of(site: Settings) -> int:
    """Return the port that the servers listen on."""
    given = site.application.port if site.application else None
    return port_wanted(manifest_of(site), given, DEFAULT_TARGET_PORT)[0]


def health_path_of(site: Settings) -> str | None:
    """Return the path of health checks: the settings', or the package's; None for the components' default."""
    said = manifest_of(site)
    return site.health_check.path or (said.health if said else None)


def takes_tls(site: Settings) -> bool:
    """Return whether servers take TLS from the load balancer."""
    return site.tls_to_servers != TlsToServers.NONE


def tls_of(site: Settings) -> dict[str, Any]:
    """Return where servers take TLS, and what they agree on with the load balancer there."""
    if not takes_tls(site):
        return {}
    alpn = {"tls_alpn": "h2"} if Protocol(site.protocol) in (Protocol.HTTP2, Protocol.GRPC) else {}
    return {"tls_port": TLS_PORT, **alpn}


def images_of(site: Settings) -> dict[str, str]:
    """Return the image that has the application, as an argument of a fleet; nothing if it isn't in one."""
    image = site.application.image if site.application else None
    return {} if image is None else {"image": image}


def fleet_part(site: Settings, artifacts: ApplicationArtifacts, region: str) -> dict[str, Any]:
    """Return the argument `application` of a region's fleet."""
    own = site.application
    assert own
    asked = Protocol(site.protocol) in ASKED_BY_HTTP
    return {
        **artifacts.in_region(region),
        **tls_of(site),
        "health_path": (health_path_of(site) or "/healthz") if asked else "",
        "secrets": own.secrets,
        "policy_arns": own.policies,
        "egress": own.egress,
        "drain_seconds": own.drain_seconds,
        "log_retention_days": own.log_days,
    }
