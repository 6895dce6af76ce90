"""Cloudflare in front of the site: a proxied load balancer over the regions, or only the delegation to Route 53."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from ha_web.cloudflare import rules
from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering, Monitor
from ha_web.cloudflare.sdk import require_sdk
from ha_web.core.notifications import address_problems
from ha_web.core.problems import Problems
from ha_web.core.wording import quoted


class CloudflareOriginArgs(TypedDict):
    """A region's load balancer."""

    dns_name: pulumi.Input[str]
    """DNS name of the load balancer. Its certificate must be for the site's name: that is what Cloudflare asks for."""
    region: str
    """AWS Region it is in."""
    serves: NotRequired[list[str]]
    """Parts of the world that it serves, by geography, like `WEU`. Default: those near the Region."""


class CloudflareMonitorArgs(TypedDict):
    """How Cloudflare asks each region whether it is well. An empty mapping takes the defaults."""

    path: NotRequired[str]
    """What is asked for. Default `/readyz`, which must be deep: a region whose session store takes no writes is not
    healthy, so that the promotion of a store is the switch, and a demoted region gets no traffic back."""
    expected_codes: NotRequired[str]
    """Codes that mean healthy, like `200` or `2xx`. Default `200`."""
    interval: NotRequired[int]
    """Seconds between checks. Default 15, the least without an Enterprise plan, with which it is 10. The subscription
    must include it."""
    timeout: NotRequired[int]
    """Seconds to wait for an answer. Default 4: with the retries below the interval (Cloudflare's default is 5)."""
    retries: NotRequired[int]
    """Tries more, at once, after a time-out. Default 2, as Cloudflare's."""
    failures: NotRequired[int]
    """Failed checks in a row that take a region out. Default 1: the majority of nine probes has failed by then."""
    successes: NotRequired[int]
    """Passed checks in a row that bring a region in. Default 1: a promoted standby is wanted at once."""
    regions: NotRequired[list[str]]
    """Parts of the world that ask, three data centers each. Default ENAM, WEU, WNAM; the subscription must include as
    many."""


class CloudflareCertificateArgs(TypedDict):
    """A client certificate of your own, which Cloudflare shows to the load balancers."""

    certificate: pulumi.Input[str]
    """The certificate (PEM). Its authority goes into the load balancers' `client_certificates`."""
    private_key: pulumi.Input[str]
    """Its key (PEM), a secret."""


