"""The site's name: a primary region, a standby that Route 53 turns to when the primary fails."""

from dataclasses import replace
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch, route53

from ha_web.detection import CHECK_TYPES, DEFAULT_PORTS, HealthCheck, check_problems, inside, seconds_to_divert
from ha_web.errors import Problems, quoted
from ha_web.notifications import address_problems, create_topic
from ha_web.scope import Scope

METRICS_REGION = "us-east-1"
"""Where Route 53 reports its health checks, and so the only region where alarms on them work.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html"""

DEFAULT_PROTOCOL = "https"
DEFAULT_PATH = "/healthz"
DEFAULT_INTERVAL = 10
DEFAULT_FAILURES = 2

RECORD_TYPES = ("A", "AAAA")

ROUTING = {"primary": "PRIMARY", "standby": "SECONDARY"}
"""Route 53's words for the roles."""


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
    health_check: NotRequired[DnsHealthCheckArgs]
    """How both are checked. Only with a standby."""
    notify: NotRequired[list[str]]
    """E-mail addresses to tell when a health check turns. Only with a standby."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class FailoverDns(pulumi.ComponentResource):
    """A and AAAA records of the site: failover between two regions, or a simple alias to one.

    With a standby, Route 53 answers with the primary as long as its health check passes and its load balancer has
    a healthy target; clients are at the standby after failures times the interval, and 60 s more: an alias record's
    TTL is fixed.
    Alarms on both checks are in us-east-1, whatever the regions are, for Route 53 reports there only.

    The parts are named and identified by role (primary, standby) and not by region: exchanging the two regions is
    an update in place.

    **Adding a standby** exchanges the primary's records in one change of the zone: the name never goes away.
    **Removing it** does make the name go away for a few seconds. Route 53 takes no simple record beside failover
    records of the same name, so the standby's go first, then the primary's are replaced. A resolver that asks just
    then remembers "no such name" for the zone's negative TTL, the last number of its SOA record: 900 s as Route 53
    makes it, so lower it before. The preview shows both as what they are.

    Errors (ConfigurationError, at preview): an unknown key; the standby in the primary's region; a domain outside its
    hosted zone; an interval, a number of failures, a port or a path that Route 53 can't check with; an address
    that is none.
    """

    fqdn: pulumi.Output[str]
    """The site's full name."""
    health_check_ids: dict[str, pulumi.Output[str]]
    """Ids of the health checks by role: primary, standby. Empty for one region."""
    alarm_arns: list[pulumi.Output[str]]
    """ARNs of the alarms on them, in us-east-1. Empty for one region."""
    topic_arn: pulumi.Output[str] | None
    """ARN of the SNS topic of the alarms, in us-east-1. None for one region."""

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
        self.fqdn = self._create_records(targets)
        self.register_outputs({key: getattr(self, key) for key in FailoverDns.__annotations__})

    def _create_health_check(self, role: str, target: DnsTargetArgs) -> route53.HealthCheck:
        health = self._health
        kind = CHECK_TYPES[health.protocol]
        return route53.HealthCheck(
            f"{self._scope.name}-{role}",
            type=kind,
            fqdn=target["dns_name"],
            port=health.port or DEFAULT_PORTS[health.protocol],
            resource_path=None if kind == "TCP" else health.path or DEFAULT_PATH,
            enable_sni=True if kind == "HTTPS" else None,
            request_interval=health.interval,
            failure_threshold=health.failures,
            **self._scope.everywhere(role),
        )

    def _create_alarms(self, targets: dict[str, DnsTargetArgs]) -> None:
        scope = replace(self._scope, region=METRICS_REGION)
        notify = self._args.get("notify", [])
        topic = create_topic(scope, "alarms", publishers=["cloudwatch.amazonaws.com"], notify=notify)
        self.topic_arn = topic.arn
        seconds = seconds_to_divert(self._health.interval, self._health.failures)
        consequence = {
            "primary": f"users are at the standby within {seconds} s",
            "standby": "if the primary fails now, nobody is served",
        }
        for role, target in targets.items():
            alarm = cloudwatch.MetricAlarm(
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
                **scope.regional(f"{role}-unhealthy"),
            )
            self.alarm_arns.append(alarm.arn)

    def _create_records(self, targets: dict[str, DnsTargetArgs]) -> pulumi.Output[str]:
        """Both types of record for each target; the primary's keep their names with and without a standby."""
        # The standby's records take the primary's name *as an output*, so that they come after it and go before it.
        options = self._scope.child(
            delete_before_replace=True,
            # To drop the identifier is to replace. As an update it would reach Route 53 while the standby's records
            # are still there, and be refused. To gain one is an update: the provider deletes and creates in one
            # change. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
            replace_on_changes=[] if len(targets) > 1 else ["set_identifier"],
        )
        fqdn = None
        for kind in RECORD_TYPES:
            name = self._args["domain"]
            for role, target in targets.items():
                failover = len(targets) > 1
                record = route53.Record(
                    f"{self._scope.name}-{role}-{kind.lower()}",
                    zone_id=self._args["hosted_zone_id"],
                    name=name,
                    type=kind,
                    aliases=[
                        {
                            "name": target["dns_name"],
                            "zone_id": target["zone_id"],
                            "evaluate_target_health": True,
                        }
                    ],
                    failover_routing_policies=[{"type": ROUTING[role]}] if failover else None,
                    set_identifier=role if failover else None,
                    health_check_id=self.health_check_ids.get(role),
                    opts=options,
                )
                name, fqdn = record.name, fqdn or record.fqdn
        assert fqdn is not None  # there is always a primary
        return fqdn

    def _check_zone(self) -> None:
        """Refuse a domain outside its zone. A zone that is known only later can't be asked."""
        zone_id, domain = self._args["hosted_zone_id"], self._args["domain"]
        if not isinstance(zone_id, str) or not isinstance(domain, str):
            return
        zone = route53.get_zone(zone_id=zone_id, opts=self._scope.asking()).name.rstrip(".")
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
    if standby:
        problems.add(*check_problems(_health_of(args)))
        if standby["region"] == args["primary"]["region"]:
            problems.add(f"standby.region is {quoted(standby['region'])}; it must differ from the primary's")
    problems.raise_if_any()
    return args
