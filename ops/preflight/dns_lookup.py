"""What the public DNS answers about the site's zone: who serves it, and who may issue its certificates."""

from collections.abc import Callable, Mapping
from typing import Any

import dns.exception
import dns.resolver

from ops.preflight.facts import Asked, Facts, Unanswered
from ops.preflight.needs import Site

SECONDS = 5.0

Resolver = Callable[[str, str], list[str]]
"""Returns the records of a name and type as texts, none if there are none; raises `Unanswered` without an answer."""


def ask(name: str, kind: str) -> list[str]:
    """Return a name's records, from the resolver that this machine uses."""
    try:
        return [record.to_text() for record in dns.resolver.resolve(f"{name.rstrip('.')}.", kind, lifetime=SECONDS)]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise Unanswered(type(error).__name__, str(error)) from None


def look_up(site: Site, facts: Facts, resolver: Resolver = ask) -> None:
    """Add what DNS says to the facts."""
    facts.answers[Asked("name servers")] = _answer(lambda: name_servers(site.zone, resolver))
    facts.answers[Asked("issuers")] = _answer(lambda: issuers(site.domain, resolver))


def name_servers(zone: str, resolver: Resolver) -> Mapping[str, Any]:
    """Return the servers that a zone is delegated to; none where the delegation leads to servers that don't know it.

    Raises `Unanswered` where the zone above can't be asked either: then it is this machine's DNS that fails.
    """
    try:
        return {"servers": sorted(server.rstrip(".").lower() for server in resolver(zone, "NS")), "served": True}
    except Unanswered:
        resolver(zone.partition(".")[2], "NS")
        return {"servers": [], "served": False}


def issuers(domain: str, resolver: Resolver) -> Mapping[str, Any]:
    """Return who may issue certificates for a name: the CAA records of the nearest name that has some (RFC 8659)."""
    labels = domain.rstrip(".").split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        fields = [record.split(maxsplit=2) for record in resolver(name, "CAA")]
        if fields:
            found = [value.strip('"').partition(";")[0].strip() for _, tag, value in fields if tag == "issue"]
            return {"name": name, "issuers": found, "restricted": any(tag == "issue" for _, tag, _ in fields)}
    return {"name": domain, "issuers": [], "restricted": False}


def _answer(look: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | Unanswered:
    try:
        return look()
    except Unanswered as reason:
        return reason
