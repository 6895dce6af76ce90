"""What images are baked with, and the name under which that is kept."""

import json

import pytest
from ha_web.application.commands import Artifact, Extras, install_command, start_command

from rehearsal.live.servers.images import build_script, builder_arn, content_key, installs, releases

DIGEST = "ab" * 32


def script(bucket: str = "releases", digest: str = DIGEST, region: str = "eu-west-1", logs: bool = True) -> str:
    artifact = Artifact(region, bucket, "release.tar", "v1", digest)
    return install_command(artifact, Extras(logs=logs)) + start_command(digest)


def document(commands: list[str], phase: str = "build", action: str = "ExecuteBash") -> str:
    step = {"name": "s", "action": action, "inputs": {"commands": commands}}
    return json.dumps({"schemaVersion": 1.0, "phases": [{"name": phase, "steps": [step]}]})


def test_an_image_of_image_builder_says_so_in_a_tag() -> None:
    arn = "arn:aws:imagebuilder:eu-west-1:1:image/web/1.0.0/1"
    assert builder_arn({"Tags": [{"Key": "Name", "Value": "x"}, {"Key": "Ec2ImageBuilderArn", "Value": arn}]}) == arn
    assert builder_arn({"ImageId": "ami-1"}) == ""


def test_the_build_phase_only_each_step_in_a_shell_of_its_own() -> None:
    found = build_script(
        [document(["one", "two"]), document(["trial"], phase="test"), document(["x"], action="Reboot")]
    )
    assert found == "#!/bin/bash\nset -e\n(\none\ntwo\n)\n"
    assert build_script([document(["trial"], phase="test")]) == ""


def test_a_script_names_its_releases() -> None:
    assert releases(script()) == (DIGEST,)
    assert installs(script())
    assert not installs("#!/bin/bash\necho nothing\n")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (script(bucket="releases-of-another-account"), True),
        (script(region="eu-central-1"), True),
        (script(digest="cd" * 32), False),
        (script(logs=False), False),
        (script() + "echo later", True),
    ],
)
def test_what_is_installed_has_the_same_name_wherever_it_comes_from(other: str, same: bool) -> None:
    assert (content_key(script(), "tools") == content_key(other, "tools")) is same


def test_other_tools_or_a_script_without_a_release_is_something_else() -> None:
    assert content_key(script(), "tools") != content_key(script(), "others")
    assert content_key("a", "tools") != content_key("b", "tools")
