"""Where DNS leads users now: the data plane of Route 53, which answers from its edge whatever region is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ha_web.failover.runtime.apply import Clock

from ops.core.account import Account
from ops.core.stack import Stack
from ops.core.waiting import wait_while
from ops.status.outside import Resolver, dns_roles, resolve

PATIENCE = 150
"""Seconds for users to arrive: the checkers' 20 s, the records' TTL of 60 s, and as long again for slow resolvers."""

EVERY = 5

AWS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws")


@dataclass(frozen=True)
class Dns:
    """The site's name, as users look it up."""

    stack: Stack
    resolver: Resolver | None = resolve
    """None where the public DNS doesn't know the name."""

    @classmethod
    def of(cls, stack: Stack, account: Account, region: str) -> "Dns":
        """Return the site's, unless its account is emulated: the public DNS doesn't know it then."""
        host = urlsplit(account.client("autoscaling", region, brief=True).meta.endpoint_url).hostname or ""
        return cls(stack, resolve if host.endswith(AWS) else None)

    def serving(self) -> tuple[str, ...] | None:
        """Return the roles that the name leads to; None where that can't be told."""
        if self.resolver is None:
            return None
        try:
            return dns_roles(self.stack, self.resolver)
        except OSError:
            return None

    def arrive(self, role: str, clock: Clock, show: Callable[[str], None]) -> str:
        """Wait until the name leads to that role alone. Raises OpsError if it doesn't in time."""
        if not self.stack.hosted_zone:
            return "behind Cloudflare DNS hides it: ask the site itself"
        if self.resolver is None:
            return "not asked: the account is emulated, and the public DNS doesn't know it"

        def leads() -> str:
            found = self.serving()
            where = "no answer" if found is None else f"it leads to {' and '.join(found) or 'neither region'}"
            return "" if found == (role,) else f"{self.stack.site}: {where}"

        late = f", not to the {role}, {PATIENCE} s after the switch moved"
        wait_while(leads, clock, show, every=EVERY, patience=PATIENCE, late=lambda found: found + late)
        return f"{self.stack.site} leads to the {role}"
