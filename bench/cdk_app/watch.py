"""Alarms on the balancer, the fleet, the session store and the backups; one topic a region."""

from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from bench.cdk_app.cluster import Balancer
from bench.cdk_app.sessions import NODES, Store

MINIMUM = 3
Watched = tuple[str, Any, float, bool]
"""Name, metric, threshold, and whether it is low values that alarm."""


def create(stack: cdk.Stack, balancer: Balancer, group: autoscaling.AutoScalingGroup, store: Store) -> sns.Topic:
    """The region's alarms and their topic."""
    key = kms.Key(stack, "AlarmsKey", enable_key_rotation=True)
    key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
    topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
    watched = [*_balancer(stack, balancer), *_fleet(group), *_store(store), *_backups()]
    for name, metric, threshold, low in watched:
        alarm = cloudwatch.Alarm(
            stack,
            name,
            metric=metric,
            threshold=threshold,
            evaluation_periods=2,
            comparison_operator=(
                cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
                if low
                else cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
            ),
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        alarm.add_ok_action(actions.SnsAction(topic))
    return topic


def _metric(namespace: str, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        statistic=statistic,
        period=cdk.Duration.minutes(1),
        dimensions_map=dimensions,
    )


def _balancer(stack: cdk.Stack, balancer: Balancer) -> Iterator[Watched]:
    namespace = "AWS/ApplicationELB"
    where = {
        "LoadBalancer": balancer.balancer.load_balancer_full_name,
        "TargetGroup": balancer.targets.target_group_full_name,
    }
    for letter in "abc":
        zone = {**where, "AvailabilityZone": f"{stack.region}{letter}"}
        yield f"UnhealthyHosts{letter}", _metric(namespace, "UnHealthyHostCount", "Maximum", **zone), 0, False
        yield f"EmptyZone{letter}", _metric(namespace, "HealthyHostCount", "Minimum", **zone), 1, True
    whole = {"LoadBalancer": where["LoadBalancer"]}
    yield "NoHealthyHosts", _metric(namespace, "HealthyHostCount", "Maximum", **where), 1, True
    yield "TargetErrors", _metric(namespace, "HTTPCode_Target_5XX_Count", "Sum", **where), 10, False
    yield "BalancerErrors", _metric(namespace, "HTTPCode_ELB_5XX_Count", "Sum", **whole), 10, False
    yield "Latency", _metric(namespace, "TargetResponseTime", "p99", **where), 1, False


def _fleet(group: autoscaling.AutoScalingGroup) -> Iterator[Watched]:
    where = {"AutoScalingGroupName": group.auto_scaling_group_name}
    yield "BelowMinimum", _metric("AWS/AutoScaling", "GroupInServiceInstances", "Minimum", **where), MINIMUM, True


def _store(store: Store) -> Iterator[Watched]:
    for node in range(1, NODES + 1):
        where = {"CacheClusterId": f"{store.group.ref}-{node:03}"}
        yield f"SessionCpu{node}", _metric("AWS/ElastiCache", "EngineCPUUtilization", "Average", **where), 80, False
        memory = _metric("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Average", **where)
        yield f"SessionMemory{node}", memory, 80, False
        yield f"SessionLag{node}", _metric("AWS/ElastiCache", "ReplicationLag", "Maximum", **where), 5, False


def _backups() -> Iterator[Watched]:
    for kind in ("Backup", "Copy", "Restore"):
        metric = _metric("AWS/Backup", f"NumberOf{kind}JobsFailed", "Sum", BackupVaultName="site")
        yield f"Failed{kind}", metric, 0, False
