"""EC2: security groups, with rules of their own or as resources, and a VPC's default group."""

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Members, Read, Step, Type
from rehearsal.aws_plugin.services.ec2.vpc import ec2_arn, ec2_tags

SOURCES = (
    ("cidrBlocks", "IpRanges", "CidrIp"),
    ("ipv6CidrBlocks", "Ipv6Ranges", "CidrIpv6"),
    ("prefixListIds", "PrefixListIds", "PrefixListId"),
    ("securityGroups", "UserIdGroupPairs", "GroupId"),
)
"""Property of a rule in the SDK, and list and member of a permission in the API."""


def permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule of a group as EC2's IpPermission; `self` is added by `_with_self`."""
    described = {"Description": rule["description"]} if rule.get("description") else {}
    made: dict[str, Any] = {"IpProtocol": str(rule["protocol"]).replace("all", "-1")}
    if made["IpProtocol"] != "-1":
        made |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    for mine, member, name in SOURCES:
        if rule.get(mine):
            made[member] = [{name: each, **described} for each in rule[mine]]
    if rule.get("self"):
        made.setdefault("UserIdGroupPairs", []).append({"GroupId": "{id}", **described})
    return made


def _atoms(permissions: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Each source of each permission: AWS merges permissions, so only these compare."""
    for each in permissions:
        ports = (str(each["IpProtocol"]), each.get("FromPort", -1), each.get("ToPort", -1))
        for mine, member, name in SOURCES:
            for source in each.get(member) or []:
                yield (*ports, mine, source.get(name), source.get("Description") or "")


def _rule(atom: tuple[Any, ...]) -> dict[str, Any]:
    protocol, first, last, mine, source, description = atom
    ports = (0, 0) if protocol == "-1" else (first, last)
    made = {"protocol": protocol, "fromPort": ports[0], "toPort": ports[1], mine: [source]}
    return {**made, "description": description} if description else made


def _read_rules(context: HookContext) -> Mapping[str, Any] | None:
    """The rules in the program's own grouping where they are the same, else one by one."""
    group = context.call("DescribeSecurityGroups", {"GroupIds": [context.id]})["SecurityGroups"][0]
    found: dict[str, Any] = {}
    for argument, member in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        given = context.args.get(argument) or []
        wanted = context.resolve([permission(rule) for rule in given])
        actual = sorted(_atoms(group.get(member) or []), key=str)
        found[argument] = given if actual == sorted(_atoms(wanted), key=str) else [_rule(atom) for atom in actual]
    return found


def _adopt_default_group(context: HookContext) -> Mapping[str, Any]:
    """A VPC's default group is never created: the provider takes it over and removes its rules."""
    filters = [{"Name": "group-name", "Values": ["default"]}]
    if context.args.get("vpcId"):
        filters.append({"Name": "vpc-id", "Values": [context.args["vpcId"]]})
    groups = context.call("DescribeSecurityGroups", {"Filters": filters})["SecurityGroups"]
    if not groups:
        raise LookupError(f"no default security group in {context.args.get('vpcId', 'the account')}")
    _close(context, groups[0])
    return {"id": groups[0]["GroupId"]}


def _close(context: HookContext, group: Mapping[str, Any]) -> None:
    for direction, member in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
        if group.get(member):
            context.call(
                f"RevokeSecurityGroup{direction}", {"GroupId": group["GroupId"], "IpPermissions": group[member]}
            )


def _close_new(context: HookContext) -> None:
    """AWS lets a new group reach everything; the provider takes that away, and adds only what the program says."""
    _close(context, context.call("DescribeSecurityGroups", {"GroupIds": [context.id]})["SecurityGroups"][0])


def _revoke_own(context: HookContext) -> None:
    """Take the rules of a group away before it is deleted, where the program wants that."""
    if context.args.get("revokeRulesOnDelete"):
        _close_new(context)


def _other_source(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a rule is to be of another kind of source, which EC2 can't change."""
    return {name for name in RULE_SOURCES if old.get(name)} != {name for name in RULE_SOURCES if new.get(name)}


def _rules(argument: str, direction: str) -> Step:
    return Members(
        argument,
        Call(f"AuthorizeSecurityGroup{direction}", {"GroupId": "{id}", "IpPermissions": "{added}"}),
        Call(f"RevokeSecurityGroup{direction}", {"GroupId": "{id}", "IpPermissions": "{removed}"}),
        to=permission,
    )


RULE_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
RULES = (_rules("ingress", "Ingress"), _rules("egress", "Egress"))
GROUP = Read("DescribeSecurityGroups", {"GroupIds": ["{id}"]}, "SecurityGroups[0]", rename={"name": "GroupName"})


def _rule_type(direction: str) -> Type:
    """Rules as resources of their own; one entry for both directions."""
    described = "{%s && description}"
    source = {
        "IpRanges": [{"CidrIp": "{cidrIpv4}", "Description": described % "cidrIpv4"}],
        "Ipv6Ranges": [{"CidrIpv6": "{cidrIpv6}", "Description": described % "cidrIpv6"}],
        "PrefixListIds": [{"PrefixListId": "{prefixListId}", "Description": described % "prefixListId"}],
        "UserIdGroupPairs": [
            {"GroupId": "{referencedSecurityGroupId}", "Description": described % "referencedSecurityGroupId"}
        ],
    }
    ports = {"IpProtocol": "{ipProtocol}", "FromPort": "{fromPort}", "ToPort": "{toPort}"}
    return Type(
        f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
        "ec2",
        create=Call(
            f"AuthorizeSecurityGroup{direction}",
            {"GroupId": "{securityGroupId}", "IpPermissions": [{**ports, **source}]},
            takes=(),
        ),
        update=(
            Call(
                "ModifySecurityGroupRules",
                {"GroupId": "{securityGroupId}", "SecurityGroupRules": [{"SecurityGroupRuleId": "{id}"}]},
                into="SecurityGroupRules[0].SecurityGroupRule",
                rename={"referencedSecurityGroupId": "SecurityGroupRules[0].SecurityGroupRule.ReferencedGroupId"},
                cleared={"description": ""},
                whole=True,
            ),
        ),
        id="SecurityGroupRules[0].SecurityGroupRuleId",
        read=Read(
            "DescribeSecurityGroupRules",
            {"SecurityGroupRuleIds": ["{id}"]},
            "SecurityGroupRules[0]",
            rename={
                "securityGroupId": "GroupId",
                "securityGroupRuleId": "SecurityGroupRuleId",
                "referencedSecurityGroupId": "ReferencedGroupInfo.GroupId",
            },
        ),
        delete=Call(
            f"RevokeSecurityGroup{direction}", {"GroupId": "{securityGroupId}", "SecurityGroupRuleIds": ["{id}"]}
        ),
        tags=ec2_tags("security-group-rule"),
        same={port: f"{port} == `null` && old.{port} == `-1`" for port in ("fromPort", "toPort")},
        replace_when=dict.fromkeys(RULE_SOURCES, _other_source),
        outputs={"arn": ec2_arn("security-group-rule")},
    )


TYPES = [
    Type(
        "aws:ec2/securityGroup:SecurityGroup",
        "ec2",
        create=Call("CreateSecurityGroup", rename={"name": "GroupName"}),
        then=(Hook(_close_new), *RULES),
        id="GroupId",
        read=(GROUP, Hook(_read_rules)),
        delete=(Hook(_revoke_own), Call("DeleteSecurityGroup", {"GroupId": "{id}"})),
        tags=ec2_tags("security-group"),
        auto_name="name",
        default={"description": "Managed by Pulumi"},
        local=("revokeRulesOnDelete",),
        outputs={"arn": ec2_arn("security-group")},
    ),
    Type(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "ec2",
        create=Hook(_adopt_default_group, ("vpcId",)),
        then=RULES,
        read=(GROUP, Hook(_read_rules)),
        tags=ec2_tags("security-group"),
        watched=("ingress", "egress"),
        local=("revokeRulesOnDelete",),
        outputs={"arn": ec2_arn("security-group")},
    ),
    _rule_type("Ingress"),
    _rule_type("Egress"),
]
