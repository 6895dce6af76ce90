"""The site: a cluster in the primary region, what the strategy wants in the standby's, and what spans both."""

from program.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

import pulumi
from ha_web import Alarms, BackupAudit, BackupGuard, BackupPlan, Certificates, RestoreTesting

from program import arguments, edge, regions
from program.settings.facts import monthly_cost_of, recovery_of
from program.settings.load import load

site = load()
guard = BackupGuard.watch()
zone_id = None if site.behind_cloudflare else arguments.hosted_zone_id(site)

certificates = Certificates("site", arguments.certificates(site, zone_id)) if site.requests_certificates else None
both = regions.create(site, certificates)
clusters = both.clusters
outputs = edge.create(site, zone_id, both)

backups = BackupPlan("site", arguments.backups(site))
restores = {
    role: RestoreTesting(f"{role}-restores", arguments.restore_testing(site, role, web, backups))
    for role, web in clusters.items()
    if site.restores_of(role)
}
audits = {role: BackupAudit(f"{role}-backups", arguments.audit(site, role)) for role in clusters if site.backup.audit}
alarms = {role: Alarms(role, arguments.alarms(site, role, web, backups, restores)) for role, web in clusters.items()}
guard.check()

pulumi.export("site", outputs.fqdn)
pulumi.export("hosted_zone_id", zone_id)
pulumi.export("clusters", {role: arguments.exported(web, site.roles[role].region) for role, web in clusters.items()})
pulumi.export("health_check_ids", outputs.health_check_ids)
pulumi.export("backup_vaults", {place.region: arguments.vault_of(role, backups) for role, place in site.roles.items()})
pulumi.export("restore_role", backups.restore_role_arn)
pulumi.export("alarm_topics", {role: alarm.topic_arn for role, alarm in alarms.items()})
pulumi.export("strategy", site.recovery)
pulumi.export("failover_switch", outputs.switch and outputs.switch.bucket_name)
pulumi.export("failover_function", outputs.automation and outputs.automation.function_name)
pulumi.export("recovery", recovery_of(site))
pulumi.export("objectives", site.objectives)
pulumi.export("monthly_cost", monthly_cost_of(site))
