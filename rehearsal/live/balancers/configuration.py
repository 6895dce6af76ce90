"""The configuration of a node: HAProxy set as AWS says that its load balancers are. Pure.

| Setting | As, in `docs.aws.amazon.com/elasticloadbalancing/latest/` |
|---|---|
| no retry, no other server | a request that fails fails: `application/load-balancer-troubleshooting.html` |
| `timeout connect` 10 s | the same page, HTTP 504 |
| `timeout client`, `server` | the idle time-out, 60 s: `application/edit-load-balancer-attributes.html` |
| a connection closes with an answer, once it is old | client keep-alive: the same page |
| checks: interval, time-out, thresholds, codes | `application/target-group-health-checks.html` |
| `open-…`: all targets when too few are healthy | `application/target-group-health.html` |
| `leastconn`, `slowstart`, `cookie` | `application/edit-target-group-attributes.html` |
| `X-Forwarded-…` | `application/x-forwarded-headers.html` |
| 350 s idle, by flow | `network/update-idle-timeout.html` |

Checks are in a backend of their own, which the traffic's servers track: there they have the check's time-out for the
connection, too, so that a target that is silent fails after the time-out and not after the interval.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.live.balancers.model import Listener, LoadBalancer, TargetGroup, forwards
from rehearsal.live.balancers.rules import lines, word
from rehearsal.live.balancers.slots import Slots

CONNECT = 10.0
"""Seconds."""

FLOW_IDLE = 350.0
"""Seconds, of a Network Load Balancer."""

ALGORITHMS = {
    "round_robin": "roundrobin",
    "least_outstanding_requests": "leastconn",
    "weighted_random": "random(1)",
}

NEWEST_ONLY = "TLS13-1-3"
"""Security policies with it in their names take TLS 1.3 only."""

MOST = 4000
"""Connections of a node."""


@dataclass(frozen=True)
class Node:
    """A load balancer's node in one zone."""

    balancer: LoadBalancer
    zone: str
    address: str
    groups: Mapping[str, TargetGroup]
    certificates: Mapping[str, Path] = field(default_factory=dict)
    """Files by ARN of the certificate."""
    mistakes: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The host's name."""
        return f"{self.balancer.name}.{self.zone}"


def configuration(node: Node, slots: Mapping[str, Slots], real: Callable[[float], float]) -> str:
    """Return a node's configuration.

    Args:
        node: what the account says.
        slots: the targets of each target group, by its ARN.
        real: turns seconds at AWS into seconds here.
    """
    is_application = node.balancer.kind == "application"
    idle = float(node.balancer.attribute("idle_timeout.timeout_seconds")) if is_application else FLOW_IDLE
    text = [*_global(node), *_defaults(node, idle, real)]
    for listener in node.balancer.listeners:
        text += _frontend(node, listener, slots, real)
    for arn in node.balancer.groups():
        if arn in node.groups:
            text += _group(node, node.groups[arn], slots.get(arn, Slots()), real)
    return "\n".join([*text, ""])


def _global(node: Node) -> list[str]:
    return [
        f"# {node.name}",
        "global",
        "    stats socket unix@stats level admin mode 600 expose-fd listeners",
        f"    maxconn {MOST}",
        "    no strict-limits",
        "    nbthread 1",
        "    spread-checks 0",
        "    tune.ssl.default-dh-param 2048",
    ]


def _defaults(node: Node, idle: float, real: Callable[[float], float]) -> list[str]:
    again = ["retries 3", "option redispatch 1", "retry-on all-retryable-errors"]
    return [
        "defaults",
        *(
            f"    {line}"
            for line in [
                *(again if "redispatch" in node.mistakes else ["retries 0", "no option redispatch"]),
                f"timeout connect {_span(real(CONNECT))}",
                f"timeout client {_span(real(idle))}",
                f"timeout server {_span(real(idle))}",
                f"timeout tunnel {_span(real(idle))}",
                "timeout queue 1s",
            ]
        ),
    ]


def _span(seconds: float) -> str:
    return f"{max(1, round(seconds * 1000))}ms"


def _frontend(node: Node, listener: Listener, slots: Mapping[str, Slots], real: Callable[[float], float]) -> list[str]:
    ends_tls = listener.protocol in ("HTTPS", "TLS")
    h2 = node.balancer.attribute("routing.http2.enabled") == "true" and listener.protocol == "HTTPS"
    bind = f"bind {node.address}:{listener.port}"
    if ends_tls:
        files = [word(str(node.certificates[arn])) for arn in listener.certificates if arn in node.certificates]
        version = "TLSv1.3" if NEWEST_ONLY in listener.policy else "TLSv1.2"
        bind += f" ssl {' '.join(f'crt {file}' for file in files)} ssl-min-ver {version}"
        bind += " alpn h2,http/1.1" if h2 else ""
    name = f"listener-{listener.port}"
    few = {arn: fewest(node, arn, slots) for arn, _ in forwards(listener)}
    if listener.protocol not in ("HTTP", "HTTPS"):
        return _flows(node, listener, name, bind, few)
    header = node.balancer.attribute("routing.http.xff_header_processing.mode")
    forwarded = {"append": ["option forwardfor"], "remove": ["http-request del-header X-Forwarded-For"]}
    protocol = "https" if ends_tls else "http"
    body = [
        "mode http",
        bind,
        *_client_keep_alive(real(float(node.balancer.attribute("client_keep_alive.seconds")))),
        *forwarded.get(header, []),
        f"http-request set-header X-Forwarded-Proto {protocol}",
        f"http-request set-header X-Forwarded-Port {listener.port}",
        "http-request set-header X-Amzn-Trace-Id Root=1-%[date,hex,lower,bytes(8,8)]-%[uuid,regsub(-,,g),bytes(0,24)]",
        *lines(listener.rules, node.groups, few, https=ends_tls),
    ]
    return [f"frontend {name}", *(f"    {line}" for line in body)]


