"""The site's name in Route 53: one region, or a primary and a standby that it fails over to."""

from dataclasses import replace
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.notifications import recipient_problems, topic_arn_of
from ha_web.core.problems import Problems
from ha_web.core.runbooks import Runbook, with_runbook
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.dns.health_checks import (
    CHECK_TYPES,
    DEFAULT_PORTS,
    HTTP_SECONDS,
    METRICS_REGION,
    TCP_SECONDS,
    HealthCheck,
    check_problems,
    inside,
    seconds_to_divert,
)
from ha_web.dns.records import Leaf, create_beacon, create_site

DEFAULT_PROTOCOL = "https"
DEFAULT_PATH = "/healthz"
DEFAULT_INTERVAL = 10
DEFAULT_FAILURES = 2


class DnsRouting(StrEnum):
    """Routing between the two regions."""

    FAILOVER = "failover"
    """The primary while it is healthy, else the standby."""
    LATENCY = "latency"
    """The healthy region with the lowest latency. Each must be able to take writes, and all of the load."""


class DnsTargetArgs(TypedDict):
    """A region's load balancer."""

    dns_name: pulumi.Input[str]
    """DNS name of the load balancer."""
    zone_id: pulumi.Input[str]
    """Id of the hosted zone of that name, which is AWS's own (the load balancer's `zone_id`)."""
    region: str
    """AWS Region it is in."""


class DnsHealthCheckArgs(TypedDict):
    """Route 53's health check of each load balancer, from several regions."""

    protocol: NotRequired[str]
    """Protocol that the load balancer serves: https (default), http, grpc, tcp, tls or udp. All but http and https are
    checked by opening a TCP connection."""
    port: NotRequired[int]
    """TCP port. Default 443 for https and grpc, 80 for http. Required for tcp, tls and udp."""
    path: NotRequired[str]
    """Path that answers with status 2xx or 3xx, for http and https. Default /healthz. It must be a shallow check: one
    that doesn't ask the session store or the database."""
    interval: NotRequired[int]
    """Seconds between two requests of one checker, 10 or 30; a change replaces the check. Default 10, Route 53's fast
    interval, which costs $1 a month more."""
    failures: NotRequired[int]
    """Failed requests in a row, 1 to 10, until a checker finds it unhealthy. Default 2: clients are at the standby
    after 92 s at most (2 x 10 s, two time-outs of 6 s, and 60 s of TTL) instead of 168 s with Route 53's own 3 x 30 s.
    With 1, one lost packet would start a failover."""


