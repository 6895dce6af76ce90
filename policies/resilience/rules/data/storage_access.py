"""File systems: who may mount what."""

from collections.abc import Iterator

from resilience.aws.policy_documents import everyone, statements
from resilience.aws.types import ACCESS_POINT, FILE_SYSTEM_POLICY
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

THROUGH_A_TARGET = "elasticfilesystem:accessedviamounttarget"
NARROWING = ("elasticfilesystem:accesspointarn",)


@RULES.rule(
    "access-point-bounded",
    "An access point shows a folder of the file system, not all of it.",
    Severity.MEDIUM,
    security_hub("EFS.3"),
    ACCESS_POINT,
)
def access_point_bounded(point: Resource, _: Config) -> Iterator[str]:
    """The root of the file system is the default."""
    if point.get("rootDirectory.path", "/") == "/":
        yield "rootDirectory.path is /; whoever mounts it sees everything"


@RULES.rule(
    "access-point-has-a-user",
    "Who mounts an access point is the user that it names.",
    Severity.MEDIUM,
    security_hub("EFS.4"),
    ACCESS_POINT,
)
def access_point_has_a_user(point: Resource, _: Config) -> Iterator[str]:
    """Without one, the client says who it is: root, if it likes."""
    if not point.has("posixUser"):
        yield "posixUser is missing; clients say themselves who they are"


@RULES.rule(
    "file-system-policy-closed",
    "A file system's policy names who may use it.",
    Severity.HIGH,
    well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account"),
    FILE_SYSTEM_POLICY,
)
def policy_closed(policy: Resource, _: Config) -> Iterator[str]:
    """Those who come through a mount target are in the VPC already, which EFS counts as closed.

    https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    """
    for each in statements(policy.get("policy")):
        through = any(
            condition.key == THROUGH_A_TARGET and "true" in condition.values and not condition.absent_will_do
            for condition in each.conditions
        )
        if everyone(each) and not through and not any(each.narrowed_by(key) for key in NARROWING):
            yield 'policy allows Principal "*"; name accounts, or ask for elasticfilesystem:AccessedViaMountTarget'
            return
