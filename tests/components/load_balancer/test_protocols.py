"""Transports of protocols, and health checks."""

import pytest
from ha_web.load_balancer.health_check import HealthCheckArgs, health_check_problems, resolved
from ha_web.load_balancer.protocols import (
    BalancerType,
    Protocol,
    certificate_problem,
    over_tls,
    port_problem,
    protocol_problems,
    tls_to_servers_problem,
    transport_of,
)

ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


@pytest.mark.parametrize(
    ("protocol", "certificate", "type_", "listener", "target", "version", "port"),
    [
        ("http", False, "application", "HTTP", "HTTP", "HTTP1", 80),
        ("https", True, "application", "HTTPS", "HTTP", "HTTP1", 443),
        ("http2", True, "application", "HTTPS", "HTTP", "HTTP2", 443),
        ("grpc", True, "application", "HTTPS", "HTTP", "GRPC", 443),
        ("websocket", True, "application", "HTTPS", "HTTP", "HTTP1", 443),
        ("websocket", False, "application", "HTTP", "HTTP", "HTTP1", 80),
        ("tcp", False, "network", "TCP", "TCP", None, None),
        ("tls", True, "network", "TLS", "TCP", None, 443),
        ("udp", False, "network", "UDP", "UDP", None, None),
    ],
)
def test_each_protocol_has_its_balancer_and_its_way(
    protocol: str, certificate: bool, type_: str, listener: str, target: str, version: str | None, port: int | None
) -> None:
    transport = transport_of(Protocol(protocol), certificate=certificate)
    assert (transport.type, transport.listener_protocol, transport.target_protocol) == (type_, listener, target)
    assert (transport.target_version, transport.port) == (version, port)


@pytest.mark.parametrize(
    ("protocol", "target", "check"),
    [("https", "HTTPS", "HTTPS"), ("http2", "HTTPS", "HTTPS"), ("grpc", "HTTPS", "HTTPS"), ("tls", "TLS", "TCP")],
)
def test_tls_may_go_on_to_the_servers_and_the_checks_with_it(protocol: str, target: str, check: str) -> None:
    transport = over_tls(transport_of(Protocol(protocol), certificate=True))
    assert (transport.target_protocol, resolved({}, transport)["protocol"]) == (target, check)
    assert resolved({"path": "/up"}, transport)["protocol"] == "HTTPS"


@pytest.mark.parametrize(
    ("protocol", "certificate", "asks", "reason"),
    [
        ("https", True, False, None),
        ("websocket", True, False, None),
        ("websocket", False, True, "with websocket no TLS ends at the load balancer that it could go on with"),
        ("http", False, True, "with http no TLS ends at the load balancer that it could go on with"),
        ("tcp", False, True, "with tcp no TLS ends at the load balancer that it could go on with"),
        ("udp", False, True, "with udp no TLS ends at the load balancer that it could go on with"),
        ("tls", True, True, None),
        ("tls", True, False, "health_check.path is missing, and tls checks would only connect to what ends TLS"),
    ],
)
def test_tls_to_servers_that_would_protect_nothing_or_hide_a_failure_is_refused(
    protocol: str, certificate: bool, asks: bool, reason: str | None
) -> None:
    transport = transport_of(Protocol(protocol), certificate=certificate)
    problem = tls_to_servers_problem(Protocol(protocol), transport, asks=asks)
    assert problem is None if reason is None else f"tls_to_servers is true; {reason}" in str(problem)


@pytest.mark.parametrize("protocol", list(Protocol))
def test_naming_the_other_kind_of_balancer_names_the_one_that_carries_it(protocol: Protocol) -> None:
    transport = transport_of(protocol, certificate=True)
    other = next(kind for kind in BalancerType if kind is not transport.type)
    problems = protocol_problems(protocol, other, 4000, certificate=transport.tls)
    assert problems == [f'type is "{other}"; {protocol} is carried by the {transport.type} load balancer']
    assert protocol_problems(protocol, transport.type, 4000, certificate=transport.tls) == []


@pytest.mark.parametrize("protocol", ["https", "http2", "grpc", "tls"])
def test_tls_needs_a_certificate(protocol: str) -> None:
    problems = protocol_problems(Protocol(protocol), None, None, certificate=False)
    assert problems == [f"certificate_arn is missing; {protocol} needs one"]


