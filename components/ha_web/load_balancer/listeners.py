"""The listeners of a load balancer, and the security group that decides which clients may connect."""

import ipaddress
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.load_balancer.client_certificates import mutual_authentication
from ha_web.load_balancer.protocols import Transport

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with strong ciphers and a post-quantum key exchange for clients that have it; AWS recommends it:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

STRICT_TRANSPORT_SECURITY = "max-age=31536000"
"""Browsers that were here once use HTTPS only, for a year. Subdomains are not included: they may be others'.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html"""

EVERYONE = ("0.0.0.0/0", "::/0")
HTTP_PORT = 80


def cidr_problems(cidrs: Sequence[str]) -> list[str]:
    """Return lines for strings that are no CIDR ranges, or for an empty list."""
    problems = [] if cidrs else ["allowed_cidrs is empty; nobody could reach the load balancer"]
    for cidr in cidrs:
        try:
            ipaddress.ip_network(cidr)
        except ValueError as error:
            problems.append(f'allowed_cidrs has "{cidr}"; {error}')
    return problems


def create_security_group(
    scope: Scope, vpc_id: pulumi.Input[str], transport: Transport, port: int, cidrs: Sequence[str]
) -> aws.ec2.SecurityGroup:
    """Create the balancer's group: ingress from the given networks, no egress until a Fleet adds a rule to itself."""
    group = aws.ec2.SecurityGroup(
        f"{scope.name}-lb-sg",
        description=f"Load balancer {scope.name}",
        vpc_id=vpc_id,
        **scope.regional_args("lb-sg"),
    )
    ports = {"listener": port} | ({"redirect": HTTP_PORT} if transport.redirect else {})
    for role, number in ports.items():
        for cidr in cidrs:
            suffix = f"{role}-from-{cidr.replace(':', '.').replace('/', '-')}"  # a name must not hold `::`
            ipv6 = ":" in cidr
            aws.vpc.SecurityGroupIngressRule(
                f"{scope.name}-{suffix}",
                description=f"{role.capitalize()} from {cidr}",
                security_group_id=group.id,
                ip_protocol="udp" if transport.listener_protocol == "UDP" else "tcp",
                from_port=number,
                to_port=number,
                cidr_ipv4=None if ipv6 else cidr,
                cidr_ipv6=cidr if ipv6 else None,
                **scope.regional_args(suffix),
            )
    return group


def create_listeners(
    scope: Scope,
    transport: Transport,
    port: int,
    balancer: aws.lb.LoadBalancer,
    target_group: aws.lb.TargetGroup,
    certificate_arn: pulumi.Input[str] | None,
    clients: aws.lb.TrustStore | None = None,
) -> aws.lb.Listener:
    """Create and return the listener that forwards to the target group; for HTTPS, also redirect port 80 to it.

    Args:
        clients: the authorities that must have signed the clients' certificates; None asks for no certificates.
    """
    listener = aws.lb.Listener(
        f"{scope.name}-listener",
        load_balancer_arn=balancer.arn,
        port=port,
        protocol=transport.listener_protocol,
        certificate_arn=certificate_arn if transport.tls else None,
        ssl_policy=TLS_POLICY if transport.tls else None,
        mutual_authentication=mutual_authentication(clients),
        default_actions=[{"type": "forward", "target_group_arn": target_group.arn}],
        routing_http_response_strict_transport_security_header_value=_strict_transport_security(transport),
        **scope.regional_args("listener"),
    )
    if transport.redirect:
        aws.lb.Listener(
            f"{scope.name}-redirect",
            load_balancer_arn=balancer.arn,
            port=HTTP_PORT,
            protocol="HTTP",
            default_actions=[
                {
                    "type": "redirect",
                    "redirect": {"protocol": "HTTPS", "port": str(port), "status_code": "HTTP_301"},
                }
            ],
            **scope.regional_args("redirect"),
        )
    return listener


def _strict_transport_security(transport: Transport) -> str | None:
    """Return the header's value for browsers over TLS; clients of gRPC and of network load balancers have no use."""
    return STRICT_TRANSPORT_SECURITY if transport.redirect else None
