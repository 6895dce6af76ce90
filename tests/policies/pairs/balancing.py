from resilience.resource import Resource

from tests.policies.judged import Pair, resource

BALANCER = "lb/loadBalancer:LoadBalancer"
CLASSIC = "elb/loadBalancer:LoadBalancer"
LISTENER = "lb/listener:Listener"
TARGET_GROUP = "lb/targetGroup:TargetGroup"
WEB_ACL_ASSOCIATION = "wafv2/webAclAssociation:WebAclAssociation"


def guarded() -> list[Resource]:
    """A load balancer behind a web ACL."""
    balancer = resource(BALANCER)
    return [balancer, resource(WEB_ACL_ASSOCIATION, "association", links={"resourceArn": [balancer]})]


CLASSIC_POLICY = "elb/loadBalancerPolicy:LoadBalancerPolicy"
LISTENED = resource("lb/loadBalancer:LoadBalancer")
NETWORK_LOGGED = resource("lb/loadBalancer:LoadBalancer", loadBalancerType="network", accessLogs={"enabled": True})
NETWORK_SILENT = resource("lb/loadBalancer:LoadBalancer", loadBalancerType="network")


def negotiates(name: str, value: str) -> Resource:
    """A classic balancer's TLS policy."""
    attributes = [{"name": name, "value": value}]
    return resource(CLASSIC_POLICY, policyTypeName="SSLNegotiationPolicyType", policyAttributes=attributes)


