"""What travels encrypted: to the targets, and by which versions of TLS; and that a balancer listens at all."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.types import LISTENERS, LOAD_BALANCERS, TARGET_GROUPS
from resilience.aws.ways_in import OVER_TLS
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic
from resilience.rules.balancing.balancers import NETWORK, kind
from resilience.rules.balancing.listeners import DEFAULT_POLICY

RULES = Topic()

POST_QUANTUM = "-PQ-"
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""


@RULES.rule(
    "target-group-speaks-tls",
    "A load balancer speaks TLS with its targets.",
    Severity.LOW,
    security_hub("ELB.22"),
    *TARGET_GROUPS,
)
def target_group_speaks_tls(group: Resource, _: Config) -> Iterator[str]:
    """Functions have no protocol. Inside a VPC nobody else sees the packets; some catalogues ask all the same."""
    if group.get("targetType") != "lambda" and group.get("protocol") == "HTTP":
        yield "protocol is HTTP; from the balancer to its targets everything is in plain text"


@RULES.rule(
    "target-group-checks-over-tls",
    "A load balancer's health checks go over TLS.",
    Severity.LOW,
    security_hub("ELB.21"),
    *TARGET_GROUPS,
)
def target_group_checks_over_tls(group: Resource, _: Config) -> Iterator[str]:
    """By the protocol of the targets where the check names none; a check over TCP says nothing."""
    protocol = group.get("healthCheck.protocol", "HTTP" if group.get("protocol") == "HTTP" else None)
    if group.get("targetType") != "lambda" and protocol == "HTTP":
        yield "healthCheck.protocol is HTTP; HTTPS is asked for"


@RULES.rule(
    "listener-post-quantum",
    "A listener agrees on keys that a later quantum computer can't find out.",
    Severity.LOW,
    well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"),
    *LISTENERS,
)
def post_quantum(listener: Resource, _: Config) -> Iterator[str]:
    """By a policy with PQ in its name; clients that can't do it agree as before."""
    if listener.get("protocol") in OVER_TLS and POST_QUANTUM not in listener.get("sslPolicy", DEFAULT_POLICY):
        yield f"sslPolicy is {listener.get('sslPolicy', DEFAULT_POLICY)}; one with PQ in its name is asked for"


@RULES.stack_rule(
    "balancer-listens",
    "A load balancer has a listener.",
    Severity.LOW,
    well_architected("OPS07-BP05", "ops_ready_to_support_informed_deploy_decisions"),
    *LOAD_BALANCERS,
)
def listens(balancer: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Without one it costs, and nobody is served."""
    if not parts(stack, balancer, LISTENERS, "loadBalancerArn", "arn", "id"):
        yield "no listener is for it; nobody is served"


@RULES.stack_rule(
    "balancer-network-logs-tls",
    "The connections to a Network Load Balancer that ends TLS are logged.",
    Severity.LOW,
    security_hub("ELB.5"),
    *LOAD_BALANCERS,
)
def network_logs_tls(balancer: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Of TCP and UDP there is nothing to log."""
    listeners = parts(stack, balancer, LISTENERS, "loadBalancerArn", "arn", "id") if kind(balancer) == NETWORK else []
    if any(each.get("protocol") == "TLS" for each in listeners) and not balancer.get("accessLogs.enabled"):
        yield "accessLogs.enabled is off"
