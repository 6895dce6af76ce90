"""Everything that preflight asks AWS: one table, from which the calls are made and the policy is written. No SDK here.

A question is asked in each Region, or once in the primary's for what belongs to the account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ha_web.database.rules import ENGINE, ENGINE_VERSION

from ops.preflight import quotas, service_roles
from ops.preflight.look import Look
from ops.preflight.needs import Place, Site

Parameters = dict[str, Any]
Requests = Mapping[str, Parameters]
"""Parameters of each request, by what it is about: a quota's code, a hosted zone's id; empty for the only one."""

MOST_RECORD_SETS = "20"
"""Two Regions have four record sets of the site's name, and its own come first."""


@dataclass(frozen=True)
class Question:
    """An operation of AWS's API, which only reads."""

    name: str
    service: str
    """boto3's name of the service."""
    operation: str
    """The operation as the API reference writes it."""
    requests: Callable[[Look], Requests]
    """What to send; raises `Unanswered` where an answer is missing that it builds on."""
    after: tuple[str, ...] = ()
    """Questions whose answers it builds on."""
    once: bool = False
    """True for what belongs to the account and not to a Region."""
    concerns: Callable[[Site], bool] = lambda _: True
    """Whether a stack with these settings asks it at all."""


def always(**parameters: Any) -> Callable[[Look], Requests]:
    """Send the same parameters whatever the stack."""
    return lambda _: {"": parameters}


def where(wanted: Callable[[Place], object], **parameters: Any) -> Callable[[Look], Requests]:
    """Send these parameters in the Regions that need it."""
    return lambda look: {"": parameters} if wanted(look.place) else {}


def anywhere(wanted: Callable[[Place], object]) -> Callable[[Site], bool]:
    """Return whether any Region of a stack needs it."""
    return lambda site: any(wanted(place) for place in site.places)


def in_route53(site: Site) -> bool:
    """Return whether the site's name is in a hosted zone of Route 53."""
    return site.in_route53


def in_elasticache(place: Place) -> bool:
    """Return whether sessions are in ElastiCache."""
    return not place.durable


def in_memorydb(place: Place) -> bool:
    """Return whether sessions are in MemoryDB."""
    return place.durable


def has_database(place: Place) -> bool:
    """Return whether there is a database."""
    return place.database_class is not None


def has_functions(place: Place) -> bool:
    """Return whether functions of the failover are in the Region."""
    return place.runs > 0


def has_backups(place: Place) -> bool:
    """Return whether AWS Backup takes backups in the Region."""
    return bool(place.backed_up)


def has_audit(place: Place) -> bool:
    """Return whether AWS Backup Audit Manager works in the Region."""
    return place.audit


def has_certificate(place: Place) -> bool:
    """Return whether the settings give a certificate, and not one of IAM's."""
    return place.certificate is not None and ":acm:" in place.certificate


def about_regions(look: Look) -> Requests:
    """Ask about all Regions of the stack, so that one of them can tell about another that isn't enabled."""
    return {"": {"AllRegions": True, "RegionNames": look.site.regions}}


def about_instance_types(look: Look) -> Requests:
    """Ask for the zones of the servers' type, and of the type that is named like the session nodes'."""
    types = dict.fromkeys([look.place.instance_type, look.place.node_instance_type])
    return {
        "": {
            "LocationType": "availability-zone-id",
            "Filters": [{"Name": "instance-type", "Values": [each for each in types if each]}],
        },
    }


def about_vcpus(look: Look) -> Requests:
    """Ask how many vCPUs a server has."""
    return {"": {"InstanceTypes": [look.place.instance_type]}}


def about_database_class(look: Look) -> Requests:
    """Ask where the database's instance class is offered in the version that the components create."""
    if look.place.database_class is None:
        return {}
    wanted = {"Engine": ENGINE, "EngineVersion": ENGINE_VERSION, "DBInstanceClass": look.place.database_class}
    return {"": {**wanted, "Vpc": True}}


def about_cache_nodes(look: Look) -> Requests:
    """Ask whether the Region sells the node type at all; no API of ElastiCache tells zones."""
    return {"": {"CacheNodeType": look.place.node_type}} if in_elasticache(look.place) else {}


def about_durable_nodes(look: Look) -> Requests:
    """Ask whether the Region sells the node type at all; no API of MemoryDB tells zones."""
    return {"": {"NodeType": look.place.node_type}} if in_memorydb(look.place) else {}


def about_quotas(look: Look) -> Requests:
    """Ask for the account's own value of each quota."""
    return {code: {"ServiceCode": service, "QuotaCode": code} for code, service in quotas.wanted(look.place).items()}


def about_default_quotas(look: Look) -> Requests:
    """Ask for AWS's value of a quota that the account has no value of its own for."""
    return {
        code: request
        for code, request in about_quotas(look).items()
        if (reason := look.why_not_here("quota", code)) and reason.code == quotas.NO_VALUE
    }


def about_certificate(look: Look) -> Requests:
    """Ask about the certificate that the settings give."""
    return {"": {"CertificateArn": look.place.certificate}} if has_certificate(look.place) else {}


