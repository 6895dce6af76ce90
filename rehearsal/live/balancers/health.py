"""What the nodes' checks say together: the targets' health, and which nodes a balancer's name leads to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

View = tuple[str, str, str]
"""State, reason, description."""

INITIAL: View = ("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
"""Of a target that has not been checked yet."""

NODE_INTERVAL = 10.0
NODE_FAILURES = 3
"""Route 53 checks the nodes of each zone; AWS doesn't publish how, so these are an assumption: its fast health checks.
https://aws.amazon.com/blogs/networking-and-content-delivery/using-load-balancer-target-group-health-thresholds-to-improve-availability/"""


def merged(views: Iterable[View]) -> View | None:
    """Return what the account says of a target that several nodes check: what most of them say; in doubt, unhealthy.

    Each node checks by itself; how AWS sums them up isn't published. A node that isn't heard has no view.
    """
    said = list(views)
    if not said:
        return None
    states = Counter(view[0] for view in said)
    order = ("unhealthy", "healthy", "initial")
    state = max(order, key=lambda each: (states[each], -order.index(each)))
    return next(view for view in said if view[0] == state)


def lacking(states: Sequence[str], wanted: bool) -> str:
    """Return what keeps a target group from being well; without targets it is well if no server is wanted."""
    missing = sum(state != "healthy" for state in states)
    return f"{missing} of {len(states)} targets not healthy" if missing or (wanted and not states) else ""


@dataclass(frozen=True)
class NodeState:
    """What is known of a node for DNS."""

    zone: str
    address: str
    reachable: bool
    enough: bool
    """Whether each target group that it forwards to has enough healthy targets for the node."""
    away: bool = False
    """Whether a zonal shift keeps users out of its zone."""


def published(nodes: Sequence[NodeState]) -> tuple[list[str], bool]:
    """Return the addresses that the balancer's name has, and whether Route 53 counts it as healthy.

    A node without enough healthy targets, or that doesn't answer, leaves, or whose zone users are kept out of; if all
    would, all stay.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
    """
    good = [node.address for node in nodes if node.reachable and node.enough and not node.away]
    if good:
        return good, True
    return [node.address for node in nodes], False


def healthy_in(states: Mapping[str, str], zones: Mapping[str, str], zone: str | None) -> tuple[int, int]:
    """Return how many targets are healthy, and how many there are: of a zone, or of all."""
    of = [target for target in states if zone in (None, zones.get(target))]
    return sum(states[target] == "healthy" for target in of), len(of)


@dataclass
class Probe:
    """Whether a node answers, after so many failures or successes in a row."""

    reachable: bool = True
    failures: int = 0

    def heard(self, answered: bool) -> bool:
        """Take up an attempt; return whether the verdict has changed."""
        self.failures = 0 if answered else self.failures + 1
        before = self.reachable
        self.reachable = self.failures < NODE_FAILURES
        return before != self.reachable
