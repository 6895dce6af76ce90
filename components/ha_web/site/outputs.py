"""What a site gives out of its clusters, in the form that every Pulumi language can read."""

from typing import NotRequired, TypedDict

import pulumi


class SiteCluster(TypedDict):
    """A region's cluster: what drills, runbooks and other programs need of it."""

    region: str
    """AWS Region."""
    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    zone_ids: list[str]
    """Ids of the zones, sorted."""
    load_balancer_arn: pulumi.Output[str]
    """ARN of the load balancer."""
    load_balancer_dns_name: pulumi.Output[str]
    """DNS name of the load balancer."""
    target_group_arn: pulumi.Output[str]
    """ARN of the servers' target group."""
    auto_scaling_group_name: pulumi.Output[str]
    """Name of the Auto Scaling group."""
    image_id: pulumi.Output[str]
    """Id of the image that servers start from."""
    session_store_id: pulumi.Output[str]
    """Id of the session store's replication group, or name of its MemoryDB cluster."""
    session_endpoint: pulumi.Output[str]
    """DNS name of the session store's primary."""
    database_endpoint: NotRequired[pulumi.Output[str]]
    """DNS name of the writer of the database that serves, if there is one."""
    file_system_id: NotRequired[pulumi.Output[str]]
    """Id of the file system, if there is one."""
    restored_database_endpoints: NotRequired[dict[str, pulumi.Output[str]]]
    """DNS names of the writers of restored databases, by name, if there are any."""


class SiteClusters(TypedDict):
    """The clusters of a site by role."""

    primary: SiteCluster
    """The region that serves."""
    standby: NotRequired[SiteCluster]
    """The region that takes over, if the strategy has a cluster there."""


STACK_OUTPUTS = {
    "site": "fqdn",
    "hosted_zone_id": "hosted_zone_id",
    "clusters": "clusters",
    "health_check_ids": "health_check_ids",
    "backup_vaults": "backup_vaults",
    "restore_role": "restore_role_arn",
    "alarm_topics": "alarm_topic_arns",
    "strategy": "strategy",
    "failover_switch": "failover_switch",
    "failover_function": "failover_function",
    "recovery": "recovery",
    "objectives": "objectives",
    "monthly_cost": "monthly_cost",
    "dashboard": "dashboard_url",
    "game_day": "game_day",
}
"""Names under which a stack exports the outputs of its Site, and a region's copy has them. They have no secrets."""