def about_hosted_zones(look: Look) -> Requests:
    """Ask for the zones from the site's on, in the order of names."""
    return {"": {"DNSName": look.site.zone}} if look.site.in_route53 else {}


def zone_ids(look: Look) -> list[str]:
    """Return the ids of the account's public hosted zones of the site's zone. Raises `Unanswered`."""
    return [
        zone["Id"].rsplit("/", 1)[-1]
        for zone in look.account("hosted zones")["HostedZones"]
        if zone["Name"].rstrip(".") == look.site.zone.rstrip(".") and not zone.get("Config", {}).get("PrivateZone")
    ]


def about_each_zone(look: Look) -> Requests:
    """Ask for the name servers of each zone of the name; the provider takes one only."""
    return {found: {"Id": found} for found in zone_ids(look)} if look.site.in_route53 else {}


def about_records(look: Look) -> Requests:
    """Ask for the record sets from the site's name on."""
    return {
        found: {"HostedZoneId": found, "StartRecordName": look.site.domain, "MaxItems": MOST_RECORD_SETS}
        for found in about_each_zone(look)
    }


def about_callers_role(look: Look) -> Requests:
    """Ask for the ARN of the role that the caller has assumed, whose path the caller's ARN doesn't tell."""
    name = service_roles.role_name(look.anywhere("caller"))
    return {"": {"RoleName": name}} if name and service_roles.missing(look) else {}


def about_creating_roles(look: Look) -> Requests:
    """Ask whether the caller may have each missing service-linked role created."""
    caller, missing = look.anywhere("caller"), service_roles.missing(look)
    if not missing or service_roles.is_root(caller):
        return {}
    arn = look.account("caller's role")["Role"]["Arn"] if service_roles.role_name(caller) else caller["Arn"]
    return {principal: service_roles.simulation(arn, principal) for principal in missing}


RUNNING = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
NAT_IN_USE = [{"Name": "state", "Values": ["pending", "available", "deleting"]}]

QUESTIONS = (
    Question("caller", "sts", "GetCallerIdentity", always()),
    Question("regions", "ec2", "DescribeRegions", about_regions),
    Question("zones", "ec2", "DescribeAvailabilityZones", always()),
    Question("offered zones", "ec2", "DescribeInstanceTypeOfferings", about_instance_types),
    Question("instance type", "ec2", "DescribeInstanceTypes", about_vcpus),
    Question("instances", "ec2", "DescribeInstances", always(Filters=RUNNING)),
    Question("addresses", "ec2", "DescribeAddresses", always()),
    Question("vpcs", "ec2", "DescribeVpcs", always()),
    Question("internet gateways", "ec2", "DescribeInternetGateways", always()),
    Question("nat gateways", "ec2", "DescribeNatGateways", always(Filter=NAT_IN_USE)),
    Question("subnets", "ec2", "DescribeSubnets", always()),
    Question("load balancers", "elbv2", "DescribeLoadBalancers", always()),
    Question("quota", "service-quotas", "GetServiceQuota", about_quotas),
    Question("default quota", "service-quotas", "GetAWSDefaultServiceQuota", about_default_quotas, after=("quota",)),
    Question("functions", "lambda", "GetAccountSettings", where(has_functions), concerns=anywhere(has_functions)),
    Question("databases", "rds", "DescribeDBInstances", where(has_database), concerns=anywhere(has_database)),
    Question(
        "database class",
        "rds",
        "DescribeOrderableDBInstanceOptions",
        about_database_class,
        concerns=anywhere(has_database),
    ),
    Question(
        "cache nodes", "elasticache", "DescribeCacheClusters", where(in_elasticache), concerns=anywhere(in_elasticache)
    ),
    Question(
        "cache node type",
        "elasticache",
        "DescribeReservedCacheNodesOfferings",
        about_cache_nodes,
        concerns=anywhere(in_elasticache),
    ),
    Question(
        "durable node type",
        "memorydb",
        "DescribeReservedNodesOfferings",
        about_durable_nodes,
        concerns=anywhere(in_memorydb),
    ),
    Question("backup settings", "backup", "DescribeRegionSettings", where(has_backups), concerns=anywhere(has_backups)),
    Question(
        "recorders", "config", "DescribeConfigurationRecorderStatus", where(has_audit), concerns=anywhere(has_audit)
    ),
    Question("certificate", "acm", "DescribeCertificate", about_certificate, concerns=anywhere(has_certificate)),
    Question("hosted zones", "route53", "ListHostedZonesByName", about_hosted_zones, once=True, concerns=in_route53),
    Question(
        "hosted zone",
        "route53",
        "GetHostedZone",
        about_each_zone,
        after=("hosted zones",),
        once=True,
        concerns=in_route53,
    ),
    Question(
        "records",
        "route53",
        "ListResourceRecordSets",
        about_records,
        after=("hosted zones",),
        once=True,
        concerns=in_route53,
    ),
    Question("service-linked roles", "iam", "ListRoles", always(PathPrefix="/aws-service-role/"), once=True),
    Question(
        "caller's role", "iam", "GetRole", about_callers_role, after=("caller", "service-linked roles"), once=True
    ),
    Question(
        "role creation", "iam", "SimulatePrincipalPolicy", about_creating_roles, after=("caller's role",), once=True
    ),
)
