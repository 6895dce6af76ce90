"""The site that the stack's settings say: a cluster in the primary region, the standby's, and what spans both."""

from program.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

import pulumi
from ha_web import BackupGuard, Site

from program.settings.load import as_args, load

guard = BackupGuard.watch()
site = Site("site", as_args(load()))
guard.check()

pulumi.export("site", site.fqdn)
pulumi.export("hosted_zone_id", site.hosted_zone_id)
pulumi.export("clusters", site.clusters)
pulumi.export("health_check_ids", site.health_check_ids)
pulumi.export("backup_vaults", site.backup_vaults)
pulumi.export("restore_role", site.restore_role_arn)
pulumi.export("alarm_topics", site.alarm_topic_arns)
pulumi.export("strategy", site.strategy)
pulumi.export("failover_switch", site.failover_switch)
pulumi.export("failover_function", site.failover_function)
pulumi.export("recovery", site.recovery)
pulumi.export("objectives", site.objectives)
pulumi.export("monthly_cost", site.monthly_cost)
