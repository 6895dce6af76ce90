"""Failover records with health checks, in the region of the balancer that they point to, and alarms on them."""

from collections.abc import Iterable

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns

DOMAIN = "www.example.com"
ZONE = "example.com"


def zone(stack: cdk.Stack) -> route53.IHostedZone:
    """The hosted zone that is there."""
    found = stack.node.try_find_child("Zone")
    return found or route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name=ZONE
    )


def create_records(stack: cdk.Stack, role: str, balancer: elbv2.ApplicationLoadBalancer) -> None:
    """An A and an AAAA record of the failover pair, and the health check that they follow."""
    check = route53.CfnHealthCheck(
        stack,
        "HealthCheck",
        health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="HTTPS",
            fully_qualified_domain_name=balancer.load_balancer_dns_name,
            port=443,
            resource_path="/healthz",
            request_interval=10,
            failure_threshold=2,
        ),
    )
    for type_ in ("A", "AAAA"):
        route53.CfnRecordSet(
            stack,
            f"Record{type_}",
            name=DOMAIN,
            type=type_,
            hosted_zone_id=zone(stack).hosted_zone_id,
            set_identifier=role,
            failover="PRIMARY" if role == "primary" else "SECONDARY",
            health_check_id=check.attr_health_check_id,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=balancer.load_balancer_dns_name,
                hosted_zone_id=balancer.load_balancer_canonical_hosted_zone_id,
                evaluate_target_health=True,
            ),
        )


def create_alarms(stack: cdk.Stack, roles: Iterable[str]) -> None:
    """An alarm on each health check: Route 53 has its metrics in us-east-1, so the ids come as parameters."""
    topic = sns.Topic(stack, "Alarms", master_key=kms.Key(stack, "AlarmsKey", enable_key_rotation=True))
    for role in roles:
        check = cdk.CfnParameter(stack, f"{role}Check")
        metric = cloudwatch.Metric(
            namespace="AWS/Route53",
            metric_name="HealthCheckStatus",
            statistic="Minimum",
            period=cdk.Duration.minutes(1),
            dimensions_map={"HealthCheckId": check.value_as_string},
        )
        alarm = metric.create_alarm(
            stack,
            f"{role}Unhealthy",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        alarm.add_ok_action(actions.SnsAction(topic))
