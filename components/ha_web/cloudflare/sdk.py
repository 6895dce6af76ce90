"""The Cloudflare SDK, imported when it is first used: it takes two seconds to load, and most stacks don't need it."""

from importlib import import_module
from types import ModuleType

import pulumi

from ha_web.core.problems import ConfigurationError


def load_sdk() -> ModuleType:
    """Import the SDK. Raises ConfigurationError if it is not installed."""
    try:
        return import_module("pulumi_cloudflare")
    except ImportError as error:
        needed = "the Cloudflare edge needs the package pulumi-cloudflare: pip install 'ha-web[cloudflare]'"
        raise ConfigurationError(needed) from error


def cloudflare_ranges(opts: pulumi.InvokeOptions | None = None) -> list[str]:
    """Return the networks that Cloudflare's requests come from, IPv4 then IPv6, for a load balancer's `allowed_cidrs`.

    They are looked up at preview, because they decide how many rules there are; when the list changes, an update adds
    and removes single rules. https://developers.cloudflare.com/fundamentals/concepts/cloudflare-ip-addresses/
    """
    found = load_sdk().get_ip_ranges(opts=opts)
    return [*found.ipv4_cidrs, *found.ipv6_cidrs]
