"""The unit of the application."""

from dataclasses import replace

import pytest
from ha_web.application.server.unit import Container, Service, container_unit, image_drop_in, package_unit

SERVICE = Service("shop", stop_seconds=120)
RELEASE = "/opt/ha-web/releases/abc"


def lines(unit: str) -> list[str]:
    return unit.splitlines()


def test_it_runs_as_a_user_without_rights() -> None:
    unit = lines(package_unit(SERVICE, RELEASE))
    for line in ("User=ha-web", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert line in unit


def test_it_has_the_time_to_stop_that_requests_need() -> None:
    for unit in (package_unit(SERVICE, RELEASE), container_unit(SERVICE, Container("i", 80)), image_drop_in(SERVICE)):
        assert "TimeoutStopSec=120" in lines(unit)


@pytest.mark.parametrize("credentials", [False, True])
def test_the_roles_credentials_are_out_of_its_reach_unless_it_needs_them(credentials: bool) -> None:
    unit = lines(package_unit(replace(SERVICE, credentials=credentials), RELEASE))
    assert ("IPAddressDeny=169.254.169.254" in unit) != credentials


def test_it_is_started_again_for_ever() -> None:
    unit = lines(package_unit(SERVICE, RELEASE))
    assert {"Restart=always", "StartLimitIntervalSec=0"} <= {*unit}


def test_programs_that_compile_while_they_run_may() -> None:
    assert "MemoryDenyWriteExecute" not in package_unit(SERVICE, RELEASE)


def test_a_container_has_no_capabilities_and_its_own_network() -> None:
    unit = container_unit(SERVICE, Container("registry/shop@sha256:1", 9000, ["B", "A"]))
    [command] = [line for line in lines(unit) if line.startswith("ExecStart=")]
    assert command.endswith(" --publish 9000:9000/tcp --env A --env B registry/shop@sha256:1")
    assert "--cap-drop ALL" in command
    assert "--network" not in command
    assert "Requires=docker.service" in lines(unit)


def test_a_container_that_listens_by_udp_is_checked_by_tcp() -> None:
    unit = container_unit(SERVICE, Container("i", 53000, udp=True))
    assert "--publish 53000:53000/tcp --publish 53000:53000/udp" in unit
