"""Which image each release took, so that an earlier release is that image again and not the newest one."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope

LONGEST = 20
"""Releases that are remembered: of 4 KB, which a standard parameter has, one takes about 120 characters."""


def remembered(values: Sequence[str]) -> dict[str, str]:
    """Return the image by release from the parameter's value; nothing while there is none, or none that can be read."""
    try:
        found = json.loads(values[0]) if values else {}
    except ValueError:
        return {}
    return {str(key): str(image) for key, image in found.items()} if isinstance(found, Mapping) else {}


def with_release(known: Mapping[str, str], release: str, image: str) -> dict[str, str]:
    """Return what is known with a release's image, the newest last; one that is known keeps its place."""
    return dict([*{**known, release: image}.items()][-LONGEST:])


def history_path(name: str) -> str:
    """Return the path of the parameters of one fleet or image in one stack."""
    return f"/ha-web/{pulumi.get_project()}/{pulumi.get_stack()}/{name}"


def look_up(scope: Scope) -> pulumi.Output[dict[str, str]]:
    """Return what the last `up` has left. By path, which finds nothing where there is nothing; a name would fail."""
    found = aws.ssm.get_parameters_by_path_output(
        path=history_path(scope.name), region=scope.region, opts=scope.invoke_opts()
    )
    return pulumi.Output.unsecret(found.values).apply(lambda values: remembered(values or []))


def keep(
    scope: Scope, known: pulumi.Output[dict[str, str]], release: str, image: pulumi.Input[str]
) -> pulumi.Output[dict[str, str]]:
    """Write down a release's image beside those before it; return them all."""
    all_of_them = pulumi.Output.all(known, image).apply(lambda found: with_release(found[0], release, found[1]))
    aws.ssm.Parameter(
        f"{scope.name}-images",
        name=f"{history_path(scope.name)}/images",
        type="String",
        description=f"Images of {scope.name} by release, for the way back",
        insecure_value=all_of_them.apply(json.dumps),
        **scope.regional_args("images"),
    )
    return all_of_them
