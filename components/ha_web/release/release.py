"""The version of its servers that a region serves, as a resource: changing it is a release, which `up` waits for."""

from importlib import import_module
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.regions import region_of
from ha_web.core.scope import Scope
from ha_web.release.access import access_of
from ha_web.release.preferences import ReleaseSettingsArgs, settings_problems
from ha_web.release.versions import Version, parsed, value_of


class ReleaseArgs(TypedDict):
    """A group, its launch template, and how a new version is brought out."""

    group_name: pulumi.Input[str]
    """Name of the Auto Scaling group (Fleet's output). Its launch template must be left alone by the provider, as
    `FleetArgs.release_apart` has it."""
    group_arn: pulumi.Input[str]
    """ARN of that group, by which a release knows that it reaches the right account."""
    launch_template_id: pulumi.Input[str]
    """Id of the launch template."""
    launch_template_version: pulumi.Input[int]
    """Its newest version, which is released unless `settings.version` names another."""
    instance_types: NotRequired[list[str]]
    """Instance types that may run it, the preferred first. Default: the launch template's only."""
    settings: NotRequired[ReleaseSettingsArgs]
    """How a version is brought out. Those not given have their defaults."""
    log_group_name: NotRequired[pulumi.Input[str]]
    """Name of a CloudWatch log group with a stream named for each server's instance id: the last lines of a server that
    fails are shown. Default: those of its console."""
    region: NotRequired[str]
    """AWS Region of the group. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of the parameter."""


class Release(pulumi.ComponentResource):
    """The version of its servers that a region serves: a Systems Manager parameter, which changes by a release.

    A new version of the launch template changes the parameter. Before that, `pulumi up` starts an instance refresh and
    waits: new servers start before old ones go, and the percentage and the health in each zone are shown. When it has
    succeeded, AWS writes the new version into the group, and the parameter is updated. When servers don't get healthy
    or an alarm goes off, AWS goes back to the version before, the group never had another one, and `up` fails with the
    reason; the next `up` tries again, or releases the mended version. An `up` that is interrupted leaves AWS going on,
    and the next one joins, or takes it back first if by then another version is wanted.

    To release one region after the other, give the later Release `depends_on` with the earlier one. The parameter's
    history has the versions that were served. The calls are made by the program itself (boto3) with the credentials of
    the provider or, where it doesn't tell them, of the environment; a preview makes none.

    Errors (ConfigurationError, at preview): an unknown or missing key; a setting out of range.
    """

    parameter_name: pulumi.Output[str]
    """Name of the parameter, whose value is JSON: `group`, `launchTemplate`, `version`."""
    version: pulumi.Output[int]
    """Version of the launch template that the region serves."""

    def __init__(self, name: str, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Release", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        settings = args.get("settings", {})
        number = settings.get("version", args["launch_template_version"])
        types = tuple(args.get("instance_types", []))
        value = pulumi.Output.all(args["group_name"], args["launch_template_id"], number).apply(
            lambda known: value_of(known[0], Version(known[1], str(int(known[2])), types))
        )
        hook = pulumi.ResourceHook(f"{name}-release", self._hook(args, region_of(args.get("region"), self)))
        parameter = aws.ssm.Parameter(
            f"release-{name}",  # the name of a parameter may not begin with "aws" or "ssm"; a fleet's may
            type="String",
            description=f"Version of its launch template that {name} serves; Pulumi changes it by a release",
            insecure_value=value,
            **scope.regional_args(
                "release",
                hooks=pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook]),
                ignore_changes=["insecure_value"] if settings.get("hold", False) else [],
            ),
        )
        self.parameter_name = parameter.name
        self.version = parameter.insecure_value.apply(lambda held: int(parsed(str(held))[1].number))
        self.register_outputs({key: getattr(self, key) for key in Release.__annotations__})

    def _hook(self, args: ReleaseArgs, region: str) -> pulumi.ResourceHookFunction:
        """Return the function that the engine calls before it writes the parameter."""
        settings = args.get("settings", {})
        outputs = pulumi.Output.all(
            arn=args["group_arn"],
            alarms=settings.get("alarm_names", []),
            logs=args.get("log_group_name"),
            access=access_of(self),
        )

        async def release(hooked: pulumi.ResourceHookArgs) -> None:
            known = await outputs.future()
            inputs = hooked.new_inputs or {}
            if known is None or "insecureValue" not in inputs:
                return
            before = (hooked.old_inputs or {}).get("insecureValue")
            if before == inputs["insecureValue"]:
                return  # only a tag, say
            group, wanted = parsed(str(inputs["insecureValue"]))
            # Not before: a preview, and an `up` that releases nothing, need no client of AWS.
            rollout = import_module("ha_web.release.rollout").Rollout(
                group=group,
                group_arn=known["arn"],
                wanted=wanted,
                settings=settings,
                api=import_module("ha_web.release.api").Api(known["access"], region),
                say=self._say,
                log_group=known["logs"],
                alarms=[*known["alarms"]],
            )
            if before is None:
                await rollout.await_capacity()
            await rollout.run()

        return release

    def _say(self, text: str, lasting: bool) -> None:
        """Show a line beside this component: to stay, or until the next one."""
        pulumi.log.info(text, self, ephemeral=not lasting)


def _checked(name: str, args: ReleaseArgs) -> ReleaseArgs:
    problems = Problems(f'Release "{name}"')
    args = problems.checked(args, ReleaseArgs)
    problems.add(*settings_problems(args.get("settings", {})))
    problems.raise_if_any()
    return args
