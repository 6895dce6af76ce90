"""Checks of what the program's own application can do: they don't hold where the settings name another."""

from ha_web.network.routes import Nat
from ha_web.site.checks import needs
from ha_web.site.model import Settings
from ha_web.site.reader import Problems

from program.start_script import SPOKEN


@needs("nat")
def servers_reach_what_they_start_from(site: Settings, problems: Problems) -> None:
    """Refuse servers without a way out: there are no endpoints in the network for what they need besides S3."""
    if site.nat == Nat.NONE:
        reason = "servers install the application from the Python package index and read their secrets by the internet"
        problems.add("nat", f"is none; {reason}; use per-zone, regional or one")


@needs("protocol")
def application_speaks_the_protocol(site: Settings, problems: Problems) -> None:
    """Refuse a protocol that no server would answer."""
    if site.protocol not in SPOKEN:
        reason = f"the application that the servers run speaks HTTP/1.1 only; use {', '.join(SPOKEN)}"
        problems.add("protocol", f"is {site.protocol}; {reason}")


APPLICATION_CHECKS = [
    servers_reach_what_they_start_from,
    application_speaks_the_protocol,
]