PAIRS = {
    "balancer-deletion-protection": Pair(
        good=resource(BALANCER, enableDeletionProtection=True),
        bad=resource(BALANCER),
        says="enableDeletionProtection is off",
    ),
    "balancer-spans-zones": Pair(
        good=resource(BALANCER, subnets=["subnet-1", "subnet-2"]),
        bad=resource(BALANCER, subnets=["subnet-1"]),
        says="1 are named; 2 at least",
    ),
    "balancer-crosses-zones": Pair(
        good=resource(BALANCER, loadBalancerType="network", enableCrossZoneLoadBalancing=True),
        bad=resource(BALANCER, loadBalancerType="network"),
        says="enableCrossZoneLoadBalancing is off",
    ),
    "balancer-can-leave-a-zone": Pair(
        good=resource(BALANCER, enableZonalShift=True), bad=resource(BALANCER), says="enableZonalShift is off"
    ),
    "balancer-access-logs": Pair(
        good=resource(BALANCER, accessLogs={"bucket": "logs", "enabled": True}),
        bad=resource(BALANCER),
        says="accessLogs is missing",
    ),
    "balancer-drops-invalid-headers": Pair(
        good=resource(BALANCER, dropInvalidHeaderFields=True),
        bad=resource(BALANCER),
        says="dropInvalidHeaderFields is off",
    ),
    "balancer-mitigates-desync": Pair(
        good=resource(BALANCER),
        bad=resource(BALANCER, desyncMitigationMode="monitor"),
        says="desyncMitigationMode is monitor",
    ),
    "balancer-has-web-acl": Pair(good=guarded(), bad=resource(BALANCER), says="no aws:wafv2/webAclAssociation"),
    "listener-redirects-http": Pair(
        good=resource(
            LISTENER,
            protocol="HTTP",
            port=80.0,
            defaultActions=[{"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}],
        ),
        bad=resource(LISTENER, protocol="HTTP", port=80.0, defaultActions=[{"type": "forward"}]),
        says="defaultActions.0.type is forward on plain HTTP",
    ),
    "classic-balancer-speaks-tls": Pair(
        good=resource(CLASSIC, listeners=[{"lbPort": 443.0, "lbProtocol": "https"}]),
        bad=resource(CLASSIC, listeners=[{"lbPort": 80.0, "lbProtocol": "http"}]),
        says="listeners.0.lbProtocol is http",
    ),
    "listener-tls-policy": Pair(
        good=resource(LISTENER, protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06"),
        bad=resource(LISTENER, protocol="HTTPS"),
        says="sslPolicy is ELBSecurityPolicy-2016-08",
    ),
    "balancer-detects-failures-in-time": Pair(
        good=resource(TARGET_GROUP, healthCheck={"interval": 10.0, "unhealthyThreshold": 3.0}),
        bad=resource(TARGET_GROUP),
        says="30 s × 3 failures; at most 30 s",
    ),
    "target-group-checks-health": Pair(
        good=resource(TARGET_GROUP),
        bad=resource(TARGET_GROUP, healthCheck={"enabled": False}),
        says="healthCheck.enabled is off",
    ),
    "target-group-check-asks-the-application": Pair(
        good=resource(TARGET_GROUP, healthCheck={"path": "/healthz"}),
        bad=resource(TARGET_GROUP, protocol="TCP"),
        says="healthCheck.protocol is TCP",
    ),
    "target-group-drains-in-time": Pair(
        good=resource(TARGET_GROUP, deregistrationDelay=30.0),
        bad=resource(TARGET_GROUP),
        says="deregistrationDelay is 300 s; at most 120 s",
    ),
    "classic-balancer-drains": Pair(
        good=resource(CLASSIC, connectionDraining=True), bad=resource(CLASSIC), says="connectionDraining is off"
    ),
    "target-group-crosses-zones": Pair(
        good=resource(TARGET_GROUP),
        bad=resource(TARGET_GROUP, loadBalancingCrossZoneEnabled="false"),
        says="loadBalancingCrossZoneEnabled is false",
    ),
    "target-group-leaves-dns-before-it-is-empty": Pair(
        good=resource(TARGET_GROUP, targetGroupHealth={"dnsFailover": {"minimumHealthyTargetsPercentage": "25"}}),
        bad=resource(TARGET_GROUP),
        says="minimumHealthyTargetsPercentage is off",
    ),
    "target-group-binds-no-client": Pair(
        good=resource(TARGET_GROUP, stickiness={"type": "lb_cookie", "enabled": False}),
        bad=resource(TARGET_GROUP, stickiness={"type": "lb_cookie"}),
        says="stickiness.enabled is on",
    ),
    "classic-balancer-certificate-renews": Pair(
        good=resource(
            "elb/loadBalancer:LoadBalancer",
            listeners=[{"sslCertificateId": "arn:aws:acm:eu-west-1:111122223333:certificate/1"}],
        ),
        bad=resource(
            "elb/loadBalancer:LoadBalancer",
            listeners=[{"sslCertificateId": "arn:aws:iam::111122223333:server-certificate/old"}],
        ),
        says="listeners.0.sslCertificateId is not of ACM",
    ),
    "classic-balancer-ends-tls": Pair(
        good=resource("elb/loadBalancer:LoadBalancer", listeners=[{"lbProtocol": "ssl"}]),
        bad=resource("elb/loadBalancer:LoadBalancer", listeners=[{"lbProtocol": "tcp"}]),
        says="listeners.0.lbProtocol is tcp",
    ),
    "classic-balancer-tls-policy": Pair(
        good=negotiates("Reference-Security-Policy", "ELBSecurityPolicy-TLS-1-2-2017-01"),
        bad=negotiates("Protocol-TLSv1", "true"),
        says="Protocol-TLSv1 is on",
    ),
    "target-group-speaks-tls": Pair(
        good=resource("lb/targetGroup:TargetGroup", protocol="HTTPS"),
        bad=resource("lb/targetGroup:TargetGroup", protocol="HTTP"),
        says="protocol is HTTP",
    ),
    "target-group-checks-over-tls": Pair(
        good=resource("lb/targetGroup:TargetGroup", protocol="HTTPS", healthCheck={"protocol": "HTTPS"}),
        bad=resource("lb/targetGroup:TargetGroup", protocol="HTTP"),
        says="healthCheck.protocol is HTTP",
    ),
    "listener-post-quantum": Pair(
        good=resource("lb/listener:Listener", protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"),
        bad=resource("lb/listener:Listener", protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
        says="one with PQ in its name",
    ),
    "balancer-listens": Pair(
        good=[LISTENED, resource("lb/listener:Listener", links={"loadBalancerArn": [LISTENED]})],
        bad=LISTENED,
        says="no listener is for it",
    ),
    "listener-network-ends-tls": Pair(
        good=resource("lb/listener:Listener", protocol="TLS"),
        bad=resource("lb/listener:Listener", protocol="TCP"),
        says="protocol is TCP",
    ),
    "balancer-network-logs-tls": Pair(
        good=[
            NETWORK_LOGGED,
            resource("lb/listener:Listener", links={"loadBalancerArn": [NETWORK_LOGGED]}, protocol="TLS"),
        ],
        bad=[
            NETWORK_SILENT,
            resource("lb/listener:Listener", links={"loadBalancerArn": [NETWORK_SILENT]}, protocol="TLS"),
        ],
        says="accessLogs.enabled is off",
    ),
}
