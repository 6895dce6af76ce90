"""What a region has served, and what was before."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ops.releases.history import Parameter, Served, parameters, report, served, way_back

DAY = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)


def versions(*numbers: int) -> list[Served]:
    return [Served(number, DAY) for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "back", "version"),
    [
        ((3, 2, 1), 1, 2),
        ((3, 2, 1), 2, 1),
        ((3, 2, 1), 3, None),
        ((1,), 1, None),
        ((7, 3, 1), 1, 3),  # 4 to 6 were never served
        ((3, 5, 3, 1), 1, 1),  # after a return from 5, what was before 3 is not 5
    ],
)
def test_the_way_back_leads_to_what_was_served(numbers: tuple[int, ...], back: int, version: int | None) -> None:
    assert way_back(versions(*numbers), back) == version


def test_a_history_is_read_the_last_value_first() -> None:
    entries = [
        {"Version": number, "Value": json.dumps({"version": v}), "LastModifiedDate": DAY}
        for number, v in ((1, 1), (2, 4))
    ]
    assert served(entries) == versions(4, 1)


def test_the_parameters_of_releases_are_found_in_the_state_and_no_others() -> None:
    def resource(kind: str, name: str, **given: Any) -> dict[str, Any]:
        return {"urn": f"urn:pulumi:prod::site::{kind}::{name}", **given}

    chain = "ha-web:index:Site$ha-web:index:Release$aws:ssm/parameter:Parameter"
    state = [
        resource(chain, "release-primary", id="release-primary-1", outputs={"region": "eu-west-1"}),
        resource("ha-web:index:Fleet$aws:ssm/parameter:Parameter", "web-image-1", id="x", outputs={}),
        resource("ha-web:index:Release", "primary"),
    ]
    exported = {"deployment": {"resources": state}}
    assert parameters(exported) == [Parameter("primary", "release-primary-1", "eu-west-1")]
    assert parameters({}) == []


def test_the_report_ends_with_the_commands_that_go_back() -> None:
    histories = {
        Parameter("primary", "p", "eu-west-1"): versions(3, 2),
        Parameter("standby", "s", "eu-central-1"): versions(5),
    }
    assert report(histories, 1, "prod").splitlines() == [
        "primary (eu-west-1) serves version 3",
        "      3  since 2026-11-29 10:15",
        "      2  since 2026-11-29 10:15",
        "standby (eu-central-1) serves version 5",
        "      5  since 2026-11-29 10:15",
        "  nothing was served 1 before it",
        "",
        "To go back by 1:",
        "  pulumi config set --stack prod --path 'ha-web:release.versions.primary' 2",
        "  pulumi up --stack prod",
    ]
