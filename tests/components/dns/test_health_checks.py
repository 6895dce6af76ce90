"""Limits and times of Route 53's health checks."""

import pytest
from ha_web.dns.health_checks import (
    CHECK_TYPES,
    HTTP_SECONDS,
    TCP_SECONDS,
    HealthCheck,
    check_problems,
    inside,
    seconds_to_divert,
    seconds_to_notice,
)


def problems(
    protocol: str = "https", port: int | None = None, path: str | None = None, interval: int = 10, failures: int = 2
) -> list[str]:
    return check_problems(HealthCheck(protocol, port, path, interval, failures))


@pytest.mark.parametrize(
    ("interval", "failures", "timeout", "notice", "divert"),
    [
        (10, 2, HTTP_SECONDS, 32, 92),
        (10, 1, HTTP_SECONDS, 16, 76),
        (30, 3, HTTP_SECONDS, 108, 168),
        (10, 2, TCP_SECONDS, 40, 100),
    ],
)
def test_clients_are_diverted_after_checks_that_time_out_and_the_fixed_ttl_of_an_alias(
    interval: int, failures: int, timeout: int, notice: int, divert: int
) -> None:
    assert seconds_to_notice(interval, failures, timeout) == notice
    assert seconds_to_divert(interval, failures, timeout) == divert


@pytest.mark.parametrize("protocol", ["https", "http", "http2", "websocket", "grpc"])
def test_protocols_with_a_usual_port_need_none(protocol: str) -> None:
    assert problems(protocol=protocol) == []


@pytest.mark.parametrize("protocol", ["tcp", "tls", "udp"])
def test_other_protocols_are_checked_by_connecting_to_a_given_port(protocol: str) -> None:
    assert CHECK_TYPES[protocol] == "TCP"
    assert problems(protocol=protocol, port=7000) == []
    [problem] = problems(protocol=protocol)
    assert problem.startswith(f"health_check.port is missing; {protocol} has no usual port")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (problems(interval=20), "health_check.interval is 20; Route 53 checks every 10 or every 30 seconds"),
        (problems(failures=0), "health_check.failures is 0; it must be 1 to 10"),
        (problems(failures=11), "health_check.failures is 11; it must be 1 to 10"),
        (problems(port=0), "health_check.port is 0; ports are 1 to 65535"),
        (problems(port=65536), "health_check.port is 65536; ports are 1 to 65535"),
        (problems(path="healthz"), 'health_check.path is "healthz"; it must start with /'),
        (
            problems(protocol="tcp", port=7000, path="/healthz"),
            'health_check.path is "/healthz"; a tcp check only connects and asks for no path',
        ),
        (
            problems(protocol="quic"),
            'health_check.protocol is "quic"; it must be one of grpc, http, http2, https, tcp, tls, udp, websocket',
        ),
    ],
)
def test_each_impossible_check_is_named_with_its_value_and_the_reason(found: list[str], text: str) -> None:
    assert found == [text]


@pytest.mark.parametrize(
    ("domain", "zone", "is_inside"),
    [
        ("www.example.com", "example.com", True),
        ("example.com", "example.com.", True),
        ("WWW.Example.com", "example.com", True),
        ("a.b.example.com.", "example.com", True),
        ("wwwexample.com", "example.com", False),
        ("example.com", "www.example.com", False),
        ("example.org", "example.com", False),
    ],
)
def test_a_domain_is_inside_its_zone_or_not(domain: str, zone: str, is_inside: bool) -> None:
    assert inside(domain, zone) is is_inside
