"""Listeners of load balancers."""

from collections.abc import Iterator

from resilience.aws.types import CLASSIC_BALANCER, LISTENERS
from resilience.reference import security_hub
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
"""The policy of a listener that names none: it accepts TLS 1.0.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

STRONG = [
    "ELBSecurityPolicy-TLS13-1-2-",
    "ELBSecurityPolicy-TLS13-1-3-",
    "ELBSecurityPolicy-TLS-1-2-",
    "ELBSecurityPolicy-FS-1-2-",
]


@RULES.rule(
    "listener-redirects-http",
    "Plain HTTP is redirected to HTTPS and reaches no server.",
    Severity.HIGH,
    security_hub("ELB.1"),
    *LISTENERS,
)
def redirects_http(listener: Resource, _: Config) -> Iterator[str]:
    """HTTP is the default where there is a port; a gateway load balancer's has none. A fixed answer is fine."""
    if listener.get("protocol", "HTTP" if listener.has("port") else None) != "HTTP":
        return
    for number in range(listener.count("defaultActions")):
        action = f"defaultActions.{number}"
        if listener.get(f"{action}.type") == "forward":
            yield f"{action}.type is forward on plain HTTP; redirect to HTTPS is needed"
        elif listener.get(f"{action}.type") == "redirect" and not _to_https(listener, action):
            yield f"{action}.redirect.protocol is not HTTPS; the redirect leads to plain HTTP again"


def _to_https(listener: Resource, action: str) -> bool:
    """The protocol of a redirect is the request's own by default: `#{protocol}`."""
    return bool(listener.get(f"{action}.redirect.protocol") == "HTTPS")


@RULES.rule(
    "classic-balancer-speaks-tls",
    "A Classic Load Balancer, which can't redirect, speaks TLS with its clients.",
    Severity.HIGH,
    security_hub("ELB.3"),
    CLASSIC_BALANCER,
)
def classic_speaks_tls(balancer: Resource, _: Config) -> Iterator[str]:
    """TCP is passed on as it is: the servers may speak TLS."""
    for number in range(balancer.count("listeners")):
        if str(balancer.get(f"listeners.{number}.lbProtocol")).lower() == "http":
            yield f"listeners.{number}.lbProtocol is http; https or ssl is needed"


@RULES.rule(
    "listener-tls-policy",
    "A listener speaks no version of TLS that is out of date.",
    Severity.HIGH,
    security_hub("ELB.17"),
    *LISTENERS,
    policies=Setting(STRONG, "how names of allowed security policies begin", {"items": {"type": "string"}}),
)
def tls_policy(listener: Resource, config: Config) -> Iterator[str]:
    """TLS 1.2 and 1.3 are in date. TCP is passed on as it is."""
    if listener.get("protocol") not in ("HTTPS", "TLS"):
        return
    policy = listener.get("sslPolicy", DEFAULT_POLICY)
    if not policy.startswith(tuple(config["policies"])):
        yield f"sslPolicy is {policy}; one that begins with {' or '.join(config['policies'])} is needed"
