"""Openings: rules of security groups and network ACLs that allow more than before."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.plan.model import Operation, Plan, State, Step
from review.plan.values import UNKNOWN, Mark

Properties = Mapping[str, Any]
ALL_PORTS = (0, 65535)

GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ACLS = ("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"


@dataclass(frozen=True)
class Rule:
    """Traffic that is allowed in: one source, one protocol, one range of ports."""

    source: str
    """A CIDR block, the id of a group or prefix list, or something unknown."""
    protocol: str
    """`-1` is all of them."""
    first: int
    last: int

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """The source as a range of addresses, if it is one."""
        try:
            return ipaddress.ip_network(self.source, strict=False)
        except ValueError:
            return None

    @property
    def breadth(self) -> int:
        """For order: the widest source first."""
        network = self.network
        if network is None:
            return 1 if isinstance(self.source, Mark) else 2
        return -network.num_addresses if network.version == 4 else -(network.num_addresses >> 96)

    @property
    def from_everywhere(self) -> bool:
        """True if the source is the whole internet."""
        return bool(self.network) and self.network.prefixlen == 0  # type: ignore[union-attr] # it is one

    @property
    def ports(self) -> str:
        """Protocol and ports for people."""
        if self.protocol == "-1":
            return "everything"
        if (self.first, self.last) == ALL_PORTS:
            return f"{self.protocol}, all ports"
        return f"{self.protocol} {self.first}" + (f"-{self.last}" if self.last != self.first else "")

    def covers(self, other: "Rule") -> bool:
        """Return whether this rule allows all that the other allows."""
        if self.protocol not in ("-1", other.protocol) or isinstance(self.source, Mark):
            return False
        if self.protocol != "-1" and not (self.first <= other.first and other.last <= self.last):
            return False
        mine, theirs = self.network, other.network
        if mine is None or theirs is None:
            return self.source == other.source
        return mine.version == theirs.version and theirs.subnet_of(mine)  # type: ignore[arg-type] # of one version


@dataclass(frozen=True)
class Opening:
    """A rule that nothing covered before."""

    step: Step
    rule: Rule
    before: str
    """Traffic that the same resource allowed before; empty if it is new."""


def openings_of(plan: Plan) -> list[Opening]:
    """All openings: the widest first."""
    standing = rules_by_target(plan)
    found = [
        Opening(step, rule, ", ".join(f"{old.ports} from {old.source}" for old in rules(step.type, step.before)))
        for step in plan.changed
        if step.operation in (Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.IMPORT)
        for rule in dict.fromkeys(rules(step.type, step.after))
        if not covered(rule, step, standing)
    ]
    return sorted(found, key=lambda each: (each.rule.breadth, each.step.name))


def covered(rule: Rule, step: Step, standing: Mapping[str, list[Rule]]) -> bool:
    """Return whether the same resource, or another rule of the same group, allowed that traffic before."""
    before = [*rules(step.type, step.before), *standing.get(target(step.type, step.state), [])]
    return any(old.covers(rule) for old in before)


def rules_by_target(plan: Plan) -> dict[str, list[Rule]]:
    """The rules that hold now, by the id of the group or ACL."""
    standing: dict[str, list[Rule]] = {}
    for step in plan.steps:
        if step.old and (key := target(step.type, step.old)):
            standing.setdefault(key, []).extend(rules(step.type, step.old.inputs))
    return standing


def target(type_: str, state: State) -> str:
    """The id of the group or ACL that a resource is, or is a rule of; empty while it isn't known."""
    named = {GROUP_RULE: "securityGroupId", INGRESS_RULE: "securityGroupId", ACL_RULE: "networkAclId"}.get(type_)
    value = state.inputs.get(named, "") if named else state.id if type_ in (*GROUPS, *ACLS) else ""
    return "" if isinstance(value, Mark) else str(value)


def rules(type_: str, properties: Properties) -> list[Rule]:
    """The rules that let something in, of any of the resources that hold rules."""
    if type_ in GROUPS:
        return [rule for each in entries(properties, "ingress") for rule in group_rules(each)]
    if type_ == GROUP_RULE and properties.get("type") == "ingress":
        return [*group_rules(properties)]
    if type_ == INGRESS_RULE:
        return [*ingress_rules(properties)]
    if type_ in ACLS:
        return [rule for each in entries(properties, "ingress") for rule in acl_rules(each, "action")]
    if type_ == ACL_RULE and not properties.get("egress"):
        return [*acl_rules(properties, "ruleAction")]
    return []


def entries(properties: Properties, name: str) -> list[Properties]:
    """The rules within a group or ACL. Where they aren't known yet, one that says so."""
    listed = properties.get(name) or []
    if isinstance(listed, Mark):
        return [{"cidrBlocks": [UNKNOWN], "cidrBlock": UNKNOWN, "protocol": "-1", "action": "allow"}]
    return [each for each in listed if isinstance(each, Mapping)]


def group_rules(properties: Properties) -> Iterator[Rule]:
    """Of a security group's inline rule, or of a rule of the older kind."""
    lists = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
    sources = [source for name in lists for source in sources_in(properties.get(name))]
    sources += [s for name in ("securityGroups", "sourceSecurityGroupId") for s in groups_in(properties.get(name))]
    if properties.get("self") is True:
        sources.append("the group itself")
    yield from spanned(properties, "protocol", sources)


def ingress_rules(properties: Properties) -> Iterator[Rule]:
    """Of a rule of the newer kind."""
    sources = [s for name in ("cidrIpv4", "cidrIpv6", "prefixListId") for s in sources_in(properties.get(name))]
    sources += groups_in(properties.get("referencedSecurityGroupId"))
    yield from spanned(properties, "ipProtocol", sources)


def acl_rules(properties: Properties, action: str) -> Iterator[Rule]:
    """Of a network ACL's rule, unless it denies."""
    if str(properties.get(action)).lower() != "deny":
        sources = [s for name in ("cidrBlock", "ipv6CidrBlock") for s in sources_in(properties.get(name))]
        yield from spanned(properties, "protocol", sources)


def sources_in(value: Any) -> list[str]:
    """One source or a list of them."""
    if isinstance(value, str):
        return [value] if value else []
    return [each for each in value or () if isinstance(each, str)]


def groups_in(value: Any) -> list[str]:
    """Security groups. One that isn't known yet is at least known to be none of the outside world."""
    return [ANOTHER_GROUP if isinstance(each, Mark) else each for each in sources_in(value)]


ANOTHER_GROUP = Mark("another security group")
NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def spanned(properties: Properties, protocol: str, sources: Iterable[str]) -> Iterator[Rule]:
    """A rule for each source. Ports that aren't known count as all."""
    name = str(properties.get(protocol, "-1")).lower()
    name = NUMBERS.get(name, name)
    first, last = port(properties.get("fromPort"), ALL_PORTS[0]), port(properties.get("toPort"), ALL_PORTS[1])
    if name == "-1":
        first, last = ALL_PORTS
    for source in sources:
        yield Rule(source, name, first, last)


def port(value: Any, otherwise: int) -> int:
    """A port as a number."""
    try:
        return otherwise if isinstance(value, Mark) or value is None or int(value) < 0 else int(value)
    except (TypeError, ValueError):
        return otherwise
