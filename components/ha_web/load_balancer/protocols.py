"""The type of load balancer, listener and target group that each protocol needs. No SDK here."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Protocol(StrEnum):
    """Protocol between clients and the load balancer."""

    HTTP = "http"
    """HTTP/1.1 without TLS."""
    HTTPS = "https"
    """HTTPS (HTTP/1.1 and HTTP/2) from clients, HTTP/1.1 to servers."""
    HTTP2 = "http2"
    """HTTPS from clients, HTTP/2 to servers."""
    GRPC = "grpc"
    """gRPC over TLS from clients, gRPC to servers."""
    WEBSOCKET = "websocket"
    """WebSocket: over TLS with a certificate, plain without."""
    TCP = "tcp"
    """TCP, passed through."""
    TLS = "tls"
    """TLS, terminated at the load balancer; TCP to servers."""
    UDP = "udp"
    """UDP, passed through."""


class BalancerType(StrEnum):
    """Type of load balancer."""

    APPLICATION = "application"
    """Application Load Balancer: HTTP, layer 7."""
    NETWORK = "network"
    """Network Load Balancer: connections, layer 4."""


class TlsToServers(StrEnum):
    """How far TLS between load balancer and servers is: a site with users goes there in two steps."""

    NONE = "none"
    """Servers take none."""
    OFFERED = "offered"
    """Servers take it on a port of its own, and plain requests as before."""
    USED = "used"
    """The load balancer speaks it."""


@dataclass(frozen=True)
class Transport:
    """A protocol's listener, target group and health check, in AWS's terms."""

    type: BalancerType
    listener_protocol: str
    target_protocol: str
    port: int | None
    """Default port of the listener; None where the protocol has none."""
    tls: bool = False
    target_version: str | None = None
    redirect: bool = False
    """True if plain HTTP is redirected to TLS. gRPC clients follow no redirects."""
    check_protocol: str = "HTTP"
    check_path: str = "/healthz"
    check_matcher: str = "200"

    @property
    def logged(self) -> bool:
        """True if AWS writes access logs: a network load balancer logs TLS connections only.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
        """
        return self.type is BalancerType.APPLICATION or self.tls


_PLAIN = Transport(BalancerType.APPLICATION, "HTTP", "HTTP", 80, target_version="HTTP1")
_SECURE = Transport(BalancerType.APPLICATION, "HTTPS", "HTTP", 443, tls=True, target_version="HTTP1", redirect=True)

_TRANSPORTS = {
    Protocol.HTTP: _PLAIN,
    Protocol.HTTPS: _SECURE,
    Protocol.HTTP2: replace(_SECURE, target_version="HTTP2"),
    Protocol.GRPC: replace(
        _SECURE,
        target_version="GRPC",
        redirect=False,
        check_path="/grpc.health.v1.Health/Check",  # https://github.com/grpc/grpc/blob/master/doc/health-checking.md
        check_matcher="0",  # OK
    ),
    Protocol.WEBSOCKET: _SECURE,
    Protocol.TCP: Transport(BalancerType.NETWORK, "TCP", "TCP", None, check_protocol="TCP"),
    Protocol.TLS: Transport(BalancerType.NETWORK, "TLS", "TCP", 443, tls=True, check_protocol="TCP"),
    Protocol.UDP: Transport(BalancerType.NETWORK, "UDP", "UDP", None, check_protocol="TCP"),
}


def transport_of(protocol: Protocol, *, certificate: bool) -> Transport:
    """Return the transport of a protocol; only that of WebSocket depends on the certificate."""
    if protocol is Protocol.WEBSOCKET and not certificate:
        return _PLAIN
    return _TRANSPORTS[protocol]


def over_tls(transport: Transport) -> Transport:
    """Return the transport with TLS between load balancer and servers, health checks included.

    Neither type of load balancer checks what certificate a server shows.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
    """
    target = "HTTPS" if transport.type is BalancerType.APPLICATION else "TLS"
    check = "HTTPS" if transport.check_protocol == "HTTP" else transport.check_protocol
    return replace(transport, target_protocol=target, check_protocol=check)


def tls_to_servers_problem(protocol: Protocol, transport: Transport, *, asks: bool) -> str | None:
    """Return a line where TLS to the servers would protect nothing, or hide that they are down.

    Args:
        protocol: the protocol between clients and the load balancer.
        transport: its transport.
        asks: whether health checks ask for a path.
    """
    if not transport.tls:
        return f"tls_to_servers is true; with {protocol} no TLS ends at the load balancer that it could go on with"
    if transport.check_protocol == "TCP" and not asks:
        reason = "checks would only connect to what ends TLS on a server, also while its application is down"
        return f"tls_to_servers is true; health_check.path is missing, and {protocol} {reason}"
    return None


def protocol_problems(
    protocol: Protocol, type_: BalancerType | None, port: int | None, *, certificate: bool
) -> list[str]:
    """Return a line for each that does not fit the protocol: type of load balancer, certificate, port."""
    transport = transport_of(protocol, certificate=certificate)
    problems = []
    if type_ is not None and type_ is not transport.type:
        problems.append(f'type is "{type_}"; {protocol} is carried by the {transport.type} load balancer')
    if transport.tls and not certificate:
        problems.append(f"certificate_arn is missing; {protocol} needs one")
    if certificate and not transport.tls:
        problems.append(f"certificate_arn is given; {protocol} has no TLS to use it for")
    if port is None and transport.port is None:
        problems.append(f"port is missing; {protocol} has no port of its own")
    if port == 80 and transport.redirect:
        problems.append(f"port is 80, from where plain HTTP is sent on to TLS; {protocol} needs another")
    return problems


def port_problem(name: str, port: int | None) -> str | None:
    """Return a line for a number that is no port."""
    return None if port is None or 1 <= port <= 65535 else f"{name} is {port}; ports are 1 to 65535"


def certificate_problem(arn: str, region: str) -> str | None:
    """Return a line for a string that is no certificate's ARN, or the ARN of another region's certificate."""
    parts = arn.split(":")
    if len(parts) != 6 or parts[0] != "arn" or parts[2] not in ("acm", "iam"):
        return f'certificate_arn is "{arn}"; it is not the ARN of a certificate'
    if parts[2] == "acm" and parts[3] != region:
        return f'certificate_arn is "{arn}", of {parts[3]}; the load balancer is in {region} and needs one from there'
    return None
