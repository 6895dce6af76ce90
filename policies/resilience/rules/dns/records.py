"""Records that Route 53 chooses between."""

from collections.abc import Iterator

from resilience.aws.types import RECORD
from resilience.known import known
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

TO_SERVERS = ("A", "AAAA", "CNAME")
OTHER_ROLE = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}
FAILOVER = "failoverRoutingPolicies"
POLICIES = (
    "weightedRoutingPolicies",
    "latencyRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "multivalueAnswerRoutingPolicy",
)
"""Route 53's routing policies, besides failover. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html"""

TO_HEALTHY = well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good")


@RULES.rule(
    "record-failover-checked",
    "The primary record of a failover pair is checked.",
    Severity.HIGH,
    TO_HEALTHY,
    RECORD,
)
def failover_checked(record: Resource, _: Config) -> Iterator[str]:
    """By a health check, or as an alias by its target's health. A secondary without one is always healthy, as it may.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
    """
    if _role(record) == "PRIMARY" and not _is_checked(record):
        yield "PRIMARY has neither healthCheckId nor evaluateTargetHealth; nobody is ever sent to the secondary"


@RULES.stack_rule(
    "record-failover-paired",
    "A failover record has its counterpart.",
    Severity.HIGH,
    TO_HEALTHY,
    RECORD,
)
def failover_paired(record: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Of the same zone, name and type."""
    role = _role(record)
    if role not in OTHER_ROLE:
        return
    candidates = (each for each in stack.of_type(RECORD) if _role(each) == OTHER_ROLE[role])
    if not any(_same_place(record, each) for each in candidates):
        yield f"{role} has no {OTHER_ROLE[role]} of its zone, name and type"


@RULES.rule(
    "record-choice-checked",
    "Records that share a name are checked each.",
    Severity.HIGH,
    TO_HEALTHY,
    RECORD,
)
def choice_checked(record: Resource, _: Config) -> Iterator[str]:
    """A record of weight 0 gets no users, and the one for all other places is there for when nothing else answers."""
    chosen = [policy for policy in POLICIES if record.has(policy)]
    if not chosen or record.get("type") not in TO_SERVERS or _is_checked(record):
        return
    if record.get("weightedRoutingPolicies.0.weight") == 0 or record.get("geolocationRoutingPolicies.0.country") == "*":
        return
    for policy in chosen:
        if policy != "multivalueAnswerRoutingPolicy" or record.get(policy):
            yield f"{policy} without healthCheckId or evaluateTargetHealth; users are sent there, dead or alive"


@RULES.rule(
    "record-ttl",
    "Clients soon ask again for a name that Route 53 chooses for.",
    Severity.MEDIUM,
    TO_HEALTHY,
    RECORD,
    seconds=Setting(60, "the longest time that a client may keep an answer, in seconds", {"minimum": 0}),
)
def ttl(record: Resource, config: Config) -> Iterator[str]:
    """An alias has its target's: 60 s for a load balancer. Who has no choice waits for an operator anyway.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """
    chosen = any(record.has(policy) for policy in (FAILOVER, *POLICIES))
    if chosen and int(record.get("ttl", 0)) > config["seconds"]:
        yield f"ttl is {int(record.get('ttl'))} s; at most {config['seconds']} s are allowed"


def _role(record: Resource) -> str:
    return str(record.get(f"{FAILOVER}.0.type", ""))


def _is_checked(record: Resource) -> bool:
    return record.has("healthCheckId") or bool(record.get("aliases.0.evaluateTargetHealth"))


def _same_place(one: Resource, other: Resource) -> bool:
    return (
        one.get("type") == other.get("type")
        and str(one.get("name")).rstrip(".").lower() == str(other.get("name")).rstrip(".").lower()
        and _same_zone(one, other)
    )


def _same_zone(one: Resource, other: Resource) -> bool:
    """By the resource that names it, as its id is not known before it stands; else by the id."""
    zones = [{id(zone) for zone in record.links.get("zoneId", ())} for record in (one, other)]
    return bool(zones[0] & zones[1]) if all(zones) else known(one, "zoneId") == known(other, "zoneId")
