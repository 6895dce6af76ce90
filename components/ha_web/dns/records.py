"""The tree of records under a site's name.

The name itself is always a simple alias, whatever it points to: it is updated in place, after the new records are
created and before the old ones are deleted, so that it always resolves. With two regions it points to another name in
the same zone, which has the records that choose between them:

    www.example.com                    simple alias
      └─ ha-web-failover.www.example.com   PRIMARY and SECONDARY alias to the balancers
      or ha-web-latency.www.example.com    a latency alias for each region

Route 53 follows an alias to a record of the same zone and type itself: clients send no further query and wait for no
further TTL.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope

RECORD_TYPES = ("A", "AAAA")

FAILOVER = {"primary": "PRIMARY", "standby": "SECONDARY"}
"""Route 53's failover types of the roles."""

BEACON = {"primary": "192.0.2.1", "standby": "192.0.2.2"}
"""Addresses of TEST-NET-1, which belong to nobody (RFC 5737): the primary is healthy, or it isn't. The failover
function has them too (`BEACON` of failover/runtime/observe.py), which can't be imported here because it needs boto3."""

BEACON_TTL_SECONDS = 10
"""The interval of Route 53's fast health check, so that a cached answer is no older than a check."""


@dataclass(frozen=True)
class Leaf:
    """One region's load balancer, and what must be healthy for Route 53 to answer with it."""

    dns_name: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    region: str
    check_id: pulumi.Input[str] | None = None
    """Health check of the record; without one it is always healthy."""
    evaluate: bool = True
    """True if the load balancer must have a healthy target, too."""


def create_site(
    scope: Scope, zone_id: pulumi.Input[str], domain: pulumi.Input[str], leaves: Mapping[str, Leaf], routing: str | None
) -> tuple[pulumi.Output[str], pulumi.Output[str] | None]:
    """Create the site's records; return its full name, and the name of the records that choose between regions.

    routing: failover or latency; None for one region, which needs no such records.
    """
    inner = {kind: _create_choosing(scope, zone_id, domain, leaves, routing, kind) for kind in RECORD_TYPES}
    fqdn = None
    for kind, chosen in inner.items():
        primary = leaves["primary"]
        target = (chosen, zone_id) if chosen is not None else (primary.dns_name, primary.zone_id)
        record = aws.route53.Record(
            f"{scope.name}-{kind.lower()}",
            zone_id=zone_id,
            name=domain,
            type=kind,
            aliases=[{"name": target[0], "zone_id": target[1], "evaluate_target_health": True}],
            opts=scope.child_opts(
                # Early versions made records with a routing policy under this name. Route 53 allows no simple record
                # beside those, so such a record is replaced, once, and deleted before the new one is created.
                aliases=[pulumi.Alias(name=f"{scope.name}-primary-{kind.lower()}")],
                delete_before_replace=True,
                replace_on_changes=["set_identifier"],
            ),
        )
        fqdn = fqdn or record.fqdn
    assert fqdn is not None  # RECORD_TYPES isn't empty
    return fqdn, inner["A"]


def _create_choosing(
    scope: Scope,
    zone_id: pulumi.Input[str],
    domain: pulumi.Input[str],
    leaves: Mapping[str, Leaf],
    routing: str | None,
    kind: str,
) -> pulumi.Output[str] | None:
    """Create the records of one type that choose between regions; return their name, known once all exist."""
    if routing is None:
        return None
    records = []
    for role, leaf in leaves.items():
        # Latency records are identified by region, of which each can have one: exchanging the roles changes nothing.
        key = role if routing == "failover" else leaf.region
        policy: dict[str, Any] = (
            {"failover_routing_policies": [{"type": FAILOVER[role]}]}
            if routing == "failover"
            else {"latency_routing_policies": [{"region": leaf.region}]}
        )
        alias = {"name": leaf.dns_name, "zone_id": leaf.zone_id, "evaluate_target_health": leaf.evaluate}
        records.append(
            aws.route53.Record(
                f"{scope.name}-{routing}-{key}-{kind.lower()}",
                zone_id=zone_id,
                name=pulumi.Output.concat(f"ha-web-{routing}.", domain),
                type=kind,
                aliases=[alias],  # type: ignore[list-item]  # the SDK's dict of an alias, built in two steps
                set_identifier=key,
                health_check_id=leaf.check_id,
                **policy,
                opts=scope.child_opts(),
            )
        )
    return pulumi.Output.all(*(record.name for record in records)).apply(lambda names: str(names[0]))


def create_beacon(
    scope: Scope, zone_id: pulumi.Input[str], domain: pulumi.Input[str], check_id: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Create the name that shows through DNS whether Route 53 finds the primary healthy; return its full name."""
    names = []
    for role, address in BEACON.items():
        record = aws.route53.Record(
            f"{scope.name}-beacon-{role}",
            zone_id=zone_id,
            name=pulumi.Output.concat("ha-web-primary.", domain),
            type="A",
            ttl=BEACON_TTL_SECONDS,
            records=[address],
            failover_routing_policies=[{"type": FAILOVER[role]}],
            set_identifier=role,
            health_check_id=check_id if role == "primary" else None,
            opts=scope.child_opts(),
        )
        names.append(record.fqdn)
    return pulumi.Output.all(*names).apply(lambda found: str(found[0]))
