"""Reads a Region's load balancers from the account."""

import asyncio
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.account import Account
from rehearsal.live.balancers.model import (
    Listener,
    LoadBalancer,
    Target,
    TargetGroup,
    listener,
    load_balancer,
    target_group,
)


@dataclass
class Standing:
    """What stands in a Region."""

    balancers: dict[str, LoadBalancer] = field(default_factory=dict)
    groups: dict[str, TargetGroup] = field(default_factory=dict)
    targets: dict[str, list[Target]] = field(default_factory=dict)
    """By ARN of the group."""
    certificates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names by ARN."""
    subnets: dict[tuple[str, str], str] = field(default_factory=dict)
    """Range of the subnet of a balancer in a zone."""


class Reader:
    """Asks the account; of what can't change only once."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._names: dict[str, tuple[str, ...]] = {}
        self._ranges: dict[str, str] = {}

    async def read(self, region: str) -> Standing:
        """Return what stands in a Region."""
        standing = Standing()
        said = await self._account.ask_all("elbv2", region, "describe_load_balancers", "LoadBalancers")
        if not said:
            return standing
        away = await self._away(region)
        found = await asyncio.gather(*(self._balancer(region, each, standing, away) for each in said))
        standing.balancers = {each.arn: each for each in found}
        groups, instances = await asyncio.gather(
            self._account.ask_all("elbv2", region, "describe_target_groups", "TargetGroups"),
            self._account.ask_all("ec2", region, "describe_instances", "Reservations[].Instances"),
        )
        where = {each["InstanceId"]: each for each in instances}
        await asyncio.gather(*(self._group(region, each, where, standing) for each in groups))
        return standing

    async def _away(self, region: str) -> dict[str, str]:
        """Return the names of the zones that users are kept out of, by ARN of the balancer."""
        arc = "arc-zonal-shift", region, "list_zonal_shifts", "items"
        shifts = await self._account.ask_all(*arc, status="ACTIVE")
        if not shifts:
            return {}
        zones = await self._account.ask_all("ec2", region, "describe_availability_zones", "AvailabilityZones")
        names = {zone["ZoneId"]: str(zone["ZoneName"]) for zone in zones}
        return {each["resourceIdentifier"]: names[each["awayFrom"]] for each in shifts}

    async def _balancer(
        self, region: str, said: Mapping[str, Any], standing: Standing, away: Mapping[str, str]
    ) -> LoadBalancer:
        arn = said["LoadBalancerArn"]
        attributes = await self._attributes(region, "describe_load_balancer_attributes", LoadBalancerArn=arn)
        listeners = await self._account.ask_all("elbv2", region, "describe_listeners", "Listeners", LoadBalancerArn=arn)
        for zone in said.get("AvailabilityZones", ()):
            subnet = zone.get("SubnetId", "")
            if subnet:
                standing.subnets[arn, zone["ZoneName"]] = await self._range(region, subnet)
        made = [await self._listener(region, each, said, standing) for each in listeners]
        return load_balancer(said, attributes, made, away.get(arn, ""))

    async def _listener(
        self, region: str, said: Mapping[str, Any], balancer: Mapping[str, Any], standing: Standing
    ) -> Listener:
        arn = said["ListenerArn"]
        rules: list[Any] = []
        if balancer.get("Type", "application") == "application":
            rules = await self._account.ask_all("elbv2", region, "describe_rules", "Rules", ListenerArn=arn)
        certificates = [each["CertificateArn"] for each in said.get("Certificates") or ()]
        if certificates:
            more = await self._account.ask_all(
                "elbv2", region, "describe_listener_certificates", "Certificates", ListenerArn=arn
            )
            certificates += [c["CertificateArn"] for c in more if c["CertificateArn"] not in certificates]
        for certificate in certificates:
            standing.certificates[certificate] = await self._certificate(region, certificate)
        return listener(said, rules, certificates)

    async def _certificate(self, region: str, arn: str) -> tuple[str, ...]:
        if arn not in self._names:
            said = (await self._account.ask("acm", region, "describe_certificate", CertificateArn=arn))["Certificate"]
            names = [said["DomainName"], *said.get("SubjectAlternativeNames", ())]
            self._names[arn] = tuple(dict.fromkeys(names))
        return self._names[arn]

    async def _range(self, region: str, subnet: str) -> str:
        if subnet not in self._ranges:
            said = await self._account.ask("ec2", region, "describe_subnets", SubnetIds=[subnet])
            self._ranges[subnet] = said["Subnets"][0]["CidrBlock"]
        return self._ranges[subnet]

    async def _group(self, region: str, said: Mapping[str, Any], where: Mapping[str, Any], standing: Standing) -> None:
        arn = said["TargetGroupArn"]
        attributes, health = await asyncio.gather(
            self._attributes(region, "describe_target_group_attributes", TargetGroupArn=arn),
            self._account.ask("elbv2", region, "describe_target_health", TargetGroupArn=arn),
        )
        standing.groups[arn] = group = target_group(said, attributes)
        standing.targets[arn] = targets(group, health["TargetHealthDescriptions"], where)

    async def _attributes(self, region: str, operation: str, **parameters: str) -> dict[str, str]:
        said = await self._account.ask("elbv2", region, operation, **parameters)
        return {each["Key"]: each["Value"] for each in said["Attributes"]}


def targets(
    group: TargetGroup, descriptions: list[Mapping[str, Any]], where: Mapping[str, Mapping[str, Any]]
) -> list[Target]:
    """Return the targets of DescribeTargetHealth; one whose instance is gone has no address and is left out."""
    found = []
    for said in descriptions:
        name, port = said["Target"]["Id"], int(said["Target"].get("Port", group.port))
        instance = where.get(name, {})
        address = instance.get("PrivateIpAddress", "") if name.startswith("i-") else name
        zone = instance.get("Placement", {}).get("AvailabilityZone", said["Target"].get("AvailabilityZone", ""))
        state = said.get("TargetHealth", {}).get("State", "")
        if _is_address(address):
            found.append(Target(name, address, port, zone, draining=state == "draining"))
    return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
