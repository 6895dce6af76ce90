"""What needs the Cloudflare SDK, loaded when it is used: it takes two seconds, and most stacks have no use for it."""

import pulumi

from ha_web.core.problems import ConfigurationError


def cloudflare_ranges(opts: pulumi.InvokeOptions | None = None) -> list[str]:
    """The networks that Cloudflare's requests come from, IPv4 then IPv6, for a load balancer's `allowed_cidrs`.

    Asked for at preview, because they decide how many rules there are; a changed list is an update that adds and
    removes single rules. https://developers.cloudflare.com/fundamentals/concepts/cloudflare-ip-addresses/
    """
    require_sdk()
    import pulumi_cloudflare  # noqa: PLC0415 - the point is when

    found = pulumi_cloudflare.get_ip_ranges(opts=opts)
    return [*found.ipv4_cidrs, *found.ipv6_cidrs]


def require_sdk() -> None:
    """ConfigurationError if the SDK is not installed."""
    try:
        import pulumi_cloudflare  # noqa: F401, PLC0415 - the point is when
    except ImportError as error:
        needed = "the Cloudflare edge needs the package pulumi-cloudflare: pip install 'ha-web[cloudflare]'"
        raise ConfigurationError(needed) from error
