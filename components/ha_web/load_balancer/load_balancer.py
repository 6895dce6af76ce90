"""A load balancer on the internet, of the type that its protocol needs."""

import re
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.limits import subnets_problem
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
    over_tls,
    port_problem,
    protocol_problems,
    tls_to_servers_problem,
    transport_of,
)
from ha_web.load_balancer.target_group import (
    DNS_FAILOVER_PERCENT,
    create_target_group,
    dns_failover_problem,
    target_group_problems,
)
from ha_web.load_balancer.web_acl import WafArgs, create_web_acl, waf_problems

DEFAULT_TARGET_PORT = 8080
DEFAULT_DEREGISTRATION_DELAY = 30
IDLE_SECONDS = 60
"""Seconds; AWS's default. A WebSocket needs a ping within them."""

LONGEST_IDLE = 4000
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""

CLIENT_KEEP_ALIVE_SECONDS = 60
"""Seconds; the fewest that AWS takes. Who keeps a connection stays at its load balancer, whatever DNS says."""

LONGEST_CLIENT_KEEP_ALIVE = 604_800
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""

WAF_FAIL_OPEN = True
"""While the web ACL can't be asked, requests pass without it: the site stays up. AWS's default is to refuse them all.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#load-balancer-waf"""

FEWEST_RESERVED = 100
"""LCUs: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html"""

LONGEST_NAME = 21
"""AWS's 32 characters, less `-lb` or `-tg` and the 8 that Pulumi adds to make a name unique."""


class LoadBalancerArgs(TypedDict):
    """A load balancer: protocol, certificate, health checks and protection."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC of the servers."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of public subnets, one a zone, in at least two zones."""
    protocol: NotRequired[Protocol]
    """Protocol between clients and the load balancer. Default `https`. Between HTTP/1.1 (`http`, `https`, `websocket`),
    `http2` and `grpc` a change replaces the target group: clients get 503 for up to a minute, until the servers are
    registered with the new one and healthy. Between the types of load balancer (see `type`) it replaces the load
    balancer, whose deletion AWS refuses while `deletion_protection` is true."""
    type: NotRequired[BalancerType]
    """`application` or `network`. Default: the type that the protocol needs; the other one is an error."""
    certificate_arn: NotRequired[pulumi.Input[str]]
    """ARN of an ACM certificate of this region. Required by https, http2, grpc and tls, and by websocket over TLS."""
    port: NotRequired[int]
    """Port that clients connect to. Default 443 with TLS, 80 for HTTP; TCP and UDP have none."""
    target_port: NotRequired[int]
    """Port that servers listen on. Default 8080, which a process may open without root."""
    tls_to_servers: NotRequired[bool]
    """True to speak TLS to the servers, too, health checks included; they take it on `target_port`, with any
    certificate. Default false, as AWS's targets are plain unless asked: inside a VPC nobody else sees the packets
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html). A change
    replaces the target group, as one of `protocol` does: first let the servers take TLS beside what they take now."""
    health_check: NotRequired[HealthCheckArgs]
    """Health checks of the servers. Default: every 5 s; a server that fails is out after 10 s."""
    allowed_cidrs: NotRequired[list[str]]
    """CIDR ranges of the clients that may connect. Default: all, by IPv4 and IPv6."""
    client_certificates: NotRequired[ClientCertificatesArgs]
    """Certificates that clients must present (mutual TLS), for a proxy in front. Default: none."""
    deregistration_delay: NotRequired[int]
    """Seconds that a server which is taken out has to finish its requests, 0 to 3600. Default 30: longer than a page
    takes, and a tenth of AWS's 300, so that updates are faster. Longer requests need more."""
    idle_timeout: NotRequired[int]
    """Seconds that a connection may be silent, 1 to 4000: a server that works on a request for longer without sending
    anything is cut off. Only of an Application Load Balancer. Default 60, as AWS's. Servers must keep idle connections
    open for longer."""
    client_keep_alive: NotRequired[int]
    """Seconds after which a client must connect anew, 60 to 604800, however busy its connection is. Only of an
    Application Load Balancer. Default 60, as long as DNS answers are kept, not AWS's 3600: after a switch to another
    region, a client that keeps its connection would stay where its session can't be written any more.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"""
    sticky_session_seconds: NotRequired[int]
    """Seconds that a client stays with one server, 1 to 604800. Default: no stickiness, because sessions are shared."""
    waf: NotRequired[WafArgs]
    """Web ACL of AWS WAF with its managed core rules and a rate limit. Default: none, because it costs by request.
    While AWS WAF can't be asked, requests pass without it (our choice; AWS's default is to refuse them)."""
    dns_failover_percent: NotRequired[int]
    """Percent of the registered servers that must be healthy, 1 to 100; with fewer, the load balancer's addresses are
    unhealthy in DNS, and failover records send users elsewhere. Default 25 (AWS's is a single healthy server). Servers
    that are being launched are registered and unhealthy: no more than the share of those that always run."""
    reserved_capacity_units: NotRequired[int]
    """LCUs that the load balancer has at any time, 100 or more, so that a sudden surge doesn't find it scaled for no
    traffic. Billed by the hour, used or not. Default: none, it scales with its traffic, over minutes.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/capacity-unit-reservation.html"""
    deletion_protection: NotRequired[bool]
    """True to let AWS refuse the deletion of the load balancer, and of its logs while there are any. Default true, as
    AWS Security Hub asks (https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-6). Set it to
    false, and run `pulumi up`, before `pulumi destroy`."""
    dual_stack: NotRequired[bool]
    """True to let clients connect by IPv6, too. Default true (false for UDP); the subnets must have IPv6 ranges."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, besides their Name."""


