"""A whole site over one region or two: what a `pulumi up` of this repository's program deploys, as one component."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from ha_web.alarms.alarms import Alarms
from ha_web.backup.audit import BackupAudit
from ha_web.backup.guard import BackupGuard
from ha_web.backup.plan import BackupPlan
from ha_web.backup.restore_testing import RestoreTesting
from ha_web.core.problems import Problems
from ha_web.encryption.certificates import Certificates
from ha_web.site import arguments, edge, regions
from ha_web.site.args import SiteArgs
from ha_web.site.facts import monthly_cost_of, recovery_of
from ha_web.site.model import Settings
from ha_web.site.outputs import SiteClusters
from ha_web.site.parse import parse
from ha_web.site.parts import Parts
from ha_web.site.spelling import in_python


class Site(pulumi.ComponentResource):
    """A highly available web site: a WebCluster in each region, and all that spans them.

    It composes the other components: keys, certificates, clusters, replication into the standby region, DNS or
    Cloudflare, failover, backups with tested restores, alarms. Its arguments are the settings of a stack file of the
    repository's program, which is this component and nothing else. All problems with them are reported at once, before
    any resource is registered: among them objectives that the settings can't meet in the worst case.

    What holds state and is in no backup plan, or in two, stops the preview (see BackupGuard).

    The parts of a site with the name `site` are named by their role (`primary`); those of another begin with its name
    (`shop-primary`), so that a program can have several. In Python the clusters are in the attribute `webs`, by role.

    **Holds state**: sessions, databases, files, backups and logs; see WebCluster and BackupPlan.
    """

    fqdn: pulumi.Output[str]
    """The site's name."""
    hosted_zone_id: pulumi.Output[str] | None
    """Id of the hosted zone that has the name; none where Cloudflare proxies it."""
    clusters: pulumi.Output[SiteClusters]
    """The clusters by role: `primary`, and `standby` where the strategy has a cluster there."""
    health_check_ids: pulumi.Output[dict[str, str]]
    """Ids of Route 53's health checks by role; empty without a standby."""
    backup_vaults: pulumi.Output[dict[str, str]]
    """Names of the backup vaults by region."""
    restore_role_arn: pulumi.Output[str]
    """ARN of the IAM role that restores run with."""
    alarm_topic_arns: pulumi.Output[dict[str, str]]
    """ARNs of the SNS topics of the alarms, by role."""
    strategy: pulumi.Output[str] | None
    """What runs in the standby region; none without one."""
    failover_switch: pulumi.Output[str] | None
    """Name of the bucket whose object sends users to the standby, if there is a switch."""
    failover_function: pulumi.Output[str] | None
    """Name of the function that fails over, if there is one."""
    recovery: pulumi.Output[dict[str, Any]]
    """The worst case of each failure, with the terms that it is added up from."""
    objectives: pulumi.Output[dict[str, dict[str, str]]]
    """The objectives that were declared."""
    monthly_cost: pulumi.Output[dict[str, Any]]
    """List prices of a month at rest, by what they are for."""

    def __init__(self, name: str, args: SiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        settings, guard = _settings(name, args), BackupGuard()
        watched = pulumi.ResourceOptions(transformations=[guard.see])
        super().__init__("ha-web:index:Site", name, None, pulumi.ResourceOptions.merge(opts, watched))
        parts = Parts(name, self)
        zone_id = _hosted_zone_id(settings, parts)
        requests = settings.requests_certificates
        certificates = (
            Certificates(parts.named("site"), arguments.certificates(settings, zone_id), parts.opts)
            if requests
            else None
        )
        both = regions.create(settings, certificates, parts)
        self.webs = both.clusters
        way_in = edge.create(settings, zone_id, both, parts)
        self._watch_over(settings, parts)
        guard.check()

        self.fqdn = pulumi.Output.from_input(way_in.fqdn)
        self.hosted_zone_id = None if zone_id is None else pulumi.Output.from_input(zone_id)
        self.health_check_ids = _resolved(way_in.health_check_ids)
        self.failover_switch = way_in.switch.bucket_name if way_in.switch else None
        self.failover_function = way_in.automation.function_name if way_in.automation else None
        self._tell(settings)
        self.register_outputs({key: getattr(self, key) for key in Site.__annotations__})

    def _watch_over(self, settings: Settings, parts: Parts) -> None:
        """Create backups of both regions, weekly restores, reports and alarms."""
        plan = BackupPlan(parts.named("site"), arguments.backups(settings), parts.opts)
        restores = {
            role: RestoreTesting(
                parts.named(f"{role}-restores"), arguments.restore_testing(settings, role, web, plan), parts.opts
            )
            for role, web in self.webs.items()
            if settings.restores_of(role)
        }
        for role in self.webs if settings.backup.audit else ():
            BackupAudit(parts.named(f"{role}-backups"), arguments.audit(settings, role), parts.opts)
        alarms = {
            role: Alarms(parts.named(role), arguments.alarms(settings, role, web, plan, restores), parts.opts)
            for role, web in self.webs.items()
        }
        vaults = {place.region: arguments.vault_of(role, plan) for role, place in settings.roles.items()}
        self.backup_vaults = _resolved(vaults)
        self.restore_role_arn = plan.restore_role_arn
        self.alarm_topic_arns = _resolved({role: alarm.topic_arn for role, alarm in alarms.items()})

    def _tell(self, settings: Settings) -> None:
        """Set the outputs that follow from the settings."""
        found = {role: arguments.exported(web, settings.roles[role].region) for role, web in self.webs.items()}
        self.clusters = _resolved(found)
        self.strategy = pulumi.Output.from_input(settings.recovery.value) if settings.recovery else None
        self.recovery = pulumi.Output.from_input(recovery_of(settings))
        self.objectives = pulumi.Output.from_input(settings.objectives)
        self.monthly_cost = pulumi.Output.from_input(monthly_cost_of(settings))


def _resolved(values: Mapping[str, Any]) -> pulumi.Output[Any]:
    """Return a map of outputs as one output."""
    return pulumi.Output.from_input({**values})


def _settings(name: str, args: SiteArgs) -> Settings:
    """Return the arguments as settings. Raises ConfigurationError with all problems."""
    problems = Problems(f'Site "{name}"')
    settings, lines = parse(cast(dict[str, Any], args), spelled=str, said=in_python)
    problems.add(*lines)
    if args.get("application") is None:
        problems.add("application is missing; it is what the servers run: {start_script, environment}")
    problems.raise_if_any()
    return settings


def _hosted_zone_id(settings: Settings, parts: Parts) -> pulumi.Input[str] | None:
    """Return the id of the hosted zone; None where Cloudflare has the name. Raises ConfigurationError."""
    if settings.behind_cloudflare:
        return None
    problems = Problems(f'Site "{parts.site_name}"')
    try:
        return arguments.hosted_zone_id(settings, parts)
    except ValueError as error:
        problems.add(str(error))
    problems.raise_if_any()
    return None
