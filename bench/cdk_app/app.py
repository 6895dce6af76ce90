"""The app: both regions and the alarms on their health checks."""

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison

from bench.cdk_app import audit, backups, cluster, dns, network, recovery, sessions, watch

ACCOUNT = "123456789012"
REGIONS = {"primary": ("eu-west-1", "10.0.0.0/16"), "standby": ("eu-central-1", "10.1.0.0/16")}


def build() -> cdk.App:
    """All stacks of the site."""
    app = cdk.App(analytics_reporting=False)
    for role, (region, cidr) in REGIONS.items():
        stack = cdk.Stack(app, role, env=cdk.Environment(account=ACCOUNT, region=region))
        other = next(place for place, _ in REGIONS.values() if place != region)
        vpc = network.create(stack, cidr)
        balancer = cluster.create_balancer(stack, vpc)
        store = sessions.create(stack, vpc)
        group = cluster.create_fleet(stack, vpc, balancer, store)
        dns.create_records(stack, role, balancer.balancer)
        topic = watch.create(stack, balancer, group, store)
        backups.create(stack, copy_region=other)
        recovery.create_keys(stack, role)
        recovery.create_database(stack, vpc, role)
        if role == "primary":
            recovery.create_global_sessions(stack, store)
        else:
            recovery.create_failover(stack)
        audit.create(stack)
        cdk.Tags.of(stack).add("ha-web:role", role)
        cdk.CfnOutput(stack, "AlarmTopic", value=topic.topic_arn)
    dns.create_alarms(cdk.Stack(app, "health", env=cdk.Environment(account=ACCOUNT, region="us-east-1")), REGIONS)
    return app


if __name__ == "__main__":
    build().synth()