@pytest.mark.parametrize("protocol", ["http", "tcp", "udp"])
def test_a_certificate_that_nothing_uses_is_refused(protocol: str) -> None:
    problems = protocol_problems(Protocol(protocol), None, 4000, certificate=True)
    assert problems == [f"certificate_arn is given; {protocol} has no TLS to use it for"]


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_tcp_and_udp_need_a_port(protocol: str) -> None:
    assert protocol_problems(Protocol(protocol), None, None, certificate=False) == [
        f"port is missing; {protocol} has no port of its own"
    ]


def test_the_port_of_the_redirect_is_not_free_for_tls() -> None:
    [problem] = protocol_problems(Protocol.HTTPS, None, 80, certificate=True)
    assert problem.startswith("port is 80, from where plain HTTP is sent on to TLS")
    assert protocol_problems(Protocol.GRPC, None, 80, certificate=True) == []


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        (ARN, "of eu-west-1; the load balancer is in us-east-1 and needs one from there"),
        ("my-certificate", "it is not the ARN of a certificate"),
        ("arn:aws:s3:::bucket", "it is not the ARN of a certificate"),
    ],
)
def test_a_certificate_from_elsewhere_is_refused(arn: str, reason: str) -> None:
    assert reason in (certificate_problem(arn, "us-east-1") or "")


def test_a_certificate_of_the_region_and_one_of_iam_are_taken() -> None:
    assert certificate_problem(ARN, "eu-west-1") is None
    assert certificate_problem("arn:aws:iam::123456789012:server-certificate/web", "eu-west-1") is None


@pytest.mark.parametrize(("port", "fine"), [(None, True), (1, True), (65535, True), (0, False), (65536, False)])
def test_ports_have_bounds(port: int | None, fine: bool) -> None:
    assert (port_problem("port", port) is None) is fine


def test_a_dead_server_is_out_after_ten_seconds_the_least_that_aws_allows() -> None:
    check = resolved({}, transport_of(Protocol.HTTPS, certificate=True))
    assert check["interval"] * check["unhealthy_threshold"] == 10
    assert check["timeout"] < check["interval"]
    assert (check["path"], check["matcher"], check["protocol"]) == ("/healthz", "200", "HTTP")


def test_grpc_servers_are_asked_by_the_grpc_health_protocol() -> None:
    check = resolved({}, transport_of(Protocol.GRPC, certificate=True))
    assert (check["path"], check["matcher"]) == ("/grpc.health.v1.Health/Check", "0")


@pytest.mark.parametrize("protocol", ["tcp", "tls", "udp"])
def test_connections_are_checked_by_connecting_unless_a_path_is_given(protocol: str) -> None:
    transport = transport_of(Protocol(protocol), certificate=True)
    assert resolved({}, transport)["protocol"] == "TCP"
    assert "path" not in resolved({}, transport)
    assert resolved({"path": "/up"}, transport)["protocol"] == "HTTP"


@pytest.mark.parametrize(
    ("protocol", "args", "reason"),
    [
        ("https", {"timeout": 5}, "health_check.timeout is 5; it must be below the interval, which is 5"),
        ("https", {"interval": 10, "timeout": 12}, "must be below the interval, which is 10"),
        ("https", {"interval": 4}, "health_check.interval is 4; it must be 5 to 300"),
        ("https", {"timeout": 1}, "health_check.timeout is 1; it must be 2 to 120"),
        ("https", {"unhealthy_threshold": 1}, "health_check.unhealthy_threshold is 1; it must be 2 to 10"),
        ("https", {"healthy_threshold": 11}, "health_check.healthy_threshold is 11; it must be 2 to 10"),
        ("https", {"path": "healthz"}, 'health_check.path is "healthz"; it must begin with "/"'),
        ("https", {"matcher": "ok"}, 'health_check.matcher is "ok"; it must be codes from 200 to 499'),
        ("https", {"matcher": "200-599"}, "it must be codes from 200 to 499"),
        ("https", {"matcher": "200,"}, "it must be codes from 200 to 499"),
        ("grpc", {"matcher": "200"}, "it must be codes from 0 to 99"),
        ("tcp", {"matcher": "200"}, "without a path there is no status code"),
    ],
)
def test_a_health_check_that_aws_refuses_is_refused(protocol: str, args: HealthCheckArgs, reason: str) -> None:
    problems = health_check_problems(args, transport_of(Protocol(protocol), certificate=True))
    assert any(reason in problem for problem in problems), problems


@pytest.mark.parametrize("matcher", ["200", "200-299", "200,204,301"])
def test_codes_may_be_one_a_range_or_a_list(matcher: str) -> None:
    assert health_check_problems({"matcher": matcher}, transport_of(Protocol.HTTP, certificate=False)) == []
