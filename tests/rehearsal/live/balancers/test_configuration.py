"""A node's configuration: each setting of the account's is there, at the pace, and HAProxy takes it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.live.balancers.configuration import Node, configuration
from rehearsal.live.balancers.model import HealthCheck, Listener
from rehearsal.live.balancers.slots import Slots
from rehearsal.live.programs import haproxy
from tests.rehearsal.live.balancers.sample import FORWARD, GROUPS, REDIRECT, WEB, balancer, node, target

EVERYTHING = {"slow_start.duration_seconds": "30", "stickiness.enabled": "true"}
BY_APPLICATION = {
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
    "stickiness.app_cookie.cookie_name": "id",
}


ENCRYPTED = replace(
    node(), groups={WEB: replace(GROUPS[WEB], protocol="HTTPS", check=replace(GROUPS[WEB].check, protocol="HTTPS"))}
)


def written(of: Node, *targets: int, speed: float = 1.0) -> str:
    slots = Slots(2)
    slots.fill([target(number) for number in targets], 0.0)
    return configuration(of, {WEB: slots}, lambda seconds: seconds / speed)


def block(text: str, name: str) -> list[str]:
    """The lines of a section."""
    lines = text.splitlines()
    start = lines.index(name) + 1
    rest = lines[start:]
    return [line.strip() for line in rest[: next((i for i, line in enumerate(rest) if line[:1] != " "), len(rest))]]


def test_a_request_that_fails_is_not_tried_again() -> None:
    said = block(written(node()), "defaults")
    assert {"retries 0", "no option redispatch", "timeout connect 10000ms", "timeout server 60000ms"} <= {*said}
    assert "retry-on" not in written(node())


def test_the_mistake_of_trying_another_server_can_be_made() -> None:
    assert "retry-on all-retryable-errors" in block(written(node(mistakes=("redispatch",))), "defaults")


def test_the_pace_shortens_what_aws_waits_for() -> None:
    text = written(node(), 1, speed=5)
    assert "timeout connect 2000ms" in block(text, "defaults")
    assert "default-server inter 1000ms fastinter 600ms rise 2 fall 2" in block(text, "backend checks-web")


def test_checks_have_the_time_out_for_the_connection_too() -> None:
    said = block(written(node(), 1), "backend checks-web")
    assert {"timeout connect 2000ms", "timeout check 2000ms", "http-check expect status 200"} <= {*said}
    assert any(line.startswith("http-check send meth GET uri '/healthz'") for line in said)


def test_the_mistake_of_a_deep_check_can_be_made() -> None:
    assert "uri '/readyz'" in written(node(mistakes=("deep-health",)))


def test_traffic_tracks_the_checks_and_a_new_target_waits_for_a_first_one() -> None:
    text = written(node(), 1)
    assert "server t1 10.0.0.1:8080 check" in block(text, "backend checks-web")
    assert "server t1 10.0.0.1:8080 track checks-web/t1 disabled" in block(text, "backend web")
    assert "server t1 10.0.0.1:8080" in block(text, "backend open-web")
    assert "server t2 0.0.0.0:1 disabled" in block(text, "backend open-web")


def test_a_target_that_drains_has_no_requests_even_if_all_are_unhealthy() -> None:
    slots = Slots(1)
    slots.fill([target(1, draining=True)], 0.0)
    slots.slots["i-1:8080"].passed = True
    text = configuration(node(), {WEB: slots}, float)
    assert block(text, "backend web")[-1].endswith("disabled")
    assert block(text, "backend open-web")[-1].endswith("disabled")


def test_all_targets_have_requests_when_too_few_are_healthy() -> None:
    assert "use_backend open-web if { var(txn.rule) -m int 1 } { nbsrv(web) lt 1 }" in written(node())
    half = {"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "60"}
    slots = Slots(3)
    slots.fill([target(number) for number in (1, 2, 3)], 0.0)
    assert "{ nbsrv(web) lt 2 }" in configuration(node(attributes=half), {WEB: slots}, float)


@pytest.mark.parametrize(
    ("algorithm", "line"),
    [
        ("round_robin", "balance roundrobin"),
        ("least_outstanding_requests", "balance leastconn"),
        ("weighted_random", "balance random(1)"),
    ],
)
def test_algorithms(algorithm: str, line: str) -> None:
    assert line in block(written(node(attributes={"load_balancing.algorithm.type": algorithm})), "backend web")


def test_slow_start_and_stickiness() -> None:
    traffic = block(written(node(attributes=EVERYTHING), 1), "backend web")
    assert "server t1 10.0.0.1:8080 track checks-web/t1 slowstart 30000ms disabled" in traffic
    assert "cookie AWSALB insert indirect nocache dynamic maxlife 86400s" in traffic


def test_users_addresses_are_told_to_targets() -> None:
    said = block(written(node()), "frontend listener-8000")
    assert {"option forwardfor", "http-request set-header X-Forwarded-Proto http"} <= {*said}
    kept = node(balancer(attributes={"routing.http.xff_header_processing.mode": "preserve"}))
    assert "option forwardfor" not in written(kept)


def test_tls_is_ended_with_the_certificates_of_the_listener() -> None:
    https = Listener("l", 443, "HTTPS", ("arn:cert",), "ELBSecurityPolicy-TLS13-1-3-2021-06", (FORWARD,))
    text = written(replace(node(balancer(https)), certificates={"arn:cert": Path("/c.pem"), "other": Path("/d.pem")}))
    assert "bind 127.0.0.1:443 ssl crt '/c.pem' ssl-min-ver TLSv1.3 alpn h2,http/1.1" in text
    older = replace(https, policy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")
    assert "ssl-min-ver TLSv1.2" in written(node(balancer(older)))
    plain = balancer(https, attributes={"routing.http2.enabled": "false"})
    assert "alpn" not in written(node(plain))


def test_a_network_load_balancer_balances_flows() -> None:
    tcp = Listener("l", 8000, "TCP", rules=(FORWARD,))
    of = node(balancer(tcp, kind="network"))
    text = written(replace(of, groups={WEB: replace(GROUPS[WEB], protocol="TCP", check=HealthCheck("TCP"))}), 1)
    assert "mode tcp" in block(text, "frontend listener-8000")
    assert "timeout client 350000ms" in block(text, "defaults")
    assert "option httpchk" not in text


def test_targets_are_spoken_to_and_checked_by_tls_with_whatever_certificate_they_show() -> None:
    text = written(ENCRYPTED, 1)
    assert "server t1 10.0.0.1:8080 check check-ssl verify none" in block(text, "backend checks-web")
    assert "server t1 10.0.0.1:8080 track checks-web/t1 ssl verify none disabled" in block(text, "backend web")
    assert "server t1 10.0.0.1:8080 ssl verify none" in block(text, "backend open-web")


@pytest.mark.parametrize(
    "of",
    [
        node(balancer(Listener("l", 8000, "HTTP", rules=(REDIRECT,)), Listener("m", 8001, "HTTP", rules=(FORWARD,)))),
        node(attributes=EVERYTHING),
        node(attributes=BY_APPLICATION),
        node(mistakes=("redispatch", "deep-health")),
        replace(
            node(balancer(Listener("l", 8000, "TCP", rules=(FORWARD,)), kind="network")),
            groups={WEB: replace(GROUPS[WEB], protocol="TCP", check=HealthCheck("TCP"))},
        ),
        ENCRYPTED,
    ],
    ids=["redirect", "everything", "app-cookie", "mistakes", "network", "encrypted"],
)
def test_haproxy_takes_it(of: Node, tmp_path: Path) -> None:
    file = tmp_path / "haproxy.cfg"
    file.write_text(written(of, 1, 2))
    program, environment = haproxy()
    done = subprocess.run(
        [program, "-c", "-f", file], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "[WARNING]" not in done.stderr
