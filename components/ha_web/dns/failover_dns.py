"""The site's name: a primary region, a standby that Route 53 turns to when the primary fails."""

from dataclasses import replace
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.notifications import address_problems, create_topic
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.dns.health_checks import CHECK_TYPES, DEFAULT_PORTS, HealthCheck, check_problems, inside, seconds_to_divert
from ha_web.dns.records import Leaf, create_beacon, create_site

METRICS_REGION = "us-east-1"
"""Where Route 53 reports its health checks, and so the only region where alarms on them work.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html"""

DEFAULT_PROTOCOL = "https"
DEFAULT_PATH = "/healthz"
DEFAULT_INTERVAL = 10
DEFAULT_FAILURES = 2


class DnsRouting(StrEnum):
    """How Route 53 chooses between two regions."""

    FAILOVER = "failover"
    """The primary, as long as it serves; else the standby."""
    LATENCY = "latency"
    """The one that is nearer, of those that serve. Both must be able to take writes, and all of the load."""


class DnsTargetArgs(TypedDict):
    """A region's load balancer."""

    dns_name: pulumi.Input[str]
    """DNS name of the load balancer."""
    zone_id: pulumi.Input[str]
    """Id of the hosted zone that AWS keeps that name in (the load balancer's `zone_id`)."""
    region: str
    """AWS Region it is in."""


class DnsHealthCheckArgs(TypedDict):
    """How Route 53 asks each load balancer whether it is alive, from several regions."""

    protocol: NotRequired[str]
    """What the load balancer serves: https (default), http, grpc, tcp, tls or udp. All but http and https are
    checked by connecting (TCP)."""
    port: NotRequired[int]
    """TCP port. Default 443 for https and grpc, 80 for http; tcp, tls and udp have none."""
    path: NotRequired[str]
    """Path that answers 2xx or 3xx, for http and https. Default /healthz; it must be shallow."""
    interval: NotRequired[int]
    """Seconds between two requests of one checker, 10 or 30; a change replaces the check. Default 10: Route 53's
    fast interval, for $1 a month more."""
    failures: NotRequired[int]
    """Failed requests in a row, 1 to 10, until a checker says no. Default 2: twice 10 s and 60 s of TTL, so clients are
    at the standby after 80 s, against 150 s with Route 53's own three times 30 s; 1 would divert on one lost
    packet."""


