"""What a site declares at AWS Resilience Hub, if the settings want it."""

from typing import Any, cast

import pulumi

from ha_web.resilience_hub.resilience_hub import ResilienceHub, ResilienceHubArgs
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.site.parts import Parts


def create(site: Settings, parts: Parts) -> ResilienceHub | None:
    """Declare the objectives at the hub: what `ha-web hub declare` would make of the stack's outputs."""
    if not site.resilience_hub:
        return None
    args: dict[str, Any] = {
        "region": site.primary.region,
        "regions": [place.region for place in site.cluster_roles.values()],
        "site": site.domain,
        "stack": pulumi.get_stack(),
        "objectives": site.objectives,
        "strategy": site.recovery.value if site.recovery else None,
        "tags": tags(site),
    }
    return ResilienceHub(parts.named("site"), cast(ResilienceHubArgs, args), parts.opts)
