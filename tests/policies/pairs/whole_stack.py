from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

BALANCER = "lb/loadBalancer:LoadBalancer"
LISTENER = "lb/listener:Listener"
TARGET_GROUP = "lb/targetGroup:TargetGroup"
GROUP = "autoscaling/group:Group"
RECORD = "route53/record:Record"
CERTIFICATE = "acm/certificate:Certificate"
SELECTION = "backup/selection:Selection"
TABLE = "dynamodb/table:Table"
SECRET = "secretsmanager/secret:Secret"
TOPIC = "sns/topic:Topic"

HERE, THERE = "eu-west-1", "eu-central-1"
TAGGED = resource(SELECTION, "selection", selectionTags=[{"type": "STRINGEQUALS", "key": "backup", "value": "true"}])


def subnet(zone: str) -> Resource:
    """A subnet in a zone."""
    return resource("ec2/subnet:Subnet", zone, availabilityZone=f"{HERE}{zone}", availabilityZoneId=UNKNOWN)


def behind(zones: str, balanced: str = "abc", **check: Any) -> list[Resource]:
    """A group in these zones, with the target group, listener and balancer in front of it."""
    subnets = {each: subnet(each) for each in "abc"}
    target_group = resource(TARGET_GROUP, "targets", protocol="HTTP", healthCheck=check)
    balancer = resource(
        BALANCER,
        "balancer",
        links={"subnets": [subnets[each] for each in balanced]},
        subnets=[UNKNOWN] * len(balanced),
    )
    listener = resource(
        LISTENER, "listener", links={"loadBalancerArn": [balancer], "defaultActions": [target_group]}, protocol="HTTP"
    )
    group = resource(
        GROUP,
        links={"targetGroupArns": [target_group], "vpcZoneIdentifiers": [subnets[each] for each in zones]},
        vpcZoneIdentifiers=[UNKNOWN] * len(zones),
        targetGroupArns=[UNKNOWN],
    )
    return [group, target_group, balancer, listener, *subnets.values()]


def certificate(name: str, region: str = HERE, **props: Any) -> Resource:
    """A certificate for a name, validated by DNS."""
    return resource(CERTIFICATE, f"certificate-{region}", domainName=name, region=region, **props)


def secure(region: str, name: str) -> list[Resource]:
    """A balancer in a region whose listener has a certificate for a name."""
    issued = certificate(name, region)
    balancer = resource(BALANCER, f"balancer-{region}", region=region)
    links = {"loadBalancerArn": [balancer], "certificateArn": [issued]}
    listener = resource(
        LISTENER, f"listener-{region}", links=links, protocol="HTTPS", certificateArn=UNKNOWN, region=region
    )
    return [balancer, listener, issued]


def record(role: str, balancer: Resource, **props: Any) -> Resource:
    """A record of a failover pair that leads to a balancer."""
    return resource(
        RECORD,
        role.lower(),
        links={"aliases": [balancer]},
        zoneId="Z1",
        name=props.pop("name", "www.example.com"),
        type="A",
        aliases=[{"name": UNKNOWN}],
        failoverRoutingPolicies=[{"type": role}],
        **props,
    )


def pair(region: str, name: str = "www.example.com") -> list[Resource]:
    """A failover pair whose secondary is in this region, with a certificate for this name."""
    first, second = secure(HERE, "www.example.com"), secure(region, name)
    return [record("PRIMARY", first[0]), record("SECONDARY", second[0]), *first, *second]


def listening(region: str = HERE, *, waits: bool = True, proven: bool = True) -> list[Resource]:
    """A listener with a certificate of a region, directly or by way of its validation."""
    requested = certificate("www.example.com", region, validationMethod="DNS")
    validation = resource(
        "acm/certificateValidation:CertificateValidation",
        "validation",
        links={"certificateArn": [requested]},
        certificateArn=UNKNOWN,
    )
    links = {"certificateArn": [validation if waits else requested]}
    listener = resource(LISTENER, links=links, protocol="HTTPS", certificateArn=UNKNOWN)
    return [listener, requested, *([validation] if proven else [])]


def alarmed(*, heard: bool) -> list[Resource]:
    """A topic of an alarm, with and without a subscriber."""
    topic = resource(TOPIC)
    alarm = resource("cloudwatch/metricAlarm:MetricAlarm", "alarm", links={"alarmActions": [topic]})
    mail = resource("sns/topicSubscription:TopicSubscription", "mail", links={"topic": [topic]}, topic=UNKNOWN)
    return [topic, alarm, *([mail] if heard else [])]


PAIRS = {
    "stateful-resource-backed-up": Pair(
        good=[resource(TABLE, tags={"backup": "true"}, arn=UNKNOWN), TAGGED],
        bad=[resource(TABLE, tags={"backup": "weekly"}, arn=UNKNOWN), TAGGED],
        says="no backup selection in eu-west-1 takes it",
    ),
    "alarm-topic-has-subscribers": Pair(
        good=alarmed(heard=True), bad=alarmed(heard=False), says="nobody has subscribed"
    ),
    "secret-known-in-standby-region": Pair(
        good=[resource(SECRET, replicas=[{"region": THERE}]), *pair(THERE)],
        bad=[resource(SECRET), *pair(THERE)],
        says="replicas lack eu-central-1, which stands in for eu-west-1",
    ),
    "group-behind-balancer-is-checked": Pair(
        good=behind("abc", path="/health"), bad=behind("abc", enabled=False), says="target group targets is off"
    ),
    "group-in-zones-of-its-balancer": Pair(
        good=behind("abc"), bad=behind("abc", balanced="ab"), says="the balancer balancer is not in: eu-west-1c"
    ),
    "failover-leads-to-another-region": Pair(
        good=pair(THERE), bad=pair(HERE), says="secondary leads to eu-west-1 as well"
    ),
    "failover-certificates-same-names": Pair(
        good=pair(THERE, "*.example.com"),
        bad=pair(THERE, "standby.example.com"),
        says="has no certificate for www.example.com",
    ),
    "listener-certificate-in-its-region": Pair(
        good=listening(), bad=listening(THERE), says="certificateArn is of eu-central-1; the listener is in eu-west-1"
    ),
    "listener-certificate-validated": Pair(
        good=listening(), bad=listening(waits=False, proven=False), says="which nothing validates"
    ),
}
