"""The package as every Pulumi language sees it."""

import gc
import inspect
import json
import re
from functools import cache
from typing import Any

import ha_web
import pulumi
import pytest
from ha_web.__main__ import COMPONENTS
from pulumi.provider.experimental.component import ComponentProvider

from rehearsal.home import CHECKOUT
from tests.components.made import make

pytestmark = pytest.mark.xdist_group("package")

NAMES = [component.__name__ for component in COMPONENTS]


@cache  # the analyzer takes a second
def provider() -> ComponentProvider:
    # It parses each class, and passes over a class that it fails at. A finalizer that runs meanwhile (a task of an
    # earlier test) makes Python 3.11's parser fail (python/cpython#106905): so none may be left.
    gc.collect()
    return ComponentProvider(COMPONENTS, "ha-web", None, "0.1.0")


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(provider().schema or "{}")
    return found


def test_every_component_and_each_of_its_arguments_and_outputs_is_described() -> None:
    undescribed = []
    for token, resource in schema()["resources"].items():
        if not resource.get("description"):
            undescribed.append(token)
        for kind in ("inputProperties", "properties"):
            undescribed += [f"{token}.{key}" for key, value in resource[kind].items() if not value.get("description")]
    assert undescribed == []


def test_every_nested_type_is_described() -> None:
    undescribed = []
    for token, type_ in schema().get("types", {}).items():
        entries = {**type_.get("properties", {}), **{entry["name"]: entry for entry in type_.get("enum", [])}}
        undescribed += [token] if not type_.get("description") else []
        undescribed += [f"{token}.{key}" for key, value in entries.items() if not value.get("description")]
    assert undescribed == []


def test_every_component_is_exported_under_the_plugins_name() -> None:
    assert set(schema()["resources"]) == {f"ha-web:index:{name}" for name in NAMES}
    assert set(NAMES) <= set(ha_web.__all__)


def test_the_exported_names_are_sorted_and_each_is_there_once() -> None:
    assert list(ha_web.__all__) == sorted(set(ha_web.__all__))
    assert [name for name in ha_web.__all__ if not hasattr(ha_web, name)] == []


def test_the_schema_is_tied_to_no_version_of_a_provider() -> None:
    assert "schema.json#/" not in json.dumps(schema()).replace("pulumi.json#/", "")


@pytest.mark.parametrize("component", COMPONENTS, ids=NAMES)
def test_every_constructor_has_the_one_shape(component: type[pulumi.ComponentResource]) -> None:
    signature = inspect.signature(component)
    assert list(signature.parameters) == ["name", "args", "opts"]
    assert signature.parameters["name"].annotation is str
    assert signature.parameters["args"].annotation is getattr(ha_web, f"{component.__name__}Args")
    assert signature.parameters["opts"].annotation == pulumi.ResourceOptions | None
    assert signature.parameters["opts"].default is None


def test_what_another_language_sends_makes_a_component() -> None:
    """Numbers arrive as floats, names in camelCase, enums as texts."""
    host = provider()
    sent = {
        "vpcId": "vpc-1",
        "subnetIds": ["subnet-a", "subnet-b"],
        "zones": 2.0,
        "instanceType": "t4g.small",
        "startScript": "#!/bin/sh\n",
        "loadBalancerSecurityGroupId": "sg-1",
        "targetGroupArns": ["arn:tg"],
        "targetProtocol": "udp",
        "minimum": 4.0,
        "environment": {"SESSION_HOST": "x"},
    }
    args: Any = host.map_inputs(sent, host._component_defs["Fleet"])
    made = make(lambda: ha_web.Fleet("web", args))
    assert made.one("aws:autoscaling/group:Group")["minSize"] == 4
    state = make(lambda: dict(host.get_state(ha_web.Fleet("web", args), host._component_defs["Fleet"])))
    assert state.outputs["groupName"] == "web-group"


def test_nested_arguments_of_another_language_arrive() -> None:
    host = provider()
    sent = {
        "vpcId": "vpc-1",
        "subnetIds": ["subnet-a", "subnet-b"],
        "protocol": "http",
        "healthCheck": {"path": "/up", "unhealthyThreshold": 3.0},
        "waf": {"rateLimit": 100.0},
    }
    args: Any = host.map_inputs(sent, host._component_defs["LoadBalancer"])
    made = make(lambda: ha_web.LoadBalancer("web", args))
    check = made.one("aws:lb/targetGroup:TargetGroup")["healthCheck"]
    assert (check["path"], check["unhealthyThreshold"]) == ("/up", 3)
    assert made.one("aws:wafv2/webAcl:WebAcl")["rules"][0]["statement"]["rateBasedStatement"]["limit"] == 100


def test_every_component_of_the_package_is_exported_and_in_its_introduction() -> None:
    package = CHECKOUT / "components" / "ha_web"
    classes = re.compile(r"^class (\w+)\(pulumi\.ComponentResource\):", re.M)
    components = {name for path in package.rglob("*.py") for name in classes.findall(path.read_text())}
    rows = set(re.findall(r"^\| `(\w+)` \|", (package.parent / "README.md").read_text(), re.M))
    assert components == set(NAMES)
    assert components - rows == set()
