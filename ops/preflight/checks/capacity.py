"""Quotas: what the stack needs at rest, during a refresh and at its maximum, against what others leave."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ops.preflight.check import Check
from ops.preflight.checks.zones import chosen_zones
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look
from ops.preflight.needs import Place, Site
from ops.preflight.quotas import COUNTED, NAT_GATEWAYS, NO_VALUE, RULES, Quota, vcpu_quota

STACK_TAG = "ha-web:stack"
"""The tag with the stack's name that the program puts on everything."""

ROOM = 50
"""Concurrency that leaves room for an account's other functions; a new account has 10 for all of them, and one that is
used up throttles the failover's: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def limit(look: Look, code: str) -> int:
    """Return a quota's value: the account's own, else AWS's default. Raises `Unanswered`."""
    own = look.why_not_here("quota", code)
    if own and own.code == NO_VALUE:
        return int(look.here("default quota", code)["Quota"]["Value"])
    return int(look.here("quota", code)["Quota"]["Value"])


def raise_quota(place: Place, service: str, code: str, value: int) -> str:
    """Return the command that asks for a higher quota; AWS grants small ones within minutes, others in days."""
    return (
        f"aws service-quotas request-service-quota-increase --service-code {service} --quota-code {code} "
        f"--desired-value {value} --region {place.region}"
    )


def others(items: Iterable[Mapping[str, Any]], site: Site) -> list[Mapping[str, Any]]:
    """Return what isn't this stack's by its tags: what it has already isn't needed once more."""
    return [item for item in items if (STACK_TAG, site.stack) not in _tags(item)]


def _tags(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(tag["Key"], tag["Value"]) for tag in item.get("Tags", item.get("TagList", []))]


def stands(look: Look) -> bool:
    """Return whether the stack has a network in the Region already. Raises `Unanswered`."""
    found = look.here("vpcs")["Vpcs"]
    return len(others(found, look.site)) < len(found)


def vcpus(look: Look) -> Line:
    """Judge the fleet's vCPUs at its minimum, while it is refreshed, and at its maximum."""
    code = vcpu_quota(look.place.instance_type)
    if code is None:
        return cant_tell(f"which quota {look.place.instance_type} counts against isn't known here")
    each = _vcpus_of_type(look)
    allowed = limit(look, code)
    free = allowed - _vcpus_of_others(look, code, each)
    steps = {
        f"the minimum of {look.place.minimum}": each * look.place.minimum,
        "a refresh": each * look.place.refreshing,
        f"the maximum of {look.place.maximum}": each * max(look.place.maximum, look.place.minimum),
    }
    needs = ", ".join(f"{count} at {when}" for when, count in steps.items())
    text = f"{needs} {look.place.instance_type}; {free} of {allowed} are free"
    most = max(steps.values())
    if most > free:
        short = next(when for when, count in steps.items() if count > free)
        return will_fail(
            f"{text}: too few from {short} on", raise_quota(look.place, "ec2", code, allowed - free + most)
        )
    return ok(text)


def _vcpus_of_type(look: Look) -> int:
    [found] = look.here("instance type")["InstanceTypes"]
    return int(found["VCpuInfo"]["DefaultVCpus"])


def _vcpus_of_others(look: Look, code: str, usual: int) -> int:
    """Return the vCPUs of instances that aren't the stack's; `usual` of one whose CPU options AWS doesn't say."""
    running = [
        instance for reservation in look.here("instances")["Reservations"] for instance in reservation["Instances"]
    ]
    counted = [
        cpu["CoreCount"] * cpu["ThreadsPerCore"] if (cpu := instance.get("CpuOptions")) else usual
        for instance in others(running, look.site)
        if vcpu_quota(instance["InstanceType"]) == code and instance.get("InstanceLifecycle") != "spot"
    ]
    return sum(counted)


def counted(quota: Quota, look: Look) -> Line | None:
    """Judge a quota of things that are counted one by one."""
    needed = quota.needed(look.place)
    if not needed:
        return None
    allowed = limit(look, quota.code)
    used = _used(quota, look)
    text = f"{needed} needed; {allowed - used} of {allowed} are free"
    enough, mend = needed <= allowed - used, raise_quota(look.place, quota.service, quota.code, used + needed)
    if not enough and quota.question == "addresses" and not look.place.zonal_gateways:
        return cant_tell(f"{text}; whether those of a regional NAT gateway count isn't said", mend)
    return _judged(text, enough, mend)


def _used(quota: Quota, look: Look) -> int:
    """Return how many others have."""
    found = look.facts.of(quota.question, look.place.region)[quota.listed]
    if quota.question == "load balancers":
        kind = "network" if quota.needed(look.place) and look.place.balancer == "network" else "application"
        found = [balancer for balancer in found if balancer["Type"] == kind]
    if quota.question == "addresses":
        found = [address for address in found if not address.get("ServiceManaged")]
    if quota.tagged:
        return len(others(found, look.site))
    return max(0, len(found) - (quota.needed(look.place) if stands(look) else 0))


def _judged(text: str, enough: bool, mend: str) -> Line:
    return ok(text) if enough else will_fail(text, mend)


def nat_gateways(look: Look) -> Line | None:
    """Judge the quota of NAT gateways in the fullest of the zones that the program would choose."""
    if not look.place.zonal_gateways:
        return None
    allowed = limit(look, NAT_GATEWAYS)
    zone_of = {one["SubnetId"]: one["AvailabilityZoneId"] for one in look.here("subnets")["Subnets"]}
    theirs = others(look.here("nat gateways")["NatGateways"], look.site)
    taken = [zone_of.get(gateway.get("SubnetId", "")) for gateway in theirs]
    zones = list(chosen_zones(look))[: look.place.zonal_gateways]
    fullest = max(zones, key=taken.count)
    used = taken.count(fullest)
    text = f"1 needed in each of {', '.join(zones)}; {allowed - used} of {allowed} are free in {fullest}"
    return _judged(text, used < allowed, raise_quota(look.place, "vpc", NAT_GATEWAYS, used + 1))


def rules(look: Look) -> Line:
    """Judge the rules of the largest security group."""
    allowed = limit(look, RULES)
    text = f"{look.place.rules} needed at the most; {allowed} are allowed"
    return _judged(text, look.place.rules <= allowed, raise_quota(look.place, "vpc", RULES, look.place.rules))


def functions(look: Look) -> Line | None:
    """Judge the concurrency that is left for the failover's functions, which reserve none."""
    if not look.place.runs:
        return None
    account = look.here("functions")["AccountLimit"]
    allowed, unreserved = account["ConcurrentExecutions"], account["UnreservedConcurrentExecutions"]
    mend = raise_quota(look.place, "lambda", "L-B99A9384", 1000)
    text = f"{look.place.runs} needed at once; {unreserved} of {allowed} are unreserved"
    if unreserved < look.place.runs:
        return will_fail(text, mend)
    if unreserved < ROOM:
        return cant_tell(f"{text}, for all functions of the account: if others use them up, there is no failover", mend)
    return ok(text)


CHECKS = (
    Check("vCPUs", vcpus, of_cluster=True),
    *(Check(quota.name, partial(counted, quota), of_cluster=True) for quota in COUNTED),
    Check("NAT gateways in a zone", nat_gateways, of_cluster=True),
    Check("rules of a security group", rules, of_cluster=True),
    Check("Lambda concurrency", functions, of_cluster=True),
)
