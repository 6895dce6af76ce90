"""Health checks of a load balancer: defaults and limits. No SDK here."""

import json
import re
from typing import Any, NotRequired, TypedDict

from ha_web.core.wording import quoted
from ha_web.load_balancer.protocols import BalancerType, Transport

DEFAULT_INTERVAL = 5
DEFAULT_TIMEOUT = 2
DEFAULT_THRESHOLD = 2

_RANGES = {
    "interval": (5, 300),
    "timeout": (2, 120),
    "healthy_threshold": (2, 10),
    "unhealthy_threshold": (2, 10),
}
"""Least and most that AWS takes:
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"""


class HealthCheckArgs(TypedDict):
    """Health checks of the servers. A server is out after interval x unhealthy_threshold: 10 s by default."""

    path: NotRequired[str]
    """Path of the request. Default `/healthz`, which must not depend on a shared store, or a failover of the store
    would take all servers out. For gRPC `/grpc.health.v1.Health/Check`. TCP, TLS and UDP only open a TCP
    connection, unless a path is given; then it stays one by HTTP, for the provider refuses to take the path away
    (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elbv2/target_group.go)."""
    matcher: NotRequired[str]
    """Status codes that mean healthy, like `200`, `200-299` or `200,204`. Default `200`; for gRPC `0` (OK)."""
    interval: NotRequired[int]
    """Seconds between checks, 5 to 300. Default 5, AWS's least (AWS's default is 30)."""
    timeout: NotRequired[int]
    """Seconds to wait for an answer, 2 to 120, below the interval. Default 2, AWS's least."""
    healthy_threshold: NotRequired[int]
    """Successful checks in a row that put a server into service, 2 to 10. Default 2 (AWS's default is 5)."""
    unhealthy_threshold: NotRequired[int]
    """Failed checks in a row that take a server out of service, 2 to 10. Default 2, AWS's least and its own default."""


def resolved(args: HealthCheckArgs, transport: Transport) -> dict[str, Any]:
    """Return the health check of a target group, with the defaults filled in."""
    speaks_http = transport.check_protocol in ("HTTP", "HTTPS") or "path" in args
    by_http = "HTTPS" if transport.target_protocol in ("HTTPS", "TLS") else "HTTP"
    check: dict[str, Any] = {
        "enabled": True,
        "port": "traffic-port",
        "protocol": by_http if speaks_http else transport.check_protocol,
        "interval": args.get("interval", DEFAULT_INTERVAL),
        "timeout": args.get("timeout", DEFAULT_TIMEOUT),
        "healthy_threshold": args.get("healthy_threshold", DEFAULT_THRESHOLD),
        "unhealthy_threshold": args.get("unhealthy_threshold", DEFAULT_THRESHOLD),
    }
    if speaks_http:
        check |= {
            "path": args.get("path", transport.check_path),
            "matcher": args.get("matcher", transport.check_matcher),
        }
    return check


def health_check_problems(args: HealthCheckArgs, transport: Transport) -> list[str]:
    """Return a line for each value that AWS would refuse."""
    check = resolved(args, transport)
    problems = [
        f"health_check.{key} is {check[key]}; it must be {least} to {most}"
        for key, (least, most) in _RANGES.items()
        if not least <= check[key] <= most
    ]
    if check["timeout"] >= check["interval"]:
        problems.append(
            f"health_check.timeout is {check['timeout']}; it must be below the interval, which is {check['interval']}"
        )
    if "path" not in check:
        if "matcher" in args:
            problems.append(f'health_check.matcher is "{args["matcher"]}"; without a path there is no status code')
        return problems
    if not re.fullmatch(r"/[!\"$-~]{0,1023}", check["path"]):
        problems.append(
            f'health_check.path is {json.dumps(check["path"])}; it must begin with "/", '
            "at most 1024 characters of ASCII without spaces and #"
        )
    problems += _matcher_problems(check["matcher"], transport)
    return problems


def _matcher_problems(matcher: str, transport: Transport) -> list[str]:
    least, most = (
        (0, 99) if transport.target_version == "GRPC" else (200, 599 if transport.type is BalancerType.NETWORK else 499)
    )
    numbers = [int(number) for number in re.findall(r"[0-9]+", matcher)]
    written = re.fullmatch(r"[0-9]+(-[0-9]+|(,[0-9]+)*)", matcher)
    rising = "-" not in matcher or numbers == sorted(numbers)
    if not written or not rising or not all(least <= number <= most for number in numbers):
        return [f'health_check.matcher is {quoted(matcher)}; it must be codes from {least} to {most}, like "{least}"']
    return []
