"""File systems: who may mount what."""

from collections.abc import Iterator

from resilience.aws.policy_documents import everyone, statements
from resilience.aws.types import FILE_SYSTEM_POLICY
from resilience.reference import well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

THROUGH_A_TARGET = "elasticfilesystem:accessedviamounttarget"
NARROWING = ("elasticfilesystem:accesspointarn",)


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
