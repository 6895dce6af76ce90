"""Certificates and TLS policies of Classic Load Balancers."""

from collections.abc import Iterator

from resilience.aws.types import CLASSIC_BALANCER, CLASSIC_POLICY
from resilience.known import is_known
from resilience.reference import security_hub
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

OF_ACM = ":acm:"
PREDEFINED = "ELBSecurityPolicy-TLS-1-2-2017-01"
"""The only predefined policy without TLS 1.0.
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html"""
OLD = ("Protocol-SSLv2", "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1")


@RULES.rule(
    "classic-balancer-certificate-renews",
    "A Classic Load Balancer has its certificate from ACM.",
    Severity.MEDIUM,
    security_hub("ELB.2"),
    CLASSIC_BALANCER,
)
def certificate_renews(balancer: Resource, _: Config) -> Iterator[str]:
    """One that was uploaded to IAM runs out. An ARN that isn't known yet is of this program, and judged there."""
    for number in range(balancer.count("listeners")):
        path = f"listeners.{number}.sslCertificateId"
        if is_known(balancer, path) and OF_ACM not in balancer.get(path):
            yield f"{path} is not of ACM; it runs out"


@RULES.rule(
    "classic-balancer-ends-tls",
    "A Classic Load Balancer ends TLS itself.",
    Severity.LOW,
    security_hub("ELB.3"),
    CLASSIC_BALANCER,
)
def classic_ends_tls(balancer: Resource, _: Config) -> Iterator[str]:
    """TCP is passed on as it is: whether the servers speak TLS can't be seen here."""
    for number in range(balancer.count("listeners")):
        if str(balancer.get(f"listeners.{number}.lbProtocol")).lower() == "tcp":
            yield f"listeners.{number}.lbProtocol is tcp; https or ssl is asked for"


@RULES.rule(
    "classic-balancer-tls-policy",
    "A Classic Load Balancer speaks no version of TLS that is out of date.",
    Severity.HIGH,
    security_hub("ELB.8"),
    CLASSIC_POLICY,
)
def classic_tls_policy(policy: Resource, _: Config) -> Iterator[str]:
    """By the predefined policy, or one of its own that names no old version."""
    if policy.get("policyTypeName") != "SSLNegotiationPolicyType":
        return
    for number in range(policy.count("policyAttributes")):
        name, value = (policy.get(f"policyAttributes.{number}.{path}") for path in ("name", "value"))
        if name == "Reference-Security-Policy" and value != PREDEFINED:
            yield f"Reference-Security-Policy is {value}; {PREDEFINED} is the one without TLS 1.0"
        if name in OLD and str(value).lower() == "true":
            yield f"{name} is on; TLS 1.2 is needed"
