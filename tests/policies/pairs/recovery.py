from resilience.aws.types import STACK
from resilience.resource import Resource

from tests.policies.judged import Pair, resource

ROOT = Resource(STACK, "shop-prod", f"urn:{STACK}::shop-prod", {"__target": {}})
TARGETS = resource(
    "lb/targetGroup:TargetGroup", healthCheck={"interval": 10.0, "unhealthyThreshold": 2.0, "timeout": 5.0}
)


def servers(minimum: int) -> list[Resource]:
    """A stack with a group behind a target group."""
    return [ROOT, TARGETS, resource("autoscaling/group:Group", links={"targetGroupArns": [TARGETS]}, minSize=minimum)]


PAIRS = {
    "recovery-worst-cases": Pair(
        good=servers(2),
        bad=servers(1),
        says="loss of a server: down 5 m 25 s",
        config={"server": 60},
    ),
}
