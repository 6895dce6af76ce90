"""Settings of an application that no server could run, refused in one line each."""

from pathlib import Path
from typing import Any

import pytest
from ha_web.site import parse

from tests.components.application.test_package import site as package
from tests.components.site.test_arguments import SITE

OWN = {"startScript": "#!/bin/sh\n"}
DIGEST = "sha256:" + "a" * 64


def problems(application: Any, **values: Any) -> list[str]:
    return parse.parse({**SITE, **values, "application": application})[1]


def test_an_application_of_each_kind_is_taken(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site"))
    for application in (
        OWN,
        {"package": folder},
        {"container": f"ghcr.io/me/shop@{DIGEST}"},
        {"image": "ami-01234567"},
    ):
        assert problems(application) == []


@pytest.mark.parametrize(
    ("application", "values", "line"),
    [
        ({}, {}, "application says of nothing where it comes from; give one of package, container, image, startScript"),
        ({**OWN, "image": "ami-01234567"}, {}, "application has image and startScript; give one of"),
        ({"package": "/none"}, {}, 'application.package is "/none"; there is no such folder or archive'),
        ({"container": "shop:latest"}, {}, 'application.container is "shop:latest"; write an image as'),
        ({"container": "ghcr.io/me/shop:1"}, {}, 'application.container is "ghcr.io/me/shop:1"; a tag may lead'),
        ({"image": "shop"}, {}, 'application.image is "shop"; it must be an id like'),
        (
            {"image": "ami-01234567"},
            {"servers": {"image": "ami-01234567"}},
            "application.image and servers.image are both given; servers start from one image",
        ),
        ({**OWN, "port": 80}, {}, "application.port is 80; the application runs without root's rights"),
        ({**OWN, "port": 20049}, {}, "application.port is 20049; the mount helper of the shared storage uses"),
        ({**OWN, "environment": {"A-B": "c"}}, {}, 'application.environment has "A-B"; names are letters'),
        ({**OWN, "secrets": {"A": "stripe"}}, {}, 'application.secrets.A is "stripe"; it must be the whole ARN'),
        ({**OWN, "policies": ["admin"]}, {}, 'application.policies[0] is "admin"; it must be the ARN of an IAM policy'),
        ({**OWN, "egress": ["smtp"]}, {}, 'application.egress has "smtp"; write "host:port"'),
        (
            {**OWN, "egress": ["sg-0123456789abcdef0"]},
            {},
            "application.egress has sg-0123456789abcdef0; a security group is of one region",
        ),
        ({**OWN, "drainSeconds": 4000}, {}, "application.drainSeconds is 4000; it must be at most 3600"),
        ({**OWN, "logDays": 31}, {}, "application.logDays is 31; CloudWatch Logs takes only certain periods"),
        ({**OWN, "pakage": "."}, {}, "application.pakage is not a setting; the nearest known one is package"),
    ],
)
def test_bad_input_names_the_setting_the_value_and_the_reason(
    application: dict[str, Any], values: dict[str, Any], line: str
) -> None:
    [found] = problems(application, **values)
    assert found.startswith(line)


def test_each_problem_of_a_package_is_told(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site", "strat: ./serve\n"))
    assert [line.partition("; ")[2] for line in problems({"package": folder})] == [
        'ha-web.yaml has "strat", which is unknown; the nearest known one is start',
        "ha-web.yaml has no start: the command that runs the application",
    ]


def test_tls_to_the_servers_is_taken_in_two_steps(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site", "start: ./serve\nprotocols: [http, tcp]\n"))
    for step in ("none", "offered", "used"):
        for protocol in ("https", "tls"):
            assert problems({"package": folder}, tlsToServers=step, protocol=protocol, port=443) == []


@pytest.mark.parametrize(
    ("application", "values", "line"),
    [
        (OWN, {}, "tlsToServers is used; application.startScript is given, and ends no TLS that we know of"),
        ({"image": "ami-01234567", "port": 8443}, {}, "tlsToServers is used; servers take TLS on 8443, which is"),
        ({"image": "ami-01234567"}, {"protocol": "http"}, "tlsToServers is used; with http no TLS ends at the load"),
        ({"image": "ami-01234567"}, {"protocol": "tls"}, "tlsToServers is used; healthCheck.path is missing, and tls"),
    ],
)
def test_tls_to_servers_that_could_not_work_is_refused(
    application: dict[str, Any], values: dict[str, Any], line: str
) -> None:
    found = [problem for problem in problems(application, tlsToServers="used", **values) if "tlsToServers" in problem]
    assert [problem[: len(line)] for problem in found] == [line]


def test_a_package_for_other_processors_is_refused(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site", "start: ./serve\narchitecture: x86_64\n"))
    [line] = problems({"package": folder})
    assert line.endswith("architecture is x86_64; the servers' instance type is arm64")
    assert problems({"package": folder}, servers={"instanceType": "m7i.large"}) == []


def test_a_protocol_that_a_package_does_not_speak_is_refused_and_one_that_it_does_is_not(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site", "start: ./serve\nprotocols: [http2]\n"))
    [line] = problems({"package": folder})
    assert line == "protocol is https; the application speaks http2 (ha-web.yaml); use http2"
    assert problems({"package": folder}, protocol="http2") == []


def test_a_port_that_contradicts_the_packages_is_refused(tmp_path: Path) -> None:
    folder = str(package(tmp_path / "site", "start: ./serve\nport: 9000\n"))
    assert problems({"package": folder, "port": 3000}) == [
        "application.port is 3000; the package listens on 9000 (ha-web.yaml)"
    ]


def test_one_region_may_name_a_security_group() -> None:
    assert problems({**OWN, "egress": ["sg-0123456789abcdef0"]}, standby=None, certificates={}) == []
