"""`region=` must reach every child and every call, because nothing inherits it."""

from collections.abc import Callable
from typing import Any

from tests.components.made import Made, make

GLOBAL_SERVICES = ("aws:iam/", "aws:route53/", "aws:cloudfront/", "aws:globalaccelerator/")
GLOBAL_CALLS = ("aws:index/getCallerIdentity:", "aws:index/getPartition:", "aws:iam/", "aws:route53/")


def assert_region_reaches_everything(build: Callable[[str | None], Any], region: str = "eu-west-1", **how: Any) -> None:
    """Build with a region: everything regional has it. Build without: nothing has one."""
    with_region = make(lambda: build(region), **how)
    regional = _regional_children(with_region)
    assert regional, "nothing regional was made"
    assert {name: inputs.get("region") for name, inputs in regional.items()} == dict.fromkeys(regional, region)
    calls = [call for call in with_region.calls if not call.token.startswith(GLOBAL_CALLS)]
    assert [call for call in calls if call.args.get("region") != region] == []

    without = make(lambda: build(None), **how)
    assert [name for name, inputs in _regional_children(without).items() if "region" in inputs] == []
    assert [call for call in without.calls if "region" in call.args] == []


def _regional_children(made: Made[Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{child.type} {child.name}": child.inputs
        for child in made.children
        if not child.type.startswith(GLOBAL_SERVICES)
    }
