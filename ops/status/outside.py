"""What a user sees, from here: which region DNS answers with, and whether the site answers."""

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence

from ops.core.stack import Stack
from ops.status.facts import Answer

SECONDS = 1.5
SERVER_ERROR = 500

Resolver = Callable[[str], Sequence[str]]
"""From a name to its addresses. Raises OSError."""


def resolve(name: str) -> list[str]:
    """Return a name's addresses, by the resolver of this machine."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)})


def dns_roles(stack: Stack, resolver: Resolver = resolve) -> tuple[str, ...] | None:
    """Return the roles whose balancers the site's name leads to; None where Cloudflare's addresses hide that.

    Raises OSError if the name can't be looked up. A balancer whose own name can't is nobody's answer.
    """
    if not stack.hosted_zone:
        return None
    answered = set(resolver(stack.site))
    return tuple(role for role, each in stack.clusters.items() if answered & _addresses(each.balancer_name, resolver))


def _addresses(name: str, resolver: Resolver) -> set[str]:
    try:
        return set(resolver(name))
    except OSError:
        return set()


def ask_site(site: str) -> Answer:
    """Ask for the site's first page: every answer but an error of the server is one."""
    connection = http.client.HTTPSConnection(site, timeout=SECONDS, context=ssl.create_default_context())
    try:
        connection.request("GET", "/", headers={"User-Agent": "ha-web-status"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Answer(served=False, text=f"doesn't answer from here: {error or type(error).__name__}")
    finally:
        connection.close()
    return Answer(served=status < SERVER_ERROR, text=f"answers with status {status}")
