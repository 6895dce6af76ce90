"""Generated names in a state."""

from typing import Any

import pytest

from ops.adopt.names import Adopted, adopt

PARENT = "urn:pulumi:prod::ha-web::ha-web:index:Site$aws:sns/topic:Topic::"


def resource(logical: str = "primary-notices", kind: str = "aws:sns/topic:Topic", **inputs: Any) -> dict[str, Any]:
    return {"urn": f"{PARENT}{logical}", "custom": True, "type": kind, "inputs": inputs}


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": [*resources]}}


def test_a_generated_name_counts_as_such_and_what_else_is_there_stays() -> None:
    found, adopted = adopt(state(resource(name="primary-notices-8aef05d", tags={"a": "b"}, __defaults=["region"])))
    assert adopted == [Adopted("primary-notices", "name", "primary-notices-8aef05d")]
    [kept] = found["deployment"]["resources"]
    assert kept["inputs"] == {
        "name": "primary-notices-8aef05d",
        "tags": {"a": "b"},
        "__defaults": ["name", "region"],
    }
    assert (found["version"], found["deployment"]["manifest"]) == (3, {})
    assert adopt(found) == (found, [])


@pytest.mark.parametrize(
    "other",
    [
        resource(name="primary-notices"),
        resource(name="primary-notices-8aef05"),
        resource(name="other-notices-8aef05d"),
        resource(name="primary-notices-8aef05d", __defaults=["name"]),
        resource(description="the topic primary-notices-8aef05d"),
        resource(kind="pulumi:providers:aws", name="primary-notices-8aef05d"),
        {"urn": f"{PARENT}site", "type": "ha-web:index:Site"},
    ],
)
def test_what_nobody_generated_stays_as_it_is(other: dict[str, Any]) -> None:
    assert adopt(state(other)) == (state(other), [])


def test_a_name_in_small_letters_is_known() -> None:
    _, [adopted] = adopt(state(resource("Primary", bucket="primary-8aef05d")))
    assert adopted.argument == "bucket"
