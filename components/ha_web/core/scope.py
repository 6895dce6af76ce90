"""The arguments that all resources of a component share: name, region, tags, parent.

A child does not inherit `region=` from its parent, so each regional resource is given it: through `regional_args` or
`untagged_args`.
"""

from dataclasses import dataclass, field
from typing import Any

import pulumi

from ha_web.core.tags import named


@dataclass(frozen=True)
class Scope:
    """A component's name, region, tags and itself as parent, for the functions that create its children."""

    name: str
    parent: pulumi.Resource
    region: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    def regional_args(
        self, role: str, *, backed_up: bool = False, no_backup: str = "", **options: Any
    ) -> dict[str, Any]:
        """Return region, tags and opts of the child with this role; `options` go to its ResourceOptions."""
        tags = named(f"{self.name}-{role}", self.tags, backed_up=backed_up, no_backup=no_backup)
        return {"region": self.region, "tags": tags, "opts": self.child_opts(**options)}

    def untagged_args(self, **options: Any) -> dict[str, Any]:
        """Return region and opts of a child that takes no tags."""
        return {"region": self.region, "opts": self.child_opts(**options)}

    def global_args(self, role: str) -> dict[str, Any]:
        """Return tags and opts of a child that is global (IAM, Route 53) and takes no region."""
        return {"tags": named(f"{self.name}-{role}", self.tags), "opts": self.child_opts()}

    def child_opts(self, **options: Any) -> pulumi.ResourceOptions:
        """Return the options of a child: the component as its parent, and these."""
        return pulumi.ResourceOptions(parent=self.parent, **options)

    def invoke_opts(self) -> pulumi.InvokeOptions:
        """Return the options of an invoke, so that it uses the component's provider."""
        return pulumi.InvokeOptions(parent=self.parent)
