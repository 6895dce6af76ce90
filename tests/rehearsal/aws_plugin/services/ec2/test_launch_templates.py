"""Launch templates: what a change of one announces, and what of it AWS is told, as by the real provider."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
WEB = {"name": "web", "instanceType": "t3.micro", "description": "one", "latestVersion": 3}


@pytest.fixture
def template(emulator: Emulator, unique: str) -> Resource:
    return Program(emulator).up(TEMPLATE, unique, instanceType="t3.micro", description="one", updateDefaultVersion=True)


def announced(template: Resource, **changed: object) -> set[str]:
    """The outputs that the preview of an update says will change."""
    news = {**template.inputs, **changed}
    given = (template.token, template.name, template.id, template.inputs, template.state, news)
    return {*template.state} - {*template.lifecycle.update(*given, preview=True)}


def test_a_new_description_is_a_new_version_that_no_preview_announces(template: Resource) -> None:
    assert announced(template, instanceType="t3.small") == {"latestVersion", "defaultVersion"}
    assert announced(template, description="two") == set()
    template.update(description="two")
    assert template.state["latestVersion"] == 2


def test_a_change_of_the_maintenance_alone_reaches_aws_only_with_another(template: Resource) -> None:
    maintenance = {"autoRecovery": "disabled"}
    assert of_update(TEMPLATE, WEB, maintenanceOptions=maintenance) == []
    [made] = of_update(TEMPLATE, WEB, maintenanceOptions=maintenance, instanceType="t3.small")
    assert made["LaunchTemplateData"]["MaintenanceOptions"] == {"AutoRecovery": "disabled"}
    assert template.changes(maintenanceOptions=maintenance) == {"maintenanceOptions": "ADD"}


def test_every_update_makes_the_latest_version_the_default_one(template: Resource, aws: Client) -> None:
    latest = {**WEB, "updateDefaultVersion": True}
    made = of_update(TEMPLATE, latest, tags={"a": "b"})
    assert [each["DefaultVersion"] for each in made if each["call"] == "ModifyLaunchTemplate"] == ["3"]
    assert calls(of_update(TEMPLATE, WEB, tags={"a": "b"})) == ["CreateTags"]
    template.update(instanceType="t3.small")
    aws("ec2").modify_launch_template(LaunchTemplateId=template.id, DefaultVersion="1")
    template.update(tags={"a": "b"})
    assert template.state["defaultVersion"] == 2
