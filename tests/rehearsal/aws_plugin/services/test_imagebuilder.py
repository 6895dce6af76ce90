"""Image Builder in the emulated plugin and the emulated AWS: what images are made of, images, and which are kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from rehearsal.plugin.errors import PartialError
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

pytestmark = pytest.mark.xdist_group("services-imagebuilder")

COMPONENT = "aws:imagebuilder/component:Component"
RECIPE = "aws:imagebuilder/imageRecipe:ImageRecipe"
INFRASTRUCTURE = "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration"
DISTRIBUTION = "aws:imagebuilder/distributionConfiguration:DistributionConfiguration"
IMAGE = "aws:imagebuilder/image:Image"
POLICY = "aws:imagebuilder/lifecyclePolicy:LifecyclePolicy"

AWAY = "eu-central-1"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}]}


def document(phase: str = "build", command: str = "echo installed") -> str:
    return f"""schemaVersion: 1.0
phases:
  - name: {phase}
    steps:
      - name: Step
        action: ExecuteBash
        inputs:
          commands:
            - {command}
"""


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "shop"})


@pytest.fixture
def base(aws: Client) -> str:
    path = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    return str(aws("ssm").get_parameter(Name=path)["Parameter"]["Value"])


@pytest.fixture
def role(aws: Client, unique: str) -> str:
    """A role of which there is also an instance profile of the same name."""
    iam = aws("iam")
    iam.create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_instance_profile(InstanceProfileName=unique)
    return unique


@pytest.fixture
def infrastructure(program: Program, role: str) -> Resource:
    return program.up(INFRASTRUCTURE, role, instanceProfileName=role, instanceTypes=["t4g.small"])


def component(program: Program, name: str, phase: str = "build", command: str = "echo installed") -> Resource:
    return program.up(COMPONENT, f"{name}-{phase}", platform="Linux", version="1.0.0", data=document(phase, command))


def recipe(program: Program, name: str, base: str, *components: Resource) -> Resource:
    disk = {"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "volumeSize": 20, "volumeType": "gp3"}}
    parts = [{"componentArn": each.id} for each in components]
    return program.up(RECIPE, name, parentImage=base, version="1.0.0", components=parts, blockDeviceMappings=[disk])


def to(*regions: str, **tags: str) -> list[dict[str, Any]]:
    amis = {"name": "shop {{ imagebuilder:buildDate }}", "amiTags": tags} if tags else {}
    return [{"region": region, "amiDistributionConfiguration": amis} for region in regions]


def test_a_component_is_kept_as_it_was_written(program: Program, unique: str) -> None:
    it = component(program, unique)
    assert it.id.endswith(f"component/{it.inputs['name'].lower()}/1.0.0/1")
    assert (it.state["type"], it.settled()) == ("BUILD", True)
    assert component(program, unique, "test").state["type"] == "TEST"
    assert it.difference({**it.inputs, "data": document(command="echo other")}).replaces == ["data"]
    it.update(tags={"Name": "other"})
    assert it.settled()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("schemaVersion: [", "not valid YAML"),
        ("schemaVersion: 1.0", "schemaVersion 1.0 and phases"),
        ("schemaVersion: 1.0\nphases: [{name: install, steps: [{name: a, action: b}]}]", "phase has a name of"),
        ("schemaVersion: 1.0\nphases: [{name: build, steps: [{name: a}]}]", "no name or no action"),
    ],
)
def test_a_document_that_cannot_be_run_is_refused(program: Program, unique: str, data: str, reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        program.up(COMPONENT, unique, platform="Linux", version="1.0.0", data=data)


def test_a_recipe_is_of_what_exists_and_holds_it(program: Program, unique: str, base: str) -> None:
    part = component(program, unique)
    it = recipe(program, unique, base, part)
    assert it.settled()
    with pytest.raises(Exception, match="has other resources depended on it"):
        part.delete()
    it.delete()
    part.delete()
    assert it.gone()
    assert part.gone()
    with pytest.raises(Exception, match="does not exist"):
        recipe(program, unique, base, part)


def test_an_infrastructure_needs_its_profile_and_updates_as_a_whole(
    program: Program, role: str, infrastructure: Resource
) -> None:
    assert infrastructure.settled()
    infrastructure.update(instanceTypes=None, instanceMetadataOptions={"httpTokens": "required"})
    assert infrastructure.settled()
    assert not infrastructure.state.get("instanceTypes")
    with pytest.raises(Exception, match="instance profile does not exist"):
        program.up(INFRASTRUCTURE, "other", instanceProfileName=f"{role}x")


def test_a_distribution_needs_names_that_differ_by_build(program: Program, unique: str) -> None:
    it = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1", content="one"))
    assert it.settled()
    it.update(distributions=to("eu-west-1", AWAY, content="two"))
    assert it.settled()
    named = [{"region": AWAY, "amiDistributionConfiguration": {"name": "always the same"}}]
    with pytest.raises(Exception, match="must include"):
        program.up(DISTRIBUTION, f"{unique}-x", distributions=named)


def image_of(
    program: Program, name: str, made_by: Resource, infrastructure: Resource, places: Resource, **more: Any
) -> Resource:
    return program.up(
        IMAGE,
        name,
        **{
            "imageRecipeArn": made_by.id,
            "infrastructureConfigurationArn": infrastructure.id,
            "distributionConfigurationArn": places.id,
            **more,
        },
    )


def amis_of(it: Resource) -> dict[str, str]:
    return {each["region"]: each["image"] for each in it.state["outputResources"][0]["amis"]}


def described(aws: Client, region: str, image: str) -> dict[str, Any]:
    found: dict[str, Any] = aws("ec2", region).describe_images(ImageIds=[image], Owners=["self"])["Images"][0]
    return found


def test_an_image_is_an_encrypted_ami_in_each_region(
    program: Program, unique: str, base: str, infrastructure: Resource, aws: Client
) -> None:
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1", AWAY, content="one"))
    made_by = recipe(program, unique, base, component(program, unique))
    it = image_of(program, unique, made_by, infrastructure, places)
    amis = amis_of(it)
    assert set(amis) == {"eu-west-1", AWAY}
    for region, image in amis.items():
        found = described(aws, region, image)
        (device,) = found["BlockDeviceMappings"]
        assert (device["Ebs"]["Encrypted"], device["Ebs"]["VolumeSize"]) == (True, 20)
        assert found["Architecture"] == "arm64"
        assert {"Key": "content", "Value": "one"} in found["Tags"]
    assert it.settled()
    with pytest.raises(Exception, match="has other resources depended on it"):
        made_by.delete()
    it.delete()
    assert it.gone()
    assert described(aws, AWAY, amis[AWAY])["State"] == "available"  # AMIs outlive the record of their making


@pytest.mark.parametrize(("phase", "state"), [("build", "BUILDING"), ("test", "TESTING")])
def test_a_step_that_fails_fails_the_image_with_its_reason(
    program: Program, unique: str, base: str, infrastructure: Resource, phase: str, state: str
) -> None:
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1"))
    made_by = recipe(program, unique, base, component(program, unique, phase, "exit 1"))
    with pytest.raises(PartialError, match=f"unexpected state 'FAILED'.*in state = '{state}'.*Step Step"):
        image_of(program, unique, made_by, infrastructure, places)


def test_a_failure_that_a_step_only_provides_for_is_none(
    program: Program, unique: str, base: str, infrastructure: Resource
) -> None:
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1"))
    careful = "|\n                if [ ! -d /opt ]; then\n                  exit 1\n                fi"
    made_by = recipe(program, unique, base, component(program, unique, "build", careful))
    assert amis_of(image_of(program, unique, made_by, infrastructure, places))


def test_tests_that_are_off_fail_nothing(program: Program, unique: str, base: str, infrastructure: Resource) -> None:
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1"))
    made_by = recipe(program, unique, base, component(program, unique, "test", "exit 1"))
    off = {"imageTestsEnabled": False, "timeoutMinutes": 60}
    assert amis_of(image_of(program, unique, made_by, infrastructure, places, imageTestsConfiguration=off))


def test_a_type_of_another_architecture_builds_nothing(program: Program, unique: str, base: str, role: str) -> None:
    other = program.up(INFRASTRUCTURE, f"{unique}-x", instanceProfileName=role, instanceTypes=["m7i.large"])
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1"))
    with pytest.raises(PartialError, match="architecture 'arm64'"):
        image_of(program, unique, recipe(program, unique, base, component(program, unique)), other, places)


def test_a_role_that_changes_later_is_never_sent(
    program: Program, unique: str, base: str, infrastructure: Resource, role: str
) -> None:
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1"))
    made_by = recipe(program, unique, base, component(program, unique))
    it = image_of(program, unique, made_by, infrastructure, places)
    arn = f"arn:aws:iam::123456789012:role/{role}"
    it.update(executionRole=arn)
    assert it.state.get("executionRole") != arn


def policy_of(role: str, count: int, tags: dict[str, str]) -> dict[str, Any]:
    return {
        "executionRole": f"arn:aws:iam::123456789012:role/{role}",
        "resourceType": "AMI_IMAGE",
        "resourceSelection": {"tagMap": tags},
        "policyDetails": [
            {
                "action": {"type": "DELETE", "includeResources": {"amis": True, "snapshots": True}},
                "filter": {"type": "COUNT", "value": count},
                "exclusionRules": {"amis": {"tagMap": {"in-use": "true"}}},
            }
        ],
    }


def test_a_policy_keeps_the_newest_images_and_those_in_use(
    program: Program, unique: str, base: str, infrastructure: Resource, aws: Client, role: str
) -> None:
    policy = program.up(POLICY, unique, **policy_of(role, 2, {"image": unique}))
    assert policy.settled()
    places = program.up(DISTRIBUTION, unique, distributions=to("eu-west-1", AWAY))
    made_by = recipe(program, unique, base, component(program, unique))
    images = []
    for _ in range(4):
        images.append(image_of(program, unique, made_by, infrastructure, places, tags={"image": unique}))
        if len(images) == 1:
            held = amis_of(images[0])["eu-west-1"]
            aws("ec2").create_tags(Resources=[held], Tags=[{"Key": "in-use", "Value": "true"}])
    assert [it.gone() for it in images] == [False, True, False, False]
    for region, image in amis_of(images[1]).items():
        assert aws("ec2", region).describe_images(ImageIds=[image])["Images"] == []
    policy.update(description="fewer")
    assert policy.settled()
    policy.delete()
    assert policy.gone()


def test_a_policy_needs_a_role_that_exists(program: Program, unique: str) -> None:
    with pytest.raises(Exception, match="role does not exist"):
        program.up(POLICY, unique, **policy_of("nobody", 1, {"image": unique}))
