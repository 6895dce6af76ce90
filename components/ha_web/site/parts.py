"""How the parts of a site are named, and whose they are."""

import re
from dataclasses import dataclass

import pulumi

from ha_web.load_balancer.load_balancer import LONGEST_NAME

SITE_TAG = "ha-web:site"
"""The tag with the name of a site, unless that is `site`: its backup plans take what has it, and not another's."""
USUAL_NAME = "site"
"""The name of a site whose parts have no prefix: the program's, whose parts had these names before it had a Site."""


LONGEST_SITE_NAME = LONGEST_NAME - len("-primary")
"""Characters of a site's name: its load balancers' names begin with it."""


def name_problem(name: str) -> str | None:
    """Return what is wrong with the name of a site."""
    if len(name) <= LONGEST_SITE_NAME and re.fullmatch(r"[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?", name):
        return None
    rule = f"a letter, then at most {LONGEST_SITE_NAME - 1} letters, digits and -, for AWS's names begin with it"
    return f"the name has {len(name)} characters; write {rule}"


LONGEST_NAME_IN_ACCOUNT = 255
"""Of dashboards, and below a tag's value.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"""


def name_in_account(site_name: str) -> str:
    """Return a name of a site that no other project, stack or site has in an account: letters, digits, - and _."""
    own = [] if site_name == USUAL_NAME else [site_name]
    whole = "-".join([pulumi.get_project(), pulumi.get_stack(), *own])
    return re.sub(r"[^A-Za-z0-9_-]", "-", whole)[:LONGEST_NAME_IN_ACCOUNT]


@dataclass(frozen=True)
class Parts:
    """The name of a site, which its parts' names begin with unless it is `site`, and the site as their parent."""

    site_name: str = USUAL_NAME
    parent: pulumi.Resource | None = None

    def named(self, role: str) -> str:
        """Return the name of a part: its role, or `<site>-<role>`; the part `site` is named for the site itself."""
        if role == USUAL_NAME:
            return self.site_name
        return role if self.site_name == USUAL_NAME else f"{self.site_name}-{role}"

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which the parts of several sites in a region are told apart; none of those of `site`."""
        return {} if self.site_name == USUAL_NAME else {SITE_TAG: self.site_name}

    @property
    def opts(self) -> pulumi.ResourceOptions:
        """The options of a part.

        Parts of `site` had no parent before there was a Site: an alias keeps the resources of stacks from then.
        """
        moved = self.parent is not None and self.site_name == USUAL_NAME
        aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)] if moved else None
        return pulumi.ResourceOptions(parent=self.parent, aliases=aliases)

    @property
    def invoke_opts(self) -> pulumi.InvokeOptions:
        """The options of a look-up: with the site's provider."""
        return pulumi.InvokeOptions(parent=self.parent)
