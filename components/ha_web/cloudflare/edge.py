"""Cloudflare in front of the site: a proxied load balancer over the regions, or only a delegation to Route 53."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from ha_web.cloudflare import rules
from ha_web.cloudflare.resources import Site
from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering, Monitor
from ha_web.cloudflare.sdk import load_sdk
from ha_web.core.notifications import address_problems
from ha_web.core.problems import Problems
from ha_web.core.wording import quoted


class CloudflareOriginArgs(TypedDict):
    """A region's load balancer."""

    dns_name: pulumi.Input[str]
    """DNS name of the load balancer. Its certificate must be for the site's name, which Cloudflare sends as SNI."""
    region: str
    """AWS Region it is in."""
    serves: NotRequired[list[str]]
    """Parts of the world that it serves with steering `geo`, in Cloudflare's codes such as `WEU`. Default: those near
    the AWS Region."""


class CloudflareMonitorArgs(TypedDict):
    """Cloudflare's health check of each region. An empty mapping takes the defaults."""

    path: NotRequired[str]
    """Path to request. Default `/readyz`, which must be a deep check: it fails while the region's session store takes
    no writes, so that promoting the store brings traffic in, and a demoted region gets none back."""
    expected_codes: NotRequired[str]
    """HTTP status codes that mean healthy, such as `200` or `2xx`. Default `200`."""
    interval: NotRequired[int]
    """Seconds between checks, up to 3600. Default 15, the shortest without an Enterprise plan; with one it is 10. The
    subscription must include it."""
    timeout: NotRequired[int]
    """Seconds to wait for an answer, 1 to 10. Default 4, because all tries together must be shorter than the interval
    (Cloudflare's default is 5)."""
    retries: NotRequired[int]
    """Immediate retries after a time-out, 0 to 5. Default 2, which is Cloudflare's."""
    failures: NotRequired[int]
    """Failed checks in a row until a region gets no traffic, 1 to 10. Default 1: by then the majority of nine probes
    has failed."""
    successes: NotRequired[int]
    """Passed checks in a row until a region gets traffic, 1 to 10. Default 1: a promoted standby is needed at once."""
    regions: NotRequired[list[str]]
    """Parts of the world that check, from three data centers each. Default ENAM, WEU, WNAM; the subscription must
    include as many."""


class CloudflareCertificateArgs(TypedDict):
    """A client certificate of your own, which Cloudflare presents to the load balancers."""

    certificate: pulumi.Input[str]
    """The certificate (PEM). The load balancers' `client_certificates` must have its certificate authority."""
    private_key: pulumi.Input[str]
    """Its private key (PEM), kept as a secret."""