class FailoverDnsArgs(TypedDict):
    """The name, and where it leads."""

    hosted_zone_id: pulumi.Input[str]
    """Route 53 hosted zone of the domain."""
    domain: pulumi.Input[str]
    """The site's name, in that zone."""
    primary: DnsTargetArgs
    """Where users go."""
    standby: NotRequired[DnsTargetArgs]
    """Where users go while the primary is unhealthy. Default: nowhere, one region."""
    routing: NotRequired[DnsRouting]
    """How Route 53 chooses between them. Default failover. Only with a standby."""
    switch_health_check_id: NotRequired[pulumi.Input[str]]
    """Health check that fails once users are to go to the standby (`FailoverSwitch`). With failover only."""
    promote_first: NotRequired[bool]
    """Whether users stay with the primary until the switch is moved, however ill it is, and stay with the standby
    until it is moved back: for stores that must be promoted before they take writes. Default false: a failed check of
    the primary or the switch sends users away, and they come back by themselves when both pass. Needs a switch."""
    health_check: NotRequired[DnsHealthCheckArgs]
    """How both are checked. Only with a standby."""
    notify: NotRequired[list[str]]
    """E-mail addresses to tell when a health check turns. Only with a standby."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class FailoverDns(pulumi.ComponentResource):
    """The site's A and AAAA records: a simple alias to one region, or to records that choose between two.

    `dns/records.py` draws the tree. The site's own name is a simple alias in every case: adding, removing or
    exchanging regions and changing the routing are an update of it in place, after the new records stand and before the
    old ones go. The name never goes away.

    **Failover** (default): Route 53 answers with the primary as long as its health check passes and its balancer has a
    healthy target; clients are at the standby after failures times the interval, and 60 s more: an alias record's TTL
    is fixed. With a switch, that must not have been moved, either. With `promote_first` the switch alone decides.

    **Latency**: each region's records are answered with while its own check passes and its balancer has a healthy
    target.

    With two regions, the *beacon* `ha-web-primary.<domain>` tells through DNS what Route 53's checkers think of the
    primary: 192.0.2.1 healthy, 192.0.2.2 not. Asking it needs no control plane, and so not us-east-1.

    Alarms on both checks are in us-east-1, whatever the regions are, for Route 53 reports there only. The parts are
    named and identified by role (primary, standby) and not by region: exchanging the two is an update in place.

    Errors (ConfigurationError, at preview): an unknown key; the standby in the primary's region; a domain outside its
    hosted zone; a switch without a standby or with latency routing; promote_first without a switch; an interval, a
    number of failures, a port or a path that Route 53 can't check with; an address that is none.
    """

    fqdn: pulumi.Output[str]
    """The site's full name."""
    health_check_ids: dict[str, pulumi.Output[str]]
    """Ids of the health checks by role: primary, standby. Empty for one region."""
    alarm_arns: list[pulumi.Output[str]]
    """ARNs of the alarms on them, in us-east-1. Empty for one region."""
    topic_arn: pulumi.Output[str] | None
    """ARN of the SNS topic of the alarms, in us-east-1. None for one region."""
    routing_name: pulumi.Output[str] | None
    """Name of the records that choose between the regions. None for one region."""
    beacon: pulumi.Output[str] | None
    """Full name of the beacon. None for one region."""

    def __init__(self, name: str, args: FailoverDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:FailoverDns", name, None, opts)
        self._scope, self._args, self._health = Scope(name, self, tags=args.get("tags", {})), args, _health_of(args)

        self._check_zone()
        standby = args.get("standby")
        targets = {"primary": args["primary"], **({"standby": standby} if standby else {})}
        self.health_check_ids, self.alarm_arns, self.topic_arn = {}, [], None
        if standby:
            checks = {role: self._create_health_check(role, target) for role, target in targets.items()}
            self.health_check_ids = {role: made.id for role, made in checks.items()}
            self._create_alarms(targets)
        routing = args.get("routing", DnsRouting.FAILOVER).value if standby else None
        self.fqdn, self.routing_name = create_site(
            self._scope, args["hosted_zone_id"], args["domain"], self._leaves(targets), routing
        )
        self.beacon = None
        if standby:
            primary = self.health_check_ids["primary"]
            self.beacon = create_beacon(self._scope, args["hosted_zone_id"], args["domain"], primary)
        self.register_outputs({key: getattr(self, key) for key in FailoverDns.__annotations__})

    def _create_health_check(self, role: str, target: DnsTargetArgs) -> aws.route53.HealthCheck:
        health = self._health
        kind = CHECK_TYPES[health.protocol]
        return aws.route53.HealthCheck(
            f"{self._scope.name}-{role}",
            type=kind,
            fqdn=target["dns_name"],
            port=health.port or DEFAULT_PORTS[health.protocol],
            resource_path=None if kind == "TCP" else health.path or DEFAULT_PATH,
            enable_sni=True if kind == "HTTPS" else None,
            request_interval=health.interval,
            failure_threshold=health.failures,
            **self._scope.global_args(role),
        )

    def _create_alarms(self, targets: dict[str, DnsTargetArgs]) -> None:
        scope = replace(self._scope, region=METRICS_REGION)
        notify = self._args.get("notify", [])
        topic = create_topic(scope, "alarms", publishers=["cloudwatch.amazonaws.com"], notify=notify)
        self.topic_arn = topic.arn
        seconds = seconds_to_divert(self._health.interval, self._health.failures)
        stay = "users stay there until the standby has been promoted and the switch moved"
        consequence = {
            "primary": stay if self._args.get("promote_first") else f"users are at the standby within {seconds} s",
            "standby": "if the primary fails now, nobody is served",
        }
        for role, target in targets.items():
            alarm = aws.cloudwatch.MetricAlarm(
                f"{self._scope.name}-{role}-unhealthy",
                alarm_description=f"Route 53 can't reach the {role} in {target['region']}: {consequence[role]}.",
                namespace="AWS/Route53",
                metric_name="HealthCheckStatus",
                dimensions={"HealthCheckId": self.health_check_ids[role]},
                statistic="Minimum",
                comparison_operator="LessThanThreshold",
                threshold=1,
                period=60,
                evaluation_periods=1,
                # Route 53 reports every minute: silence means that the check is gone or disabled.
                treat_missing_data="breaching",
                alarm_actions=[topic.arn],
                ok_actions=[topic.arn],
                **scope.regional_args(f"{role}-unhealthy"),
            )
            self.alarm_arns.append(alarm.arn)

    def _leaves(self, targets: dict[str, DnsTargetArgs]) -> dict[str, Leaf]:
        """What each region's record hangs on."""
        checks: dict[str, pulumi.Input[str] | None] = {role: self.health_check_ids.get(role) for role in targets}
        evaluate = True
        switch = self._args.get("switch_health_check_id")
        if switch is not None and self._args.get("promote_first"):
            # A SECONDARY without a check is always healthy, so that nothing but the switch leads back.
            checks, evaluate = {"primary": switch, "standby": None}, False
        elif switch is not None:
            checks["primary"] = self._create_both(switch).id
        return {
            role: Leaf(target["dns_name"], target["zone_id"], target["region"], checks[role], evaluate)
            for role, target in targets.items()
        }

    def _create_both(self, switch: pulumi.Input[str]) -> aws.route53.HealthCheck:
        """A check that passes while the primary's own passes and the switch has not been moved."""
        children = [self.health_check_ids["primary"], switch]
        return aws.route53.HealthCheck(
            f"{self._scope.name}-primary-serves",
            type="CALCULATED",
            child_healthchecks=children,
            child_health_threshold=len(children),
            **self._scope.global_args("primary-serves"),
        )

    def _check_zone(self) -> None:
        """Refuse a domain outside its zone. A zone that is known only later can't be asked."""
        zone_id, domain = self._args["hosted_zone_id"], self._args["domain"]
        if not isinstance(zone_id, str) or not isinstance(domain, str):
            return
        zone = aws.route53.get_zone(zone_id=zone_id, opts=self._scope.invoke_opts()).name.rstrip(".")
        problems = Problems(f'FailoverDns "{self._scope.name}"')
        if not inside(domain, zone):
            problems.add(f"domain is {quoted(domain)}; it is not in the hosted zone {zone}")
        problems.raise_if_any()


def _health_of(args: FailoverDnsArgs) -> HealthCheck:
    """The health check with its defaults."""
    given = args.get("health_check", DnsHealthCheckArgs())
    return HealthCheck(
        protocol=given.get("protocol", DEFAULT_PROTOCOL),
        port=given.get("port"),
        path=given.get("path"),
        interval=given.get("interval", DEFAULT_INTERVAL),
        failures=given.get("failures", DEFAULT_FAILURES),
    )


def _checked(name: str, args: FailoverDnsArgs) -> FailoverDnsArgs:
    problems = Problems(f'FailoverDns "{name}"')
    args = problems.checked(args, FailoverDnsArgs)
    standby = args.get("standby")
    problems.add(*address_problems(args.get("notify", [])))
    problems.add(*_switch_problems(args))
    if standby:
        problems.add(*check_problems(_health_of(args)))
        if standby["region"] == args["primary"]["region"]:
            problems.add(f"standby.region is {quoted(standby['region'])}; it must differ from the primary's")
    problems.raise_if_any()
    return args


def _switch_problems(args: FailoverDnsArgs) -> list[str]:
    """A switch where there is nothing to switch."""
    problems = []
    switch, latency = "switch_health_check_id" in args, args.get("routing") is DnsRouting.LATENCY
    if switch and "standby" not in args:
        problems.append("switch_health_check_id is given; without a standby there is nowhere to switch to")
    if switch and latency:
        problems.append('switch_health_check_id is given; routing "latency" has no primary to switch away from')
    if args.get("promote_first") and not switch:
        problems.append("promote_first is true; it needs switch_health_check_id, or users would never leave")
    return problems
