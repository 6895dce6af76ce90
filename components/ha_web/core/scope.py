"""What every resource of one component shares: name, region, tags, parent.

A child does not inherit `region=` from its parent, so each regional resource is given it: through `regional_args` or
`untagged_args`.
"""

from dataclasses import dataclass, field
from typing import Any

import pulumi

from ha_web.core.tags import named


@dataclass(frozen=True)
class Scope:
    """One component's own: handed to the functions that create its children."""

    name: str
    parent: pulumi.Resource
    region: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    def regional_args(
        self, role: str, *, backed_up: bool = False, no_backup: str = "", **options: Any
    ) -> dict[str, Any]:
        """region, tags and opts of the child with this role; `options` go to its ResourceOptions."""
        tags = named(f"{self.name}-{role}", self.tags, backed_up=backed_up, no_backup=no_backup)
        return {"region": self.region, "tags": tags, "opts": self.child_opts(**options)}

    def untagged_args(self, **options: Any) -> dict[str, Any]:
        """region and opts of a child that takes no tags."""
        return {"region": self.region, "opts": self.child_opts(**options)}

    def global_args(self, role: str) -> dict[str, Any]:
        """tags and opts of a child of a global service (IAM), which has no region."""
        return {"tags": named(f"{self.name}-{role}", self.tags), "opts": self.child_opts()}

    def child_opts(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of a child: the component as parent, and nothing of the caller's options."""
        return pulumi.ResourceOptions(parent=self.parent, **options)

    def invoke_opts(self) -> pulumi.InvokeOptions:
        """Options of a function call, so that it uses the component's provider."""
        return pulumi.InvokeOptions(parent=self.parent)