class CloudflareEdgeArgs(TypedDict):
    """The site's zone and name at Cloudflare, and the regions that serve it."""

    account_id: str
    """Id of the Cloudflare account, shown on the zone's overview page."""
    zone_id: str
    """Id of the Cloudflare zone, shown there too."""
    zone: str
    """The zone's name, such as `example.com`."""
    domain: str
    """The site's name, in that zone."""
    mode: NotRequired[CloudflareMode]
    """`proxy` (default): all traffic goes through Cloudflare. `delegate`: Cloudflare only delegates to Route 53."""
    plan: NotRequired[CloudflarePlan]
    """The account's Load Balancing subscription: `add-on` (default), `traffic-steering` or `enterprise`."""
    primary: NotRequired[CloudflareOriginArgs]
    """The primary region. Required with `proxy`."""
    standby: NotRequired[CloudflareOriginArgs]
    """The standby region. Default: none."""
    steering: NotRequired[CloudflareSteering]
    """`failover` (default), `random`, `latency` or `geo`. All but the first need sessions that both regions can
    write."""
    monitor: NotRequired[CloudflareMonitorArgs]
    """Health check of both regions."""
    certificate: NotRequired[CloudflareCertificateArgs]
    """Client certificate for authenticated origin pulls. Default: Cloudflare's own, which is the same for all of its
    customers."""
    notify: NotRequired[list[str]]
    """E-mail addresses that Cloudflare notifies when a region becomes unhealthy or healthy. Default: none."""
    manage_zone: NotRequired[bool]
    """Set the zone's TLS settings and HSTS, which apply to every name in the zone. Default true; false if another stack
    of the same zone sets them."""
    name_servers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Name servers of the Route 53 hosted zone for `domain`. Required with `delegate`."""


class CloudflareEdge(pulumi.ComponentResource):
    """The site's name at Cloudflare: a proxied load balancer with a pool for each region, encrypted end to end.

    Cloudflare connects to a region's load balancer by its DNS name and sends the site's name as SNI and Host. It
    verifies the site's certificate (Full (strict)) and presents a client certificate (authenticated origin pulls).
    Clients keep Cloudflare's addresses, so no TTL delays a failover. While no region is healthy, requests go to the
    primary. A request that can't reach its region is retried once in the next healthy one.

    **The monitor depends on the session store**: in a failover the standby becomes healthy when its store is promoted,
    and a former primary whose store is read-only stays unhealthy.

    Needs the Load Balancing add-on (paid), and the package `pulumi-cloudflare` (`ha-web[cloudflare]`). Zone settings
    stay as they are when this is destroyed: Cloudflare can't delete a setting.

    Errors (ConfigurationError, at preview): a malformed id, a domain outside its zone, steering or an interval that the
    plan lacks, a monitor that Cloudflare refuses, a missing origin or missing name servers, both regions the same.
    """

    load_balancer_id: pulumi.Output[str] | None
    """Id of the load balancer. None for `delegate`."""
    monitor_id: pulumi.Output[str] | None
    """Id of the monitor. None for `delegate`."""
    pool_ids: dict[str, pulumi.Output[str]]
    """Ids of the pools by role (primary, standby). Empty for `delegate`."""
    seconds_to_leave: int
    """Seconds until a failed region gets no more requests, at most. 0 for `delegate`: Route 53 decides."""
    seconds_to_enter: int
    """Seconds until a promoted region gets requests, at most. 0 for `delegate`."""

    def __init__(self, name: str, args: CloudflareEdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        load_sdk()
        super().__init__("ha-web:index:CloudflareEdge", name, None, opts)
        self.load_balancer_id, self.monitor_id, self.pool_ids = None, None, {}
        self.seconds_to_leave = self.seconds_to_enter = 0
        site = Site(name, self, args["account_id"], args["zone_id"], args["zone"], args["domain"])
        if _mode_of(args) is CloudflareMode.DELEGATE:
            site.delegate(args["name_servers"])
        else:
            monitor, origins = _monitor_of(args), _origins_of(args)
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


def _mode_of(args: CloudflareEdgeArgs) -> CloudflareMode:
    return args.get("mode", CloudflareMode.PROXY)


def _monitor_of(args: CloudflareEdgeArgs) -> Monitor:
    """Return the monitor with its defaults."""
    given: Any = {**args.get("monitor", {})}
    if "regions" in given:
        given["regions"] = tuple(given["regions"])
    return Monitor(**given)


def _origins_of(args: CloudflareEdgeArgs) -> dict[str, CloudflareOriginArgs]:
    """Return the regions by role."""
    given = {"primary": args.get("primary"), "standby": args.get("standby")}
    return {role: origin for role, origin in given.items() if origin}


def _serves(origins: dict[str, CloudflareOriginArgs]) -> dict[str, Sequence[str]]:
    """Return the parts of the world that each region serves."""
    return {role: origin.get("serves", rules.served_from(origin["region"])) for role, origin in origins.items()}


def _checked(name: str, args: CloudflareEdgeArgs) -> CloudflareEdgeArgs:
    problems = Problems(f'CloudflareEdge "{name}"')
    args = problems.checked(args, CloudflareEdgeArgs)
    mode = _mode_of(args)
    problems.add(*rules.identifier_problems(account_id=args["account_id"], zone_id=args["zone_id"]))
    problems.add(*rules.domain_problems(args["domain"], args["zone"], mode))
    if mode is CloudflareMode.PROXY:
        problems.add(*_proxy_problems(args))
    elif "name_servers" not in args:
        problems.add("name_servers is missing; mode delegate needs them")
    problems.raise_if_any()
    return args


def _proxy_problems(args: CloudflareEdgeArgs) -> list[str]:
    problems = [] if "primary" in args else ["primary is missing; mode proxy needs it"]
    problems += address_problems(args.get("notify", []))
    plan, steering = args.get("plan", CloudflarePlan.ADD_ON), args.get("steering", CloudflareSteering.FAILOVER)
    origins = _origins_of(args)
    problems += rules.monitor_problems(_monitor_of(args), plan)
    problems += rules.steering_problems(steering, plan, _serves(origins), standby="standby" in args)
    regions = [origin["region"] for origin in origins.values()]
    if len(regions) > len(set(regions)):
        problems.append(f"standby.region is {quoted(regions[-1])}; it must differ from the primary's")
    return problems
