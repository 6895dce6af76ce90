"""A site's declaration at Resilience Hub: off unless asked for, and the one that `ha-web hub` would make."""

from typing import Any

import pytest

from ops.core.stack import parse
from ops.hub.declared import declared
from tests.components.site.test_dashboards import ONE_REGION
from tests.components.site.test_site import made_of, problems_of

OBJECTIVES = {
    "zone": {"recovery": "1h", "data_loss": "1m"},
    "region": {"recovery": "2h", "data_loss": "1h"},
    "corruption": {"recovery": "8h", "data_loss": "1d"},
}
KIND = "aws:resiliencehub/v2"


def told(made: Any) -> list[Any]:
    return [each for each in made.resources if each.type.startswith(KIND)]


def test_nothing_is_declared_there_unless_it_is_asked_for() -> None:
    assert told(made_of(objectives=OBJECTIVES)) == []


@pytest.mark.parametrize(
    ("failures", "settings"),
    [(OBJECTIVES, {}), (["zone", "corruption"], {"strategy": "backup-restore"}), (["zone"], ONE_REGION)],
)
def test_what_the_program_declares_is_what_the_command_would(failures: Any, settings: dict[str, Any]) -> None:
    objectives = {failure: OBJECTIVES[failure] for failure in failures}
    made = made_of(resilience_hub=True, objectives=objectives, **settings)
    wanted = declared(parse({**made.outputs, "site": "www.example.com"}, "a test"))
    policy, service = made.one(f"{KIND}Policy:V2Policy"), made.one(f"{KIND}Service:V2Service")
    parts = ("multiAz", "multiRegion", "dataRecovery")
    assert {part: policy[part] for part in parts if part in policy} == wanted.policy
    assert (policy["name"], service["name"], tuple(service["regions"])) == (wanted.name, wanted.name, wanted.regions)
    assert {each["text"] for each in made.all(f"{KIND}Assertion:V2Assertion")} == {*wanted.assertions.values()}
    assert policy["tags"]["ha-web:stack"] == service["tags"]["ha-web:stack"]
    [source] = made.all(f"{KIND}InputSource:V2InputSource")
    assert source["resourceConfiguration"]["resourceTags"] == [
        {"key": "ha-web:stack", "values": [policy["tags"]["ha-web:stack"]]}
    ]


@pytest.mark.parametrize("objectives", [{}, {"server": {"recovery": "1m"}}])
def test_a_declaration_that_says_nothing_is_refused(objectives: Any) -> None:
    [line] = problems_of(resilience_hub=True, objectives=objectives)
    assert "resilience_hub is true; objectives has no objective of a zone, a region or data" in line
