"""The releases of a site: their order, what judges them, and what a region keeps."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, Site, SiteArgs

from tests.components.made import Made, Resource, make
from tests.components.site.test_arguments import ANSWERS, SITE

PARAMETER = "aws:ssm/parameter:Parameter"
START = {"application": {"start_script": "#!/bin/sh\n"}}


def site(**values: Any) -> Made[Site]:
    args = {**SITE, **START, "strategy": "warm-standby", **values}
    return make(lambda: Site("site", cast(SiteArgs, args)), answers=ANSWERS)


def release(made: Made[Site], role: str) -> Resource:
    return made.named(f"release-{role}")


def after(made: Made[Site], role: str) -> set[str]:
    """The releases that a region's waits for."""
    [component] = [each for each in made.all("ha-web:index:Release") if each.name == role]
    names = [urn.rpartition("::")[2] for urn in component.options["depends_on"]]
    return {name.removeprefix("release-") for name in names if name.startswith("release-")}


def test_the_standby_is_released_before_the_primary() -> None:
    made = site()
    assert (after(made, "standby"), after(made, "primary")) == (set(), {"standby"})


def test_a_standby_without_servers_follows_the_primary() -> None:
    made = site(strategy="pilot-light")
    assert (after(made, "standby"), after(made, "primary")) == ({"primary"}, set())


def test_one_region_alone_may_be_released_and_the_other_one_holds_its_version() -> None:
    made = site(release={"order": "only-standby"})
    assert release(made, "primary").options["ignore_changes"] == ["insecureValue"]
    assert release(made, "standby").options["ignore_changes"] == []
    assert after(made, "standby") == set()


def test_a_region_goes_back_to_the_version_that_is_named() -> None:
    made = site(release={"versions": {"standby": 4}})
    assert json.loads(release(made, "standby")["insecureValue"])["version"] == 4
    assert json.loads(release(made, "primary")["insecureValue"])["version"] == 1


def test_no_other_way_leads_a_new_version_to_the_servers() -> None:
    made = site(servers={"further_instance_types": ["t4g.medium"]})
    groups = made.all("aws:autoscaling/group:Group")
    assert [set(group.options["ignore_changes"]) for group in groups] == [
        {"launchTemplate", "mixedInstancesPolicy"},
        {"launchTemplate", "mixedInstancesPolicy"},
    ]
    assert len([each for each in made.all(PARAMETER) if each.name.startswith("release-")]) == 2
    assert json.loads(release(made, "primary")["insecureValue"])["instanceTypes"] == ["t4g.small", "t4g.medium"]


def test_each_regions_topic_is_told_of_launches_and_releases_that_fail() -> None:
    made = site()
    assert {each.name for each in made.all("ha-web:index:ReleaseNotice")} == {"primary", "standby"}
    [target] = [
        each for each in made.all("aws:cloudwatch/eventTarget:EventTarget") if each.name.startswith("primary-rel")
    ]
    assert "eu-west-1" in target["arn"]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"release": {"order": "first"}}, 'release.order is "first"'),
        (
            {"release": {"versions": {"tertiary": 1}}},
            "release.versions.tertiary is given; clusters are in primary, standby",
        ),
        ({"release": {"versions": {"primary": 0}}}, "release.versions.primary is 0; versions count from 1"),
        ({"release": {"canary_percent": 100}}, "release.canary_percent is 100; it must be 1 to 99"),
        ({"standby": None, "release": {"order": "only-standby"}}, "there is no cluster in a standby region"),
        ({"servers": {"further_instance_types": ["m7i.large"]}}, 'has "m7i.large", for x86_64'),
    ],
)
def test_a_release_that_cannot_be_is_refused(values: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        site(**values)
    assert line in str(error.value)