class FailoverDnsArgs(TypedDict):
    """The site's name, and the regions that serve it."""

    hosted_zone_id: pulumi.Input[str]
    """Id of the Route 53 hosted zone of the domain."""
    domain: pulumi.Input[str]
    """The site's name, in that zone."""
    primary: DnsTargetArgs
    """The primary region."""
    standby: NotRequired[DnsTargetArgs]
    """The standby region. Default: none, the site is in one region."""
    routing: NotRequired[DnsRouting]
    """Routing between the two regions. Default failover. Only with a standby."""
    switch_health_check_id: NotRequired[pulumi.Input[str]]
    """Id of the health check that fails once the switch sends users to the standby (`FailoverSwitch`). Default: no
    switch. Only with failover routing."""
    switch_canary_health_check_id: NotRequired[pulumi.Input[str]]
    """Id of the health check that fails while Route 53 can't read the switch (`FailoverSwitch`). Default: no alarm on
    it. Only with a switch."""
    promote_first: NotRequired[bool]
    """Let the switch alone decide: users stay with the primary, even an unhealthy one, until the switch is moved, and
    with the standby until it is moved back. For stores that must be promoted before they take writes. Needs a switch.
    Default false: users go to the standby while the primary's check fails or the switch is moved, and return by
    themselves."""
    health_check: NotRequired[DnsHealthCheckArgs]
    """Health check of both. Only with a standby."""
    topic_arn: NotRequired[pulumi.Input[str]]
    """ARN of an SNS topic in us-east-1 for the alarms. Default: a topic of its own there. Only with a standby."""
    notify: NotRequired[list[str]]
    """E-mail addresses that the topic of its own notifies when a health check changes, the switch is moved, or Route 53
    can't read it. Default: none. Only with a standby."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class FailoverDns(pulumi.ComponentResource):
    """The site's A and AAAA records: a simple alias to one region, or to records that choose between two.

    The docstring of `dns/records.py` draws the tree. The site's own name is always a simple alias. Adding, removing or
    exchanging regions and changing the routing update it in place, after the new records are created and before the old
    ones are deleted, so that the name always resolves.

    **Failover** (default): Route 53 answers with the primary while its health check passes and its load balancer has a
    healthy target. After a failure, clients are at the standby after failures times the interval and the time-out (6 s,
    10 s for TCP), and the 60 s that are an alias record's fixed TTL. A switch that has been moved sends them there,
    too. With `promote_first` the switch alone decides.

    **Latency**: Route 53 answers with the region of the lowest latency whose health check passes and whose load
    balancer has a healthy target.

    With two regions, the *beacon* `ha-web-primary.<domain>` shows through DNS whether Route 53's checkers find the
    primary healthy: it is 192.0.2.1 if so, 192.0.2.2 if not. A lookup needs no control plane, so it works while
    us-east-1 is down.

    The alarms on both checks, on the switch and on its canary are in us-east-1 in every case, because only that region
    has Route 53's metrics. Health checks and records are named by role (primary, standby), not by region, so exchanging
    the two updates them in place.

    Errors (ConfigurationError, at preview): an unknown key; the standby in the primary's region; a domain outside its
    hosted zone; a switch without a standby or with latency routing; promote_first without a switch; an interval, a
    number of failures, a port or a path that Route 53 can't check with; a malformed e-mail address, or addresses
    beside a topic.
    """

    fqdn: pulumi.Output[str]
    """The site's full name."""
    health_check_ids: dict[str, pulumi.Output[str]]
    """Ids of the health checks by role (primary, standby). Empty for one region."""
    alarm_arns: list[pulumi.Output[str]]
    """ARNs of the alarms on the health checks and the switch, in us-east-1. Empty for one region."""
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
        publishers, notify = ["cloudwatch.amazonaws.com"], self._args.get("notify", [])
        topic = topic_arn_of(self._args.get("topic_arn"), scope, "alarms", publishers=publishers, notify=notify)
        self.topic_arn = topic
        timeout = TCP_SECONDS if CHECK_TYPES[self._health.protocol] == "TCP" else HTTP_SECONDS
        seconds = seconds_to_divert(self._health.interval, self._health.failures, timeout)
        stay = "users stay there until the standby has been promoted and the switch moved"
        consequence = {
            "primary": stay if self._args.get("promote_first") else f"users are at the standby within {seconds} s",
            "standby": "if the primary fails now, nobody is served",
        }
        for role, target in targets.items():
            text = f"Route 53 can't reach the {role} in {target['region']}: {consequence[role]}."
            text = with_runbook(text, Runbook.REGION)
            # Route 53 reports every minute: silence means that the check is gone or disabled.
            self._create_alarm(scope, f"{role}-unhealthy", self.health_check_ids[role], text, "breaching", topic)
        switch = self._args.get("switch_health_check_id")
        canary = self._args.get("switch_canary_health_check_id")
        if switch is not None:
            text = "The switch has been moved, or has no check: users are at the standby until its object is deleted."
            text = with_runbook(text, Runbook.FAILBACK)
            self._create_alarm(scope, "switch-moved", switch, text, "breaching", topic)
        if canary is not None:
            text = "Route 53 can't read the switch: if it is moved now, users stay where they are."
            text = with_runbook(text, Runbook.FAILOVER)
            self._create_alarm(scope, "switch-unreadable", canary, text, "breaching", topic)

    def _create_alarm(
        self, scope: Scope, role: str, check: pulumi.Input[str], text: str, missing: str, topic: pulumi.Output[str]
    ) -> None:
        """Create an alarm on a health check; missing: what no data means."""
        alarm = aws.cloudwatch.MetricAlarm(
            f"{self._scope.name}-{role}",
            alarm_description=text,
            namespace="AWS/Route53",
            metric_name="HealthCheckStatus",
            dimensions={"HealthCheckId": check},
            statistic="Minimum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=60,
            evaluation_periods=1,
            treat_missing_data=missing,
            alarm_actions=[topic],
            ok_actions=[topic],
            **scope.regional_args(role),
        )
        self.alarm_arns.append(alarm.arn)

    def _leaves(self, targets: dict[str, DnsTargetArgs]) -> dict[str, Leaf]:
        """Return the load balancer of each region and the health check that its record depends on."""
        checks: dict[str, pulumi.Input[str] | None] = {role: self.health_check_ids.get(role) for role in targets}
        evaluate = True
        switch = self._args.get("switch_health_check_id")
        if switch is not None and self._args.get("promote_first"):
            # A SECONDARY record without a check is always healthy, so only the switch sends users back.
            checks, evaluate = {"primary": switch, "standby": None}, False
        elif switch is not None:
            checks["primary"] = self._create_both(switch).id
        return {
            role: Leaf(target["dns_name"], target["zone_id"], target["region"], checks[role], evaluate)
            for role, target in targets.items()
        }

    def _create_both(self, switch: pulumi.Input[str]) -> aws.route53.HealthCheck:
        """Create a check that passes while the primary's own passes and the switch has not been moved."""
        children = [self.health_check_ids["primary"], switch]
        return aws.route53.HealthCheck(
            f"{self._scope.name}-primary-serves",
            type="CALCULATED",
            child_healthchecks=children,
            child_health_threshold=len(children),
            **self._scope.global_args("primary-serves"),
        )

    def _check_zone(self) -> None:
        """Refuse a domain outside its zone, if both are known at preview."""
        zone_id, domain = self._args["hosted_zone_id"], self._args["domain"]
        if not isinstance(zone_id, str) or not isinstance(domain, str):
            return
        zone = aws.route53.get_zone(zone_id=zone_id, opts=self._scope.invoke_opts()).name.rstrip(".")
        problems = Problems(f'FailoverDns "{self._scope.name}"')
        if not inside(domain, zone):
            problems.add(f"domain is {quoted(domain)}; it is not in the hosted zone {zone}")
        problems.raise_if_any()


def _health_of(args: FailoverDnsArgs) -> HealthCheck:
    """Return the health check with its defaults."""
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
    problems.add(*recipient_problems(args, "topic_arn"))
    problems.add(*_switch_problems(args))
    if standby:
        problems.add(*check_problems(_health_of(args)))
        if standby["region"] == args["primary"]["region"]:
            problems.add(f"standby.region is {quoted(standby['region'])}; it must differ from the primary's")
    problems.raise_if_any()
    return args


def _switch_problems(args: FailoverDnsArgs) -> list[str]:
    """Refuse a switch without two regions to switch between, and promote_first without a switch."""
    problems = []
    switch, latency = "switch_health_check_id" in args, args.get("routing") is DnsRouting.LATENCY
    if switch and "standby" not in args:
        problems.append("switch_health_check_id is given; without a standby there is nowhere to switch to")
    if switch and latency:
        problems.append('switch_health_check_id is given; routing "latency" has no primary to switch away from')
    if "switch_canary_health_check_id" in args and not switch:
        problems.append("switch_canary_health_check_id is given; it needs switch_health_check_id")
    if args.get("promote_first") and not switch:
        problems.append("promote_first is true; it needs switch_health_check_id, or users would never leave")
    return problems
