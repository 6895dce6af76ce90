from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

RECORD = "route53/record:Record"
HEALTH_CHECK = "route53/healthCheck:HealthCheck"
ZONE = "route53/zone:Zone"
CERTIFICATE = "acm/certificate:Certificate"
PRIMARY = [{"type": "PRIMARY"}]
SECONDARY = [{"type": "SECONDARY"}]
SITE: dict[str, Any] = {"zoneId": "Z1", "name": "www.example.com", "type": "A"}

LOGGED = resource(ZONE)

SIGNED = resource("route53/zone:Zone")
SIGNING = "route53/hostedZoneDnsSec:HostedZoneDnsSec"
CHILD = resource("route53/zone:Zone", "child", name="shop.example.com")
RESOLVER = "route53/resolverEndpoint:ResolverEndpoint"
DOMAIN = "route53domains/registeredDomain:RegisteredDomain"


def resolver(*zones: str) -> list[Resource]:
    """A resolver endpoint with an address in each zone."""
    subnets = [resource("ec2/subnet:Subnet", f"in-{zone}", availabilityZone=zone) for zone in zones]
    addresses = [{"subnetId": UNKNOWN} for _ in zones]
    return [resource(RESOLVER, links={"ipAddresses": subnets}, ipAddresses=addresses), *subnets]


PAIRS = {
    "record-failover-checked": Pair(
        good=resource(RECORD, failoverRoutingPolicies=PRIMARY, healthCheckId=UNKNOWN),
        bad=resource(RECORD, failoverRoutingPolicies=PRIMARY, aliases=[{"evaluateTargetHealth": False}]),
        says="PRIMARY has neither healthCheckId nor evaluateTargetHealth",
    ),
    "record-failover-paired": Pair(
        good=[
            resource(RECORD, **SITE, failoverRoutingPolicies=PRIMARY),
            resource(RECORD, "other", **SITE, failoverRoutingPolicies=SECONDARY),
        ],
        bad=[
            resource(RECORD, **SITE, failoverRoutingPolicies=PRIMARY),
            resource(RECORD, "other", **{**SITE, "type": "AAAA"}, failoverRoutingPolicies=SECONDARY),
        ],
        says="PRIMARY has no SECONDARY",
    ),
    "record-choice-checked": Pair(
        good=resource(RECORD, type="A", latencyRoutingPolicies=[{"region": "eu-west-1"}], healthCheckId=UNKNOWN),
        bad=resource(RECORD, type="A", latencyRoutingPolicies=[{"region": "eu-west-1"}]),
        says="latencyRoutingPolicies without healthCheckId",
    ),
    "record-ttl": Pair(
        good=resource(RECORD, failoverRoutingPolicies=PRIMARY, ttl=60.0),
        bad=resource(RECORD, failoverRoutingPolicies=PRIMARY, ttl=300.0),
        says="ttl is 300 s; at most 60 s",
    ),
    "health-check-detects-in-time": Pair(
        good=resource(HEALTH_CHECK, type="HTTPS", requestInterval=10.0, failureThreshold=3.0),
        bad=resource(HEALTH_CHECK, type="HTTPS"),
        says="30 s × 3 failures; at most 30 s",
    ),
    "health-check-over-tls": Pair(
        good=resource(HEALTH_CHECK, type="HTTPS_STR_MATCH"),
        bad=resource(HEALTH_CHECK, type="HTTP"),
        says="type is HTTP",
    ),
    "health-check-asks-the-application": Pair(
        good=resource(HEALTH_CHECK, type="HTTPS", resourcePath="/healthz"),
        bad=resource(HEALTH_CHECK, type="HTTPS"),
        says="resourcePath is not set",
    ),
    "health-check-enabled": Pair(
        good=resource(HEALTH_CHECK, type="HTTPS", invertHealthcheck=True),
        bad=resource(HEALTH_CHECK, type="HTTPS", disabled=True),
        says="disabled is on",
    ),
    "health-check-can-turn": Pair(
        good=resource(HEALTH_CHECK, type="CALCULATED", childHealthThreshold=2.0, childHealthchecks=[UNKNOWN, UNKNOWN]),
        bad=resource(HEALTH_CHECK, type="CALCULATED", childHealthThreshold=3.0, childHealthchecks=[UNKNOWN, UNKNOWN]),
        says="is 3 of 2 children",
    ),
    "health-check-without-data": Pair(
        good=resource(HEALTH_CHECK, type="CLOUDWATCH_METRIC", insufficientDataHealthStatus="Unhealthy"),
        bad=resource(HEALTH_CHECK, type="CLOUDWATCH_METRIC"),
        says="insufficientDataHealthStatus is LastKnownStatus",
    ),
    "zone-kept": Pair(
        good=resource(ZONE),
        bad=resource(ZONE, forceDestroy=True),
        says="forceDestroy is on",
    ),
    "zone-accelerated-recovery": Pair(
        good=resource(ZONE, enableAcceleratedRecovery=True),
        bad=resource(ZONE),
        says="enableAcceleratedRecovery is off",
    ),
    "zone-query-logs": Pair(
        good=[LOGGED, resource("route53/queryLog:QueryLog", links={"zoneId": [LOGGED]}, zoneId=UNKNOWN)],
        bad=resource(ZONE),
        says="no query log",
    ),
    "certificate-renews-itself": Pair(
        good=resource(CERTIFICATE, domainName="www.example.com", validationMethod="DNS"),
        bad=resource(CERTIFICATE, domainName="www.example.com", validationMethod="EMAIL"),
        says="validationMethod is EMAIL",
    ),
    "zone-signed": Pair(
        good=[SIGNED, resource(SIGNING, links={"hostedZoneId": [SIGNED]})],
        bad=resource("route53/zone:Zone"),
        says="no aws:route53/hostedZoneDnsSec",
    ),
    "zone-signing-watched": Pair(
        good=[
            resource(SIGNING),
            resource("cloudwatch/metricAlarm:MetricAlarm", metricName="DNSSECInternalFailure"),
        ],
        bad=resource(SIGNING),
        says="no alarm is on DNSSECInternalFailure",
    ),
    "record-points-to-something": Pair(
        good=resource("route53/record:Record", type="A", records=[UNKNOWN, "10.0.0.1"]),
        bad=resource("route53/record:Record", type="A", records=["52.1.2.3"]),
        says="records.0 is 52.1.2.3",
    ),
    "delegation-names-its-zone": Pair(
        good=[
            resource("route53/record:Record", type="NS", name="shop.example.com", links={"records": [CHILD]}),
            CHILD,
        ],
        bad=[
            resource("route53/record:Record", type="NS", name="shop.example.com", records=["ns-1.example.net"]),
            CHILD,
        ],
        says="don't refer to the name servers of child",
    ),
    "resolver-endpoint-spans-zones": Pair(
        good=resolver("eu-west-1a", "eu-west-1b"),
        bad=resolver("eu-west-1a", "eu-west-1a"),
        says="in 1 zone(s)",
    ),
    "domain-transfer-locked": Pair(
        good=resource(DOMAIN),
        bad=resource(DOMAIN, transferLock=False),
        says="transferLock is off",
    ),
    "domain-private": Pair(
        good=resource(DOMAIN),
        bad=resource(DOMAIN, techPrivacy=False),
        says="techPrivacy is off",
    ),
}
