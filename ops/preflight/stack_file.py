"""A stack file, read into what the stack needs of an account."""

from pathlib import Path
from typing import Any

import pulumi
import yaml
from ha_web.load_balancer.protocols import Protocol, transport_of
from ha_web.network.routes import Nat
from ha_web.network.zones import instance_type_of
from ha_web.recovery.facts import Failover
from ha_web.recovery.strategy import has_cluster
from ha_web.release.replacing import MAX_HEALTHY_PERCENT
from ha_web.site.model import Settings

from ops.core.errors import NOT_ASKED, OpsError
from ops.preflight.needs import Place, Site
from program.settings.load import NAMESPACE, parse

PROJECT = Path(__file__).resolve().parents[2]
"""The folder of the Pulumi project, with the stack files."""

CLOUDFLARE_NETWORKS = 15
"""IPv4 networks of Cloudflare; of IPv6 there are fewer, and they count by themselves: https://www.cloudflare.com/ips/"""


def read_site(stack: str, project: Path = PROJECT) -> Site:
    """Return what the stack file says. Raises OpsError for a missing file, and for all settings that are wrong."""
    file = project / f"Pulumi.{stack}.yaml"
    if not file.exists():
        known = sorted(path.name.split(".")[1] for path in project.glob("Pulumi.*.yaml"))
        raise OpsError(f"there is no {file.name}; stack files here are those of {', '.join(known)}", NOT_ASKED)
    config = _config(file)
    ours = {key.removeprefix(NAMESPACE): value for key, value in config.items() if key.startswith(NAMESPACE)}
    try:
        settings = parse(ours)
    except pulumi.RunError as error:
        heading, *problems = str(error).splitlines()
        listed = " ".join(f"({number}) {problem.strip()}" for number, problem in enumerate(problems, 1))
        raise OpsError(f"{file.name}: {heading} {listed}", NOT_ASKED) from None
    return site_of(stack, settings, tuple(str(each) for each in config.get("aws:allowedAccountIds") or ()))


def _config(file: Path) -> dict[str, Any]:
    """Return the settings of a stack file, whoever reads them. Raises OpsError."""
    try:
        found = yaml.safe_load(file.read_text()) or {}
        return {str(key): value for key, value in (found.get("config") or {}).items()}
    except OSError as error:
        raise OpsError(f"{file.name}: {error.strerror}", NOT_ASKED) from None
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise OpsError(f"{file.name}: is no YAML ({where}{error.problem})", NOT_ASKED) from None
    except (yaml.YAMLError, ValueError, AttributeError):
        raise OpsError(f"{file.name}: is no stack file: `config:` must have the settings, by name", NOT_ASKED) from None


def site_of(stack: str, settings: Settings, accounts: tuple[str, ...] = ()) -> Site:
    """Return what settings need."""
    return Site(
        stack=stack,
        domain=settings.domain,
        zone=settings.zone,
        in_route53=not settings.behind_cloudflare,
        delegates=settings.cloudflare is not None and not settings.behind_cloudflare,
        requests_certificates=settings.requests_certificates,
        places=tuple(_place(settings, role) for role in settings.roles),
        accounts=accounts,
    )


def _place(settings: Settings, role: str) -> Place:
    place, database, clustered = settings.roles[role], settings.database, role in settings.cluster_roles
    tests, nat, zones = settings.restores_of(role), Nat(settings.nat), settings.zones_of(role)
    zonal_gateways = {Nat.PER_ZONE: zones, Nat.ONE: 1}.get(nat, 0)
    transport = transport_of(Protocol(settings.protocol), certificate=True)
    networks = CLOUDFLARE_NETWORKS if settings.locks_origins else 1
    return Place(
        role=role,
        region=place.region,
        has_cluster=clustered,
        zones=zones,
        pinned=tuple(place.zone_ids) if place.zone_ids else None,
        instance_type=settings.servers.instance_type,
        minimum=settings.servers.minimum,
        refreshing=_refreshing(settings.servers.minimum),
        maximum=settings.servers.maximum,
        zonal_gateways=zonal_gateways,
        addresses=zones if nat is Nat.REGIONAL else zonal_gateways,
        balancer=transport.type.value,
        rules=networks * (2 if transport.redirect else 1),
        durable=settings.sessions.durable,
        node_type=settings.node_type,
        node_instance_type=instance_type_of(settings.node_type),
        nodes=settings.sessions.nodes,
        database_class=database.instance_class if database else None,
        instances=database.instances + int(tests) if database else 0,
        serving_instances=database.instances if database else 0,
        runs=_runs(settings, role),
        backed_up=tuple(
            kind for kind, given in {"Aurora": database, "EFS": settings.storage}.items() if given and clustered
        ),
        restore_tests=tests,
        audit=settings.backup.audit and clustered,
        certificate=settings.certificates.get(place.region),
    )


def _runs(settings: Settings, role: str) -> int:
    """Return how many runs of the failover's functions there are at once: the schedule's, an operator's, a plan's."""
    if not has_cluster(settings.recovery):
        return 0
    switched = int(settings.failover == Failover.REGION_SWITCH)
    return switched if role == "primary" else 2 + switched


def _refreshing(servers: int) -> int:
    """Return how many servers there are while a refresh launches new ones first: a tenth more, and at least one."""
    return max(servers + 1, servers * MAX_HEALTHY_PERCENT // 100)
