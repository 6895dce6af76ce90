"""The provider's configuration, and what the rehearsal refuses in it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rehearsal.plugin.shapes import Failures

TOKEN = "rehearsal"
"""The only `cloudflare:apiToken` that this plugin serves. It opens nothing: Cloudflare's have 40 characters."""

ACCEPTED = frozenset({"apiToken", "baseUrl", "version", "pluginDownloadURL", "__internal"})


def failures(args: Mapping[str, Any]) -> Failures:
    """List what is wrong with the settings: name and reason."""
    found = [(name, "is not rehearsed by the emulated cloudflare plugin") for name in sorted(set(args) - ACCEPTED)]
    if args.get("apiToken") != TOKEN:
        reason = "this cloudflare plugin only rehearses; real stacks use the PULUMI_HOME of their own"
        found.append(("apiToken", f'is not "{TOKEN}": {reason}'))
    if not _loopback(str(args.get("baseUrl") or "")):
        found.append(
            ("baseUrl", "is not on the loopback address: with the real plugin the stack would reach Cloudflare")
        )
    return found


def _loopback(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