class LoadBalancer(pulumi.ComponentResource):
    """An Application Load Balancer for HTTP(S), HTTP/2, gRPC and WebSocket; a Network Load Balancer for TCP, TLS, UDP.

    It takes TLS 1.2 or newer, redirects plain HTTP, balances across zones, has zonal shift enabled, drops invalid
    headers and writes access logs to a bucket of its own. Its security group has no egress rule: a Fleet adds the one
    to its servers. Its name can have 21 characters.

    **Holds state**: the log bucket, which is protected with the load balancer.
    """

    arn: pulumi.Output[str]
    """ARN of the load balancer."""
    arn_suffix: pulumi.Output[str]
    """Part of the ARN that is the load balancer's dimension in CloudWatch."""
    dns_name: pulumi.Output[str]
    """DNS name of the load balancer, the target of alias records."""
    zone_id: pulumi.Output[str]
    """Id of the hosted zone of that DNS name, for alias records."""
    security_group_id: pulumi.Output[str]
    """Id of the load balancer's security group, for the servers' ingress rules."""
    target_group_arn: pulumi.Output[str]
    """ARN of the target group, for Auto Scaling groups."""
    target_group_arn_suffix: pulumi.Output[str]
    """Part of that ARN that is the target group's dimension in CloudWatch."""
    request_count_label: pulumi.Output[str] | None
    """Resource label for scaling by requests per server; none for a network load balancer, which counts no requests."""
    listener_arn: pulumi.Output[str]
    """ARN of the listener that forwards to the target group, to add rules to."""
    log_bucket: pulumi.Output[str] | None
    """Name of the bucket of the access logs; none where AWS writes no logs (TCP, UDP)."""
    web_acl_arn: pulumi.Output[str] | None
    """ARN of the web ACL, if there is one."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:LoadBalancer", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        protocol, certificate = _protocol(args), args.get("certificate_arn")
        transport = _transport(args)
        port = args.get("port", transport.port)
        assert port is not None  # _checked refuses a protocol without a port
        _check_certificate(scope, certificate)

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
            enable_waf_fail_open=WAF_FAIL_OPEN if "waf" in args else None,
            access_logs=_access_logs(bucket),
            minimum_load_balancer_capacity=_reservation(args.get("reserved_capacity_units")),
            **_application_attributes(transport, args),
            # When logging is turned on, the balancer writes a test object, so the bucket's policy must be there.
            **scope.regional_args("lb", depends_on=[log_policy] if log_policy else []),
        )
        target_group = create_target_group(
            scope,
            over_tls(transport) if args.get("tls_to_servers") else transport,
            vpc_id=args["vpc_id"],
            port=args.get("target_port", DEFAULT_TARGET_PORT),
            health_check=args.get("health_check", {}),
            deregistration_delay=args.get("deregistration_delay", DEFAULT_DEREGISTRATION_DELAY),
            sticky_session_seconds=args.get("sticky_session_seconds"),
            dns_failover_percent=args.get("dns_failover_percent", DNS_FAILOVER_PERCENT),
        )
        store = create_trust_store(scope, args["client_certificates"]) if "client_certificates" in args else None
        listener = create_listeners(scope, transport, port, balancer, target_group, certificate, store)
        web_acl = create_web_acl(scope, args["waf"], balancer.arn) if "waf" in args else None

        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = group.id
        # Known once there is a listener: AWS counts no requests and checks no health for a group without one.
        self.target_group_arn = pulumi.Output.all(target_group.arn, listener.arn).apply(lambda arns: str(arns[0]))
        self.target_group_arn_suffix = target_group.arn_suffix
        self.request_count_label = (
            _request_count_label(balancer, target_group, listener) if _is_application(transport) else None
        )
        self.listener_arn = listener.arn
        self.log_bucket = bucket.bucket if bucket else None
        self.web_acl_arn = web_acl.arn if web_acl else None
        self.register_outputs({key: getattr(self, key) for key in LoadBalancer.__annotations__})


def _protocol(args: LoadBalancerArgs) -> Protocol:
    return args.get("protocol", Protocol.HTTPS)


def _transport(args: LoadBalancerArgs) -> Transport:
    return transport_of(_protocol(args), certificate="certificate_arn" in args)


def _checked(name: str, args: LoadBalancerArgs) -> LoadBalancerArgs:
    """Return the arguments, checked as far as they can be before the region is known."""
    problems = Problems(f'LoadBalancer "{name}"')
    args = problems.checked(args, LoadBalancerArgs)
    protocol, transport, subnets = _protocol(args), _transport(args), args["subnet_ids"]
    if len(name) > LONGEST_NAME or not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", name):
        problems.add(f"the name has {len(name)} characters; AWS takes up to {LONGEST_NAME} letters, digits and -")
    if isinstance(subnets, Sequence):
        problems.add(subnets_problem(subnets))
    problems.add(
        *protocol_problems(protocol, args.get("type"), args.get("port"), certificate="certificate_arn" in args),
        port_problem("port", args.get("port")),
        port_problem("target_port", args.get("target_port")),
        *health_check_problems(args.get("health_check", {}), transport),
        *target_group_problems(
            transport,
            args.get("deregistration_delay", DEFAULT_DEREGISTRATION_DELAY),
            args.get("sticky_session_seconds"),
        ),
        dns_failover_problem(args.get("dns_failover_percent", DNS_FAILOVER_PERCENT)),
        _idle_problem(args.get("idle_timeout", IDLE_SECONDS)),
        client_keep_alive_problem(args.get("client_keep_alive", CLIENT_KEEP_ALIVE_SECONDS)),
        _reservation_problem(args.get("reserved_capacity_units")),
        *cidr_problems(args.get("allowed_cidrs", EVERYONE)),
        client_certificates_problem(args.get("client_certificates"), transport),
        *waf_problems(args.get("waf", {})),
    )
    if args.get("tls_to_servers"):
        problems.add(tls_to_servers_problem(protocol, transport, asks="path" in args.get("health_check", {})))
    if "waf" in args and not _is_application(transport):
        problems.add("waf is given; AWS WAF works with an application load balancer only")
    if args.get("dual_stack") and protocol is Protocol.UDP:
        problems.add("dual_stack is true; a network load balancer takes UDP by IPv4 only")
    problems.raise_if_any()
    return args


def _check_certificate(scope: Scope, certificate: pulumi.Input[str] | None) -> None:
    """Raise ConfigurationError for a certificate of another region, which AWS would refuse only during the update."""
    if isinstance(certificate, str):
        problems = Problems(f'LoadBalancer "{scope.name}"')
        problems.add(certificate_problem(certificate, region_of(scope.region, scope.parent)))
        problems.raise_if_any()


def _access_logs(bucket: aws.s3.Bucket | None) -> aws.lb.LoadBalancerAccessLogsArgsDict | None:
    return {"bucket": bucket.bucket, "enabled": True} if bucket else None


def _is_application(transport: Transport) -> bool:
    return transport.type is BalancerType.APPLICATION


def _application_attributes(transport: Transport, args: LoadBalancerArgs) -> dict[str, Any]:
    """Return the attributes that only an Application Load Balancer has.

    `defensive` is AWS's default and what Security Hub asks for (ELB.12); `strictest` refuses some real clients.
    """
    if not _is_application(transport):
        return {}
    return {
        "idle_timeout": args.get("idle_timeout", IDLE_SECONDS),
        "client_keep_alive": args.get("client_keep_alive", CLIENT_KEEP_ALIVE_SECONDS),
        "drop_invalid_header_fields": True,
        "desync_mitigation_mode": "defensive",
        "enable_http2": True,
    }


def _request_count_label(
    balancer: aws.lb.LoadBalancer, target_group: aws.lb.TargetGroup, listener: aws.lb.Listener
) -> pulumi.Output[str]:
    """Return the resource label of the target group's request count.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html
    """
    parts = pulumi.Output.all(balancer.arn_suffix, target_group.arn_suffix, listener.arn)
    return parts.apply(lambda suffixes: f"{suffixes[0]}/{suffixes[1]}")


def _reservation(units: int | None) -> aws.lb.LoadBalancerMinimumLoadBalancerCapacityArgsDict | None:
    return None if units is None else {"capacity_units": int(units)}


def _idle_problem(seconds: int) -> str | None:
    if 1 <= seconds <= LONGEST_IDLE:
        return None
    return f"idle_timeout is {seconds}; it must be 1 to {LONGEST_IDLE} seconds"


def client_keep_alive_problem(seconds: int) -> str | None:
    """Say why AWS would refuse these seconds."""
    if CLIENT_KEEP_ALIVE_SECONDS <= seconds <= LONGEST_CLIENT_KEEP_ALIVE:
        return None
    return (
        f"client_keep_alive is {seconds}; it must be {CLIENT_KEEP_ALIVE_SECONDS} to {LONGEST_CLIENT_KEEP_ALIVE} seconds"
    )


def _reservation_problem(units: int | None) -> str | None:
    if units is None or units >= FEWEST_RESERVED:
        return None
    return f"reserved_capacity_units is {units}; a reservation has at least {FEWEST_RESERVED}"
