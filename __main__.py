"""The site: a cluster in the primary region, one in the standby; DNS, backups and alarms over both."""

import pulumi
from ha_web import Alarms, BackupPlan, Certificates, FailoverDns, WebCluster

import arguments
import settings

site = settings.load()
zone = arguments.hosted_zone_id(site)

certificates = Certificates("site", arguments.certificates(site, zone)) if site.requests_certificates else None
clusters = {role: WebCluster(role, arguments.cluster(site, role, certificates)) for role in site.roles}
dns = FailoverDns("site", arguments.dns(site, zone, clusters))
backups = BackupPlan("site", arguments.backups(site))
alarms = {role: Alarms(role, arguments.alarms(site, role, clusters[role], backups)) for role in site.roles}

pulumi.export("site", dns.fqdn)
pulumi.export("clusters", {role: arguments.exported(web) for role, web in clusters.items()})
pulumi.export("health_checks", dns.health_check_ids)
pulumi.export("backup_vaults", arguments.vaults(site, backups))
pulumi.export("alarm_topics", {role: alarm.topic_arn for role, alarm in alarms.items()})
