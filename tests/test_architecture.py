"""The rooms of docs/architecture.md, held against the code."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import ha_web
import pulumi
import pytest

CHECKOUT = Path(__file__).parent.parent
PROGRAM = {
    *("__main__", "application", "arguments", "both_regions", "collector", "config_reader", "edge", "facts"),
    *("recovery_pages", "settings", "settings_checks", "settings_groups", "settings_recovery"),
}
OURS = {*PROGRAM, "ha_web", "ha_web_app", "rehearsal", "tests", "bench", "examples"}
MAY_IMPORT = {
    "components/ha_web": {"ha_web"},
    "app": {"ha_web_app"},
    "rehearsal": {"rehearsal"},
    "examples": {"ha_web"},
    "program": {"ha_web", *PROGRAM},
}
COMPONENTS = [
    member for _, member in inspect.getmembers(ha_web, inspect.isclass) if issubclass(member, pulumi.ComponentResource)
]


def files_of(room: str) -> Iterator[Path]:
    if room == "program":
        return (file for pattern in ("*.py", "arguments/*.py") for file in CHECKOUT.glob(pattern))
    return (CHECKOUT / room).rglob("*.py")


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_is_below_it(room: str) -> None:
    wrong = {
        f"{file.relative_to(CHECKOUT)} imports {name}"
        for file in files_of(room)
        for name in imported(file) & OURS
        if name not in MAY_IMPORT[room]
    }
    assert wrong == set()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_every_room_has_code(room: str) -> None:
    assert list(files_of(room))


PURE = [
    "alarm_rules",
    "audit_rules",
    "backup_alarm_rules",
    "backup_coverage",
    "backup_rules",
    "capacity",
    "cidr_slots",
    "database_rules",
    "cloudflare_rules",
    "assumption_table",
    "assumptions",
    "backup_rules",
    "capacity",
    "cidr_slots",
    "costs",
    "detection",
    "durations",
    "durable_rules",
    "failover_documents",
    "health_check",
    "objectives",
    "policy_documents",
    "prices",
    "protocols",
    "recovery_facts",
    "restore_rules",
    "restore_validation/handler",
    "region_switch_documents",
    "session_rules",
    "strategy",
    "standby_readiness",
    "storage_rules",
    "recovery_steps",
    "recovery_summary",
    "recovery_terms",
    "region_failure",
    "remedies",
    "session_rules",
    "strategy",
    "strategy_table",
    "switch_documents",
    "tags",
    "worst_cases",
]


@pytest.mark.parametrize("name", PURE)
def test_arithmetic_stays_without_pulumi(name: str) -> None:
    assert not imported(CHECKOUT / f"components/ha_web/{name}.py") & {"pulumi", "pulumi_aws", "pulumi_cloudflare"}


def test_the_public_components_are_these() -> None:
    assert {component.__name__ for component in COMPONENTS} == {
        "Alarms",
        "BackupAudit",
        "BackupPlan",
        "Certificates",
        "Database",
        "DurableSessionStore",
        "CloudflareEdge",
        "FailoverAutomation",
        "FailoverDns",
        "FailoverSwitch",
        "Fleet",
        "GlobalDatabase",
        "GlobalSessionStore",
        "ImageCopy",
        "LoadBalancer",
        "MultiRegionSessions",
        "MultiRegionKey",
        "Network",
        "RestoreTesting",
        "RegionSwitchPlan",
        "SessionStore",
        "SharedStorage",
        "StorageReplication",
        "WebCluster",
    }


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_constructor_has_the_one_shape(component: type[pulumi.ComponentResource]) -> None:
    parameters = inspect.signature(component).parameters
    assert list(parameters) == ["name", "args", "opts"]
    assert parameters["args"].annotation.__name__ == f"{component.__name__}Args"
    assert parameters["opts"].default is None


def test_no_file_is_longer_than_it_should_be() -> None:
    rooms = ["components/ha_web", "rehearsal", "app", "bench", "program"]
    lengths = {str(f.relative_to(CHECKOUT)): len(f.read_text().splitlines()) for r in rooms for f in files_of(r)}
    assert {name: length for name, length in lengths.items() if length > 330} == {}


def test_every_file_of_the_program_is_known() -> None:
    found = {file.stem if file.parent == CHECKOUT else file.parent.name for file in files_of("program")}
    assert found == PROGRAM
