"""Service-linked roles: which the stack's services need, and whether the caller may have them created. No SDK here.

A service makes its role with the first resource that needs it, by the right of whoever makes the resource:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ops.preflight.look import Look
from ops.preflight.needs import Place

CREATE = "iam:CreateServiceLinkedRole"


class Service(NamedTuple):
    """A service that acts through a role of its own."""

    principal: str
    name: str
    wanted: Callable[[Place], bool]


SERVICES = (
    Service("autoscaling.amazonaws.com", "Auto Scaling", lambda _: True),
    Service("elasticloadbalancing.amazonaws.com", "Elastic Load Balancing", lambda _: True),
    Service("mrk.kms.amazonaws.com", "KMS multi-Region keys", lambda place: place.role == "standby"),
    Service("elasticache.amazonaws.com", "ElastiCache", lambda place: not place.durable),
    Service("memorydb.amazonaws.com", "MemoryDB", lambda place: place.durable),
    Service("rds.amazonaws.com", "RDS", lambda place: place.database_class is not None),
    Service("elasticfilesystem.amazonaws.com", "EFS", lambda place: "EFS" in place.backed_up),
    Service("backup.amazonaws.com", "AWS Backup", lambda place: bool(place.backed_up)),
    Service("restore-testing.backup.amazonaws.com", "restore testing", lambda place: place.restore_tests),
    Service("reports.backup.amazonaws.com", "AWS Backup Audit Manager", lambda place: place.audit),
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html"""


def missing(look: Look) -> dict[str, str]:
    """Return the services of the stack that have no role yet: the name by the principal. Raises `Unanswered`."""
    there = {role["Path"].strip("/").split("/")[-1] for role in look.account("service-linked roles")["Roles"]}
    return {
        service.principal: service.name
        for service in SERVICES
        if service.principal not in there and any(service.wanted(place) for place in look.site.places)
    }


def role_name(caller: Mapping[str, Any]) -> str | None:
    """Return the name of the role that the caller has assumed; None for a user."""
    kind, _, rest = str(caller["Arn"]).split(":", 5)[5].partition("/")
    return rest.split("/")[0] if kind == "assumed-role" else None


def is_root(caller: Mapping[str, Any]) -> bool:
    """Return whether the caller is the account's root user, which IAM doesn't restrict."""
    return str(caller["Arn"]).endswith(":root")


def simulation(arn: str, principal: str) -> dict[str, Any]:
    """Return a request that asks whether a user or role may have a service's role created."""
    service = {"ContextKeyName": "iam:AWSServiceName", "ContextKeyType": "string", "ContextKeyValues": [principal]}
    return {"PolicySourceArn": arn, "ActionNames": [CREATE], "ContextEntries": [service]}