def _client_keep_alive(seconds: float) -> list[str]:
    """Return the lines that close a connection with the first answer after so many seconds of it."""
    old = f"date(0,ms),sub(sess.began) ge {round(seconds * 1000)}"
    return [
        "http-request set-var(sess.began) date(0,ms) unless { var(sess.began) -m found }",
        f"http-after-response set-header Connection close if {{ {old} }}",
    ]


def _flows(node: Node, listener: Listener, name: str, bind: str, few: Mapping[str, int]) -> list[str]:
    """Return the frontend of a Network Load Balancer's listener."""
    if listener.protocol not in ("TCP", "TLS", "TCP_UDP"):
        return [f"# listener {listener.port}: {listener.protocol} isn't here"]
    body = ["mode tcp", bind]
    for arn, _ in forwards(listener)[:1]:
        if arn in node.groups:
            group = node.groups[arn].name
            body += [f"use_backend open-{group} if {{ nbsrv({group}) lt {few[arn]} }}", f"default_backend {group}"]
    return [f"frontend {name}", *(f"    {line}" for line in body)]


def fewest(node: Node, arn: str, slots: Mapping[str, Slots]) -> int:
    """Return how many targets have to be healthy, or requests go to all of them."""
    group = node.groups.get(arn)
    return group.fewest("unhealthy_state_routing", len(slots[arn].slots) if arn in slots else 0) if group else 1


def _group(node: Node, group: TargetGroup, slots: Slots, real: Callable[[float], float]) -> list[str]:
    mode = "http" if group.protocol in ("HTTP", "HTTPS") else "tcp"
    tls = " ssl verify none" if group.protocol in ("HTTPS", "TLS") else ""
    reuse = ["http-reuse always"] if mode == "http" else []
    balance = ALGORITHMS.get(group.attribute("load_balancing.algorithm.type"), "roundrobin")
    slow = group.seconds("slow_start.duration_seconds")
    start = f" slowstart {_span(real(slow))}" if slow else ""
    names = [f"t{number}" for number in range(1, slots.size + 1)]
    common = [f"mode {mode}", f"balance {balance if mode == 'http' else 'random'}", *reuse]
    blocks = {
        f"checks-{group.name}": [*_checks(node, group, real), *_servers(slots, names, _checked(group), "checks")],
        group.name: [
            *common,
            *_stickiness(group),
            *_servers(slots, names, f" track checks-{group.name}/{{name}}{start}{tls}", "traffic"),
        ],
        f"open-{group.name}": [*common, *_servers(slots, names, tls, "open")],
    }
    return [line for name, body in blocks.items() for line in [f"backend {name}", *(f"    {each}" for each in body)]]


def _servers(slots: Slots, names: Sequence[str], words: str, use: str) -> list[str]:
    found = []
    for name in names:
        slot = slots.by_name(name)
        ready = (
            slot is not None
            and {
                "checks": True,
                "traffic": slot.takes,
                "open": not slot.target.draining,
            }[use]
        )
        where = f"{slot.target.address}:{slot.target.port}" if slot else "0.0.0.0:1"
        found.append(f"server {name} {where}{words.format(name=name)}{'' if ready else ' disabled'}")
    return found


def _checked(group: TargetGroup) -> str:
    """Return the words of a server that is checked: over TLS if asked, with whatever certificate it shows.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
    """
    return " check check-ssl verify none" if group.check.protocol == "HTTPS" else " check"


def _stickiness(group: TargetGroup) -> list[str]:
    if group.attribute("stickiness.enabled") != "true" or group.protocol not in ("HTTP", "HTTPS"):
        return []
    if group.attribute("stickiness.type") == "app_cookie":
        name = group.attribute("stickiness.app_cookie.cookie_name")
        return [
            "stick-table type string len 128 size 100k expire 24h",
            f"stick store-response res.cook({name})",
            f"stick match req.cook({name})",
        ]
    seconds = group.attribute("stickiness.lb_cookie.duration_seconds")
    return [f"cookie AWSALB insert indirect nocache dynamic maxlife {seconds}s", "dynamic-cookie-key rehearsal"]


def _checks(node: Node, group: TargetGroup, real: Callable[[float], float]) -> list[str]:
    check = group.check
    # HAProxy waits from the end of a check, AWS from its beginning: exact for a target that is silent. One that refuses
    # at once is found out, and one that recovers is back, earlier than at AWS, by the time-out for each further check.
    after = max(check.interval - check.timeout, 0.1)
    limit = _span(real(check.timeout))
    port = f" port {check.port}" if check.port.isdigit() else ""
    body = [
        f"mode {'http' if check.protocol in ('HTTP', 'HTTPS') else 'tcp'}",
        f"timeout connect {limit}",
        f"timeout check {limit}",
        f"default-server inter {_span(real(check.interval))} fastinter {_span(real(after))} "
        f"rise {check.healthy} fall {check.unhealthy}{port}",
    ]
    if check.protocol in ("HTTP", "HTTPS"):
        path = "/readyz" if "deep-health" in node.mistakes else check.path
        sent = (
            f"http-check send meth GET uri {word(path)} ver HTTP/1.1 hdr Host {word(node.address)} "
            "hdr User-Agent ELB-HealthChecker/2.0 hdr Connection close"
        )
        body += [
            "option httpchk",
            sent,
            f"http-check expect status {check.matcher}",
        ]
    return body
