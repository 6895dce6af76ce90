"""The site: a cluster in the primary region, one in the standby; DNS, backups and alarms over both."""

import pulumi
from ha_web import Alarms, BackupPlan, Certificates, FailoverDns, WebCluster

import arguments
import settings

site = settings.load()
zone_id = arguments.hosted_zone_id(site)

certificates = Certificates("site", arguments.certificates(site, zone_id)) if site.requests_certificates else None
clusters = {role: WebCluster(role, arguments.cluster(site, role, certificates)) for role in site.roles}
dns = FailoverDns("site", arguments.dns(site, zone_id, clusters))
backups = BackupPlan("site", arguments.backups(site))
alarms = {role: Alarms(role, arguments.alarms(site, role, clusters[role], backups)) for role in site.roles}

pulumi.export("site", dns.fqdn)
pulumi.export("hosted_zone_id", zone_id)
pulumi.export("clusters", {role: arguments.exported(web, site.roles[role].region) for role, web in clusters.items()})
pulumi.export("health_check_ids", dns.health_check_ids)
pulumi.export("backup_vaults", {site.roles[role].region: arguments.vault_of(role, backups) for role in site.roles})
pulumi.export("alarm_topics", {role: alarm.topic_arn for role, alarm in alarms.items()})
