"""A load balancer for the internet, chosen by the protocol that it carries."""

import re
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.regions import region_of
from ha_web.core.scope import Scope
from ha_web.load_balancer.access_logs import create_log_bucket
from ha_web.load_balancer.client_certificates import (
    ClientCertificatesArgs,
    client_certificates_problem,
    create_trust_store,
)
from ha_web.load_balancer.health_check import HealthCheckArgs, health_check_problems
from ha_web.load_balancer.listeners import EVERYONE, cidr_problems, create_listeners, create_security_group
from ha_web.load_balancer.protocols import (
    BalancerType,
    Protocol,
    Transport,
    certificate_problem,
    port_problem,
    protocol_problems,
    transport_of,
)
from ha_web.load_balancer.target_group import create_target_group, target_group_problems
from ha_web.load_balancer.web_acl import WafArgs, create_web_acl, waf_problems

DEFAULT_TARGET_PORT = 8080
DEFAULT_DEREGISTRATION_DELAY = 30
IDLE_SECONDS = 60
"""AWS's default. A WebSocket needs a ping within it."""

LONGEST_NAME = 21
"""AWS's 32, less `-lb` or `-tg` and the 8 characters that Pulumi adds to make a name unique."""


class LoadBalancerArgs(TypedDict):
    """Arguments of LoadBalancer."""

    vpc_id: pulumi.Input[str]
    """VPC of the targets."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Public subnets, one a zone, in at least two zones."""
    protocol: NotRequired[Protocol]
    """What clients speak. Default `https`."""
    type: NotRequired[BalancerType]
    """`application` or `network`. Default: what carries the protocol; naming the other one is an error."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """ACM certificate of the balancer's region. Needed by https, http2, grpc and tls, and by websocket over TLS."""
    port: NotRequired[int]
    """Port that clients connect to. Default 443 with TLS, 80 for HTTP; TCP and UDP have none."""
    target_port: NotRequired[int]
    """Port that servers listen on. Default 8080: not privileged, so the application needs no root."""
    health_check: NotRequired[HealthCheckArgs]
    """How servers are checked. Default: every 5 s, out after 10 s."""
    allowed_cidrs: NotRequired[list[str]]
    """Networks that may connect. Default: everyone, by IPv4 and IPv6."""
    client_certificates: NotRequired[ClientCertificatesArgs]
    """Certificates that clients must show (mutual TLS), for a proxy in front. Default: none are asked for."""
    deregistration_delay: NotRequired[int]
    """Seconds that a server which leaves may finish its requests in, 0 to 3600. Default 30: longer than any page takes,
    and ten times faster to roll than AWS's 300. Requests that take longer need more."""
    sticky_session_seconds: NotRequired[int]
    """How long a client stays with one server. Default: not at all, because sessions are shared."""
    waf: NotRequired[WafArgs]
    """A web ACL in front: AWS's managed core rules and a rate limit. Default: none, because it costs by request."""
    deletion_protection: NotRequired[bool]
    """Whether AWS refuses to delete the balancer, and its logs while there are any. Default true, as AWS Security Hub
    asks (https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-6). Switch it off, and `up`,
    before leaving."""
    dual_stack: NotRequired[bool]
    """Whether clients may come by IPv6 too. Default true (false for UDP); the subnets must have IPv6 ranges."""
    region: NotRequired[str]
    """AWS region of every resource. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of every resource, besides its Name."""


