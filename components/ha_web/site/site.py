"""A whole site over one region or two: what a `pulumi up` of this repository's program deploys, as one component."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from ha_web.backup.guard import BackupGuard
from ha_web.core.problems import ConfigurationError, Problems
from ha_web.core.role_limits import limit_roles
from ha_web.dashboard.link import link_alarms
from ha_web.game_day.marks import mark_for_experiments
from ha_web.operations.records import OperationsRecords
from ha_web.site import arguments
from ha_web.site.args import SiteArgs
from ha_web.site.arguments.dns import MissingZoneError
from ha_web.site.compose import Composed, compose
from ha_web.site.facts import monthly_cost_of, recovery_of
from ha_web.site.model import Settings
from ha_web.site.outputs import STACK_OUTPUTS, SiteClusters
from ha_web.site.parse import parse
from ha_web.site.parts import Parts, name_in_account, name_problem
from ha_web.site.spelling import in_python


class Site(pulumi.ComponentResource):
    """A highly available web site: a WebCluster in each region, and all that spans them.

    It composes the other components: keys, certificates, clusters, replication into the standby region, DNS or
    Cloudflare, failover, backups with tested restores, alarms. Its arguments are the settings of a stack file of the
    repository's program, which is this component and nothing else. All problems with them are reported at once, before
    any resource is registered: among them objectives that the settings can't meet in the worst case.

    What holds state and is in no backup plan, or in two, stops the preview (see BackupGuard).

    The parts of a site with the name `site` are named by their role (`primary`); those of another begin with its name
    (`shop-primary`), which has at most 13 characters, so that a program can have several. In Python the clusters are in
    the attribute `webs`, by role, and what a stack should export, so that the command `ha-web` knows it, in `outputs`.

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
    dashboard_url: pulumi.Output[str] | None
    """Address of the dashboard in the console, if there is one."""
    game_day: pulumi.Output[dict[str, Any]] | None
    """The experiments' templates by scenario, with the Region and the zone that they break, if there are any."""
    operations_buckets: pulumi.Output[dict[str, str]]
    """Names of the buckets with what operators need, by region; see OperationsRecords."""

    def __init__(self, name: str, args: SiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        settings, guard = _settings(name, args), BackupGuard()
        changes = [guard.see, limit_roles(settings.permissions_boundary, settings.role_path)]
        if settings.dashboard:
            changes.append(link_alarms(name_in_account(name)))
        if settings.game_day:
            changes.append(mark_for_experiments(name_in_account(name)))
        watched = pulumi.ResourceOptions(transformations=changes)
        super().__init__("ha-web:index:Site", name, None, pulumi.ResourceOptions.merge(opts, watched))
        parts = Parts(name, self)
        made = _composed(settings, parts)
        self.webs = made.webs
        guard.check()
        self._tell_of_parts(settings, made)
        self._tell_of_settings(settings)
        told = {key: getattr(self, attribute) for key, attribute in STACK_OUTPUTS.items() if hasattr(self, attribute)}
        self.outputs = {key: value for key, value in told.items() if value is not None}
        self.operations_buckets = _records(settings, parts, self.outputs)
        self.outputs["operations_buckets"] = self.operations_buckets
        self.register_outputs({key: getattr(self, key) for key in Site.__annotations__})

    def _tell_of_parts(self, settings: Settings, made: Composed) -> None:
        way_in, places = made.way_in, settings.roles
        self.fqdn = pulumi.Output.from_input(way_in.fqdn)
        self.hosted_zone_id = None if made.zone_id is None else pulumi.Output.from_input(made.zone_id)
        self.health_check_ids = _resolved(way_in.health_check_ids)
        self.clusters = _resolved(
            {role: arguments.exported(web, places[role].region) for role, web in made.webs.items()}
        )
        self.backup_vaults = _resolved(
            {place.region: arguments.vault_of(role, made.plan) for role, place in places.items()}
        )
        self.restore_role_arn = made.plan.restore_role_arn
        self.alarm_topic_arns = _resolved({role: alarms.topic_arn for role, alarms in made.alarms.items()})
        self.failover_switch = way_in.switch.bucket_name if way_in.switch else None
        self.failover_function = way_in.automation.function_name if way_in.automation else None
        self.dashboard_url = made.dashboard.url if made.dashboard else None
        self.game_day = _resolved(made.game_day) if made.game_day else None

    def _tell_of_settings(self, settings: Settings) -> None:
        self.strategy = pulumi.Output.from_input(settings.recovery.value) if settings.recovery else None
        self.recovery = pulumi.Output.from_input(recovery_of(settings))
        self.objectives = pulumi.Output.from_input(settings.objectives)
        self.monthly_cost = pulumi.Output.from_input(monthly_cost_of(settings))


def _records(settings: Settings, parts: Parts, outputs: Mapping[str, Any]) -> pulumi.Output[dict[str, str]]:
    """Leave a copy of the outputs in each region, for operators who can't ask Pulumi."""
    regions = [place.region for place in settings.roles.values()]
    records = OperationsRecords(
        parts.named("site"), {"regions": regions, "outputs": outputs, "tags": arguments.tags(settings)}, parts.opts
    )
    return _resolved(records.bucket_names)


def _resolved(values: Mapping[str, Any]) -> pulumi.Output[Any]:
    """Return a map of outputs as one output."""
    return pulumi.Output.from_input({**values})


def _settings(name: str, args: SiteArgs) -> Settings:
    """Return the arguments as settings. Raises ConfigurationError with all problems."""
    problems = Problems(f'Site "{name}"')
    problems.add(name_problem(name))
    settings, lines = parse(cast(dict[str, Any], args), spelled=str, said=in_python)
    problems.add(*lines)
    if args.get("application") is None:
        problems.add("application is missing; it is what the servers run: {package, environment, …}")
    problems.raise_if_any()
    return settings


def _composed(settings: Settings, parts: Parts) -> Composed:
    """Create the parts. Raises ConfigurationError when the account lacks the hosted zone."""
    try:
        return compose(settings, parts)
    except MissingZoneError as error:
        raise ConfigurationError(f'Site "{parts.site_name}": {error}') from None
