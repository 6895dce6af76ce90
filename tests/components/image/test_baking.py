"""An application's way into an image."""

import json

from ha_web import ApplicationArtifacts
from ha_web.image.baking import baking
from ha_web.image.documents import command_problems

from tests.components.application.machine import APP
from tests.components.made import Made, make


def baked(storage: bool = False) -> Made[object]:
    def build() -> dict[str, object]:
        artifacts = ApplicationArtifacts("site", {"regions": ["eu-west-1", "eu-central-1"], "package": str(APP)})
        found = baking(artifacts, "eu-west-1", port=8080, health_path="/healthz", storage=storage)
        return {"digest": artifacts.digest, **found, "policy": found["policies"][0]}

    return make(build)


def test_the_release_is_installed_as_a_server_would_and_then_tried() -> None:
    outputs = baked(storage=True).outputs
    assert f"/opt/ha-web/releases/{outputs['digest']}" in outputs["install_command"]
    assert "-m ha_web_server install --region eu-west-1 --storage --logs" in outputs["install_command"]
    assert "-m ha_web_server trial --port 8080 --health /healthz" in outputs["test_command"]
    for key in ("install_command", "test_command"):
        assert command_problems(key, outputs[key]) == []


def test_the_building_instance_reads_the_release_and_nothing_else() -> None:
    [statement] = json.loads(baked().outputs["policy"])["Statement"]
    assert statement["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert statement["Resource"].startswith("arn:aws:s3:::site-eu-west-1-releases/")
