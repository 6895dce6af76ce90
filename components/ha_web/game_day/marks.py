"""The tags by which experiments find a site's resources, AWS's own scenario of a lost zone among them."""

from typing import Any

import pulumi

from ha_web.core.role_limits import Transformation
from ha_web.game_day.scenarios import AZ_TAG, AZ_TAGS, GROUP, OWN_TAG


def mark_for_experiments(own: str) -> Transformation:
    """Return a transformation that tags groups, subnets, databases and session stores for experiments.

    Servers get their group's tags when they are launched: those that run already have none until they are replaced.

    Args:
        own: what tells these resources from others in the account: value of the tag `ha-web:game-day`.
    """

    def mark(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ not in AZ_TAGS:
            return None
        more: dict[str, str] = {AZ_TAG: AZ_TAGS[args.type_], OWN_TAG: own}
        given: Any = args.props.get("tags")
        tags: object
        if args.type_ == GROUP:
            own_tags = [{"key": key, "value": value, "propagate_at_launch": True} for key, value in more.items()]
            tags = [*(given or []), *own_tags]
        else:
            tags = {**(given or {}), **more}
        return pulumi.ResourceTransformationResult({**args.props, "tags": tags}, args.opts)

    return mark