class LoadBalancer(pulumi.ComponentResource):
    """An Application Load Balancer for HTTP(S), HTTP/2, gRPC and WebSocket; a Network Load Balancer for TCP, TLS, UDP.

    TLS 1.2 or newer, plain HTTP redirected, cross-zone, zonal shift enabled, invalid headers dropped, access logs in a
    bucket of its own. **Holds state**: the log bucket, which is protected with the balancer. Whoever puts servers
    behind it opens its way to them; Fleet does. Its name may have 21 characters.
    """

    arn: pulumi.Output[str]
    """ARN of the load balancer."""
    arn_suffix: pulumi.Output[str]
    """The part of the ARN that CloudWatch metrics are filed under."""
    dns_name: pulumi.Output[str]
    """Name to point alias records at."""
    zone_id: pulumi.Output[str]
    """Hosted zone of that name, for alias records."""
    security_group_id: pulumi.Output[str]
    """Security group of the balancer: what servers admit."""
    target_group_arn: pulumi.Output[str]
    """Target group, for Auto Scaling groups."""
    target_group_arn_suffix: pulumi.Output[str]
    """The part of its ARN that CloudWatch metrics are filed under."""
    request_count_label: pulumi.Output[str] | None
    """Label for scaling by requests per server; none for a network load balancer, which counts no requests."""
    listener_arn: pulumi.Output[str]
    """Listener that hands on to the target group, for more rules."""
    log_bucket: pulumi.Output[str] | None
    """Bucket of the access logs; none where AWS logs nothing (TCP, UDP)."""
    web_acl_arn: pulumi.Output[str] | None
    """Web ACL in front, if any."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'LoadBalancer "{name}"')
        args = problems.checked(args, LoadBalancerArgs)
        protocol, certificate = args.get("protocol", Protocol.HTTPS), args.get("certificate_arn")
        transport = transport_of(protocol, certificate=certificate is not None)
        port = args.get("port", transport.port)
        problems.add(*_problems(name, args, protocol, transport))
        problems.raise_if_any()
        assert port is not None  # or it were a problem

        super().__init__("ha-web:index:LoadBalancer", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        if isinstance(certificate, str):
            problems.add(certificate_problem(certificate, region_of(scope.region, self)))
            problems.raise_if_any()

        group = create_security_group(scope, args["vpc_id"], transport, port, args.get("allowed_cidrs", EVERYONE))
        protected = args.get("deletion_protection", True)
        bucket, log_policy = (
            create_log_bucket(scope, transport.type, keep=protected) if transport.logged else (None, None)
        )
        dual_stack = args.get("dual_stack", protocol is not Protocol.UDP)
        balancer = aws.lb.LoadBalancer(
            f"{name}-lb",
            load_balancer_type=transport.type.value,
            internal=False,
            ip_address_type="dualstack" if dual_stack else "ipv4",
            subnets=args["subnet_ids"],
            security_groups=[group.id],
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=protected,
            enable_zonal_shift=True,
            access_logs=_access_logs(bucket),
            **_application_attributes(transport),
            # The balancer writes a test file when it is told to log, so it needs the right to do so before.
            **scope.regional_args("lb", depends_on=[log_policy] if log_policy else []),
        )
        target_group = create_target_group(
            scope,
            transport,
            vpc_id=args["vpc_id"],
            port=args.get("target_port", DEFAULT_TARGET_PORT),
            health_check=args.get("health_check", {}),
            deregistration_delay=args.get("deregistration_delay", DEFAULT_DEREGISTRATION_DELAY),
            sticky_session_seconds=args.get("sticky_session_seconds"),
        )
        store = create_trust_store(scope, args["client_certificates"]) if "client_certificates" in args else None
        listener = create_listeners(scope, transport, port, balancer, target_group, certificate, store)
        web_acl = create_web_acl(scope, args["waf"], balancer.arn) if "waf" in args else None

        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = group.id
        # Known once the listener stands: AWS lets nobody count requests, or check health, for a group without one.
        self.target_group_arn = pulumi.Output.all(target_group.arn, listener.arn).apply(lambda arns: str(arns[0]))
        self.target_group_arn_suffix = target_group.arn_suffix
        self.request_count_label = (
            _request_count_label(balancer, target_group, listener) if _counts(transport) else None
        )
        self.listener_arn = listener.arn
        self.log_bucket = bucket.bucket if bucket else None
        self.web_acl_arn = web_acl.arn if web_acl else None
        self.register_outputs({key: getattr(self, key) for key in LoadBalancer.__annotations__})


def _problems(name: str, args: LoadBalancerArgs, protocol: Protocol, transport: Transport) -> list[str | None]:
    """All that can be said before the region is known."""
    subnets = args["subnet_ids"]
    target_port = args.get("target_port", DEFAULT_TARGET_PORT)
    named_well = len(name) <= LONGEST_NAME and re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", name)
    return [
        None
        if named_well
        else f"the name has {len(name)} characters; AWS takes up to {LONGEST_NAME} letters, digits and -",
        None
        if not isinstance(subnets, Sequence) or len(subnets) >= 2
        else f"subnet_ids has {len(subnets)}; surviving a zone needs at least 2",
        *protocol_problems(
            protocol, args.get("type"), args.get("port"), certificate=args.get("certificate_arn") is not None
        ),
        port_problem("port", args.get("port")),
        port_problem("target_port", target_port),
        *health_check_problems(args.get("health_check", {}), transport),
        *target_group_problems(
            transport,
            args.get("deregistration_delay", DEFAULT_DEREGISTRATION_DELAY),
            args.get("sticky_session_seconds"),
        ),
        *cidr_problems(args.get("allowed_cidrs", EVERYONE)),
        client_certificates_problem(args.get("client_certificates"), transport),
        *waf_problems(args.get("waf", {})),
        "waf is given; a network load balancer reads no requests that it could judge"
        if "waf" in args and not _counts(transport)
        else None,
        "dual_stack is true; a network load balancer carries UDP by IPv4 only"
        if args.get("dual_stack") and protocol is Protocol.UDP
        else None,
    ]


def _access_logs(bucket: aws.s3.Bucket | None) -> aws.lb.LoadBalancerAccessLogsArgsDict | None:
    return {"bucket": bucket.bucket, "enabled": True} if bucket else None


def _counts(transport: Transport) -> bool:
    return transport.type is BalancerType.APPLICATION


def _application_attributes(transport: Transport) -> dict[str, Any]:
    """What only an Application Load Balancer has.

    `defensive` is AWS's default and what Security Hub asks for (ELB.12); `strictest` refuses some real clients.
    """
    if not _counts(transport):
        return {}
    return {
        "idle_timeout": IDLE_SECONDS,
        "drop_invalid_header_fields": True,
        "desync_mitigation_mode": "defensive",
        "enable_http2": True,
    }


def _request_count_label(
    balancer: aws.lb.LoadBalancer, target_group: aws.lb.TargetGroup, listener: aws.lb.Listener
) -> pulumi.Output[str]:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html"""
    parts = pulumi.Output.all(balancer.arn_suffix, target_group.arn_suffix, listener.arn)
    return parts.apply(lambda suffixes: f"{suffixes[0]}/{suffixes[1]}")