class CloudflareEdgeArgs(TypedDict):
    """The zone, the name, and where it leads."""

    account_id: str
    """Cloudflare's id of the account, on the zone's overview page."""
    zone_id: str
    """Cloudflare's id of the zone."""
    zone: str
    """The zone's name, like `example.com`."""
    domain: str
    """The site's name, in that zone."""
    mode: NotRequired[CloudflareMode]
    """`proxy` (default) or `delegate`."""
    plan: NotRequired[CloudflarePlan]
    """What the account has bought: `add-on` (default), `traffic-steering` or `enterprise`."""
    primary: NotRequired[CloudflareOriginArgs]
    """Where users go. Needed by `proxy`."""
    standby: NotRequired[CloudflareOriginArgs]
    """The other region. Default: none."""
    steering: NotRequired[CloudflareSteering]
    """`failover` (default), `random`, `latency` or `geo`; all but the first need sessions that both regions write."""
    monitor: NotRequired[CloudflareMonitorArgs]
    """How both are checked."""
    certificate: NotRequired[CloudflareCertificateArgs]
    """Client certificate for authenticated origin pulls. Default: Cloudflare's, which is the same for all of
    Cloudflare's customers."""
    notify: NotRequired[list[str]]
    """E-mail addresses to tell when a pool turns, from Cloudflare. Default: nobody."""
    manage_zone: NotRequired[bool]
    """Whether to set the zone's TLS settings and HSTS, which hold for every name in it. Default true; false where
    another stack of the same zone does it."""
    name_servers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Name servers of the Route 53 hosted zone for `domain`. Needed by `delegate`."""


class CloudflareEdge(pulumi.ComponentResource):
    """The site's name at Cloudflare: a pool and a load balancer over the regions, proxied and encrypted throughout.

    Cloudflare connects to a load balancer by its DNS name and asks, as SNI and Host, for the site's name: the
    certificate of the site is what it checks (Full (strict)), and it shows one of its own (authenticated origin pulls).
    Clients keep Cloudflare's addresses, so no TTL delays a diversion. While no region is well, the primary is tried. A
    request that finds a region unreachable is tried once in the next that is well.

    **The monitor decides by the session store**: in a failover the standby becomes healthy when it is promoted, and
    a former primary that is read-only stays out.

    Needs the Load Balancing add-on (paid), and the package `pulumi-cloudflare` (`ha-web[cloudflare]`). Zone settings
    stay as they are when this is destroyed: Cloudflare has no deletion of a setting.

    Errors (ConfigurationError, at preview): ids that are none, a domain outside its zone, what the plan doesn't have,
    a monitor that Cloudflare refuses, a missing origin or missing name servers, the standby in the primary's region.
    """

    load_balancer_id: pulumi.Output[str] | None
    """Id of the load balancer. None for `delegate`."""
    monitor_id: pulumi.Output[str] | None
    """Id of the monitor. None for `delegate`."""
    pool_ids: dict[str, pulumi.Output[str]]
    """Ids of the pools by role: primary, standby. Empty for `delegate`."""
    seconds_to_leave: int
    """Seconds until a failed region gets no more requests, at worst. 0 for `delegate`: Route 53 decides."""
    seconds_to_enter: int
    """Seconds until a promoted region gets requests, at worst. 0 for `delegate`."""

    def __init__(self, name: str, args: CloudflareEdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'CloudflareEdge "{name}"')
        args = problems.checked(args, CloudflareEdgeArgs)
        mode, monitor = args.get("mode", CloudflareMode.PROXY), _monitor_of(args)
        given = {"primary": args.get("primary"), "standby": args.get("standby")}
        origins = {role: origin for role, origin in given.items() if origin}
        problems.add(*_problems(args, mode, monitor, origins))
        problems.raise_if_any()
        require_sdk()

        super().__init__("ha-web:index:CloudflareEdge", name, None, opts)
        self.load_balancer_id, self.monitor_id, self.pool_ids = None, None, {}
        self.seconds_to_leave = self.seconds_to_enter = 0
        from ha_web.cloudflare.resources import Site  # noqa: PLC0415 - it loads the SDK

        site = Site(name, self, args["account_id"], args["zone_id"], args["zone"], args["domain"])
        if mode is CloudflareMode.DELEGATE:
            site.delegate(args["name_servers"])
        else:
            made = site.create_monitor(monitor)
            pools = {
                role: site.create_pool(role, origin["dns_name"], origin["region"], made, monitor.regions)
                for role, origin in origins.items()
            }
            self.monitor_id, self.pool_ids = made.id, {role: pool.id for role, pool in pools.items()}
            own: Any = args.get("certificate", {})
            settings = site.create_zone_settings(**own) if args.get("manage_zone", True) else []
            steering = args.get("steering", CloudflareSteering.FAILOVER)
            self.load_balancer_id = site.create_balancer(steering, self.pool_ids, _serves(origins), settings).id
            if args.get("notify"):
                site.create_notification(args["notify"], self.pool_ids)
            self.seconds_to_leave, self.seconds_to_enter = monitor.seconds_to_leave, monitor.seconds_to_enter
        self.register_outputs({key: getattr(self, key) for key in CloudflareEdge.__annotations__})


def _monitor_of(args: CloudflareEdgeArgs) -> Monitor:
    given: Any = {**args.get("monitor", {})}
    if "regions" in given:
        given["regions"] = tuple(given["regions"])
    return Monitor(**given)


def _serves(origins: dict[str, CloudflareOriginArgs]) -> dict[str, Sequence[str]]:
    return {role: origin.get("serves", rules.served_from(origin["region"])) for role, origin in origins.items()}


def _problems(
    args: CloudflareEdgeArgs, mode: CloudflareMode, monitor: Monitor, origins: dict[str, CloudflareOriginArgs]
) -> list[str]:
    problems = rules.identifier_problems(account_id=args["account_id"], zone_id=args["zone_id"])
    problems += rules.domain_problems(args["domain"], args["zone"], mode)
    if mode is CloudflareMode.DELEGATE:
        return problems + ([] if "name_servers" in args else ["name_servers is missing; mode delegate needs them"])
    if "primary" not in args:
        problems.append("primary is missing; mode proxy needs it")
    problems += address_problems(args.get("notify", []))
    plan, steering = args.get("plan", CloudflarePlan.ADD_ON), args.get("steering", CloudflareSteering.FAILOVER)
    problems += rules.monitor_problems(monitor, plan)
    problems += rules.steering_problems(steering, plan, _serves(origins), standby="standby" in args)
    regions = [origin["region"] for origin in origins.values()]
    if len(regions) > len(set(regions)):
        problems.append(f"standby.region is {quoted(regions[-1])}; it must differ from the primary's")
    return problems
