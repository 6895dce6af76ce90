"""One image for the servers of all regions."""

import json
from typing import Any

import pytest
import yaml
from ha_web import ConfigurationError, ServerImage

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

BASE = "ami-0123456789abcdef0"
ARGS: Any = {
    "instance_type": "t4g.small",
    "install_command": "dnf install -y nginx\n",
    "test_command": "curl --fail http://127.0.0.1/healthz\n",
    "region": "eu-west-1",
    "regions": ["eu-central-1"],
}
IMAGE = "aws:imagebuilder/image:Image"
RECIPE = "aws:imagebuilder/imageRecipe:ImageRecipe"
COMPONENT = "aws:imagebuilder/component:Component"
INFRASTRUCTURE = "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration"
DISTRIBUTION = "aws:imagebuilder/distributionConfiguration:DistributionConfiguration"
LIFECYCLE = "aws:imagebuilder/lifecyclePolicy:LifecyclePolicy"
GET_AMI = "aws:ec2/getAmi:getAmi"
BUILT = {"eu-west-1": "ami-0aaaaaaaaaaaaaaaa", "eu-central-1": "ami-0bbbbbbbbbbbbbbbb"}


def built(amis: dict[str, str]) -> dict[str, Any]:
    listed = [{"region": region, "image": image} for region, image in amis.items()]
    return {IMAGE: {"outputResources": [{"amis": listed, "containers": []}]}}


def said(**by_region: str) -> Any:
    """What EC2 says of the AMI of each region: its content."""

    def answer(args: dict[str, Any]) -> dict[str, Any]:
        content = by_region.get(args.get("region", "eu-west-1").replace("-", "_"), "same")
        return {"tags": {"ha-web:content": content}, "architecture": "arm64", "rootDeviceName": "/dev/xvda"}

    return {GET_AMI: answer}


def image(answers: Any = None, amis: dict[str, str] | None = None, preview: bool = False, **changed: Any) -> Made[Any]:
    args: Any = {key: value for key, value in {**ARGS, **changed}.items() if value is not None}
    places = BUILT if amis is None else amis
    return make(lambda: ServerImage("shop", args), answers=answers or said(), outputs=built(places), preview=preview)


def test_the_image_is_what_each_region_says_that_it_has() -> None:
    made = image()
    assert made.outputs["image_ids"] == BUILT
    asked = {call.args["region"]: call.args["filters"][0]["values"] for call in made.calls if call.token == GET_AMI}
    assert asked == {region: [ami] for region, ami in BUILT.items()}


def test_a_region_whose_image_is_another_is_refused_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="content other"):  # wrapped by the SDK, or as it is: whichever is first
        image(said(eu_central_1="other"))
    assert caplog.messages[0] == (
        'ServerImage "shop": the image in eu-central-1 has content other, that in eu-west-1 same; '
        "both regions must run the same"
    )


def test_a_failed_build_that_left_no_image_is_named_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"no image in eu-west-1: .*pulumi up --replace '\*\*::shop-image'"):
        image(amis={})


def test_a_preview_of_the_first_image_asks_nothing_of_it() -> None:
    made = image(preview=True)
    assert [call for call in made.calls if call.token == GET_AMI] == []


def test_it_is_built_from_the_pinned_base_by_the_command_and_tried_on_an_instance_of_its_own() -> None:
    made = image()
    recipe = made.one(RECIPE)
    assert recipe["parentImage"] == BASE == made.outputs["base_image_id"]
    phases = {each.name: yaml.safe_load(each["data"])["phases"][0] for each in made.all(COMPONENT)}
    assert {name: phase["name"] for name, phase in phases.items()} == {"shop-build": "build", "shop-test": "test"}
    assert "dnf install -y nginx" in phases["shop-build"]["steps"][0]["inputs"]["commands"][0]
    assert [each["componentArn"].rsplit("/", 1)[1] for each in recipe["components"]] == ["shop-build", "shop-test"]
    assert made.one(IMAGE)["imageTestsConfiguration"] == {"imageTestsEnabled": True, "timeoutMinutes": 60}


def test_its_disk_is_encrypted_and_the_servers_can_start_from_it() -> None:
    [disk] = image(disk_size=30, root_device="/dev/sda1").one(RECIPE)["blockDeviceMappings"]
    assert disk == {
        "deviceName": "/dev/sda1",
        "ebs": {"encrypted": "true", "deleteOnTermination": "true", "volumeSize": 30, "volumeType": "gp3"},
    }


def test_each_region_gets_it_under_its_own_key_with_its_content() -> None:
    keys = {"eu-west-1": "arn:aws:kms:eu-west-1:1:key/a", "eu-central-1": "arn:aws:kms:eu-central-1:1:key/b"}
    made = image(key_arns=keys, tags={"team": "shop"})
    places = {each["region"]: each["amiDistributionConfiguration"] for each in made.one(DISTRIBUTION)["distributions"]}
    assert {region: each["kmsKeyId"] for region, each in places.items()} == keys
    for each in places.values():
        assert each["amiTags"] == {"team": "shop", "Name": "shop", "ha-web:content": made.outputs["content"]}
        assert "{{ imagebuilder:buildDate }}" in each["name"]
    assert made.one(RECIPE)["blockDeviceMappings"][0]["ebs"]["kmsKeyId"] == keys["eu-west-1"]


@pytest.mark.parametrize(
    "change",
    [
        {"install_command": "dnf install -y httpd\n"},
        {"test_command": "true\n"},
        {"base_image": "ami-0fedcba9876543210"},
        {"disk_size": 40},
    ],
    ids=str,
)
def test_what_changes_the_image_makes_a_new_recipe(change: dict[str, Any]) -> None:
    before, after = image(), image(**change)
    assert before.outputs["content"] != after.outputs["content"]
    assert before.one(RECIPE)["amiTags"] != after.one(RECIPE)["amiTags"]


@pytest.mark.parametrize(
    "change", [{"regions": []}, {"key_arns": {"eu-central-1": "arn:aws:kms:eu-central-1:1:key/b"}}], ids=str
)
def test_another_place_or_key_makes_a_new_recipe_of_the_same_content(change: dict[str, Any]) -> None:
    before, after = image(), image(**change)
    assert before.outputs["content"] == after.outputs["content"]
    assert before.one(RECIPE)["amiTags"] != after.one(RECIPE)["amiTags"]


@pytest.mark.parametrize("change", [{"keep": 9}, {"log_retention_days": 7}, {"tags": {"a": "b"}}], ids=str)
def test_what_does_not_change_the_image_makes_no_new_one(change: dict[str, Any]) -> None:
    before, after = image(), image(**change)
    for kind in (RECIPE, COMPONENT):
        assert [{**e.inputs, "tags": 0} for e in before.all(kind)] == [{**e.inputs, "tags": 0} for e in after.all(kind)]


def test_an_image_stays_with_all_that_it_refers_to_so_that_there_is_a_way_back() -> None:
    made = image()
    for kind in (IMAGE, RECIPE, COMPONENT):
        assert all(each.options["retain_on_delete"] for each in made.all(kind)), kind
        assert all("name" not in each for each in made.all(kind)), "the next stands beside it"


def test_old_images_of_this_component_and_stack_are_deleted_unless_started_from_of_late() -> None:
    made = image(keep=3)
    policy = made.one(LIFECYCLE)
    assert policy["resourceSelection"] == {"tagMap": {"ha-web:image": "test/test/shop"}}
    assert made.one(IMAGE)["tags"]["ha-web:image"] == "test/test/shop"
    [detail] = policy["policyDetails"]
    assert detail["filter"] == {"type": "COUNT", "value": 3}
    assert detail["action"] == {"type": "DELETE", "includeResources": {"amis": True, "snapshots": True}}
    assert detail["exclusionRules"] == {"amis": {"lastLaunched": {"unit": "DAYS", "value": 30}}}


def test_the_building_instance_has_imdsv2_and_does_not_outlive_a_failure() -> None:
    infrastructure = image().one(INFRASTRUCTURE)
    assert infrastructure["instanceMetadataOptions"] == {"httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert infrastructure["terminateInstanceOnFailure"] is True
    assert infrastructure["instanceTypes"] == ["t4g.small"]
    assert "subnetId" not in infrastructure


def test_in_a_subnet_it_has_a_group_that_lets_https_out_and_nothing_in() -> None:
    made = image(subnet_id="subnet-1", vpc_id="vpc-1")
    assert made.one(INFRASTRUCTURE)["subnetId"] == "subnet-1"
    assert made.one(INFRASTRUCTURE)["securityGroupIds"] == ["shop-sg-id"]
    assert made.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []
    assert made.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")["fromPort"] == 443


def test_its_role_reads_no_parameter_and_gets_the_policies_given() -> None:
    extra = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = image(policies=[extra])
    documents = {each.name: json.loads(each["policy"]) for each in made.all("aws:iam/rolePolicy:RolePolicy")}
    assert documents["shop-policy-1"] == json.loads(extra)
    allowed = [action for each in documents["shop-building"]["Statement"] for action in _listed(each["Action"])]
    assert [action for action in allowed if "Parameter" in action or action.endswith("*")] == []
    [write] = [each for each in documents["shop-building"]["Statement"] if each["Sid"] == "WriteTheLog"]
    assert all("log-group/shop-log" in resource for resource in write["Resource"])


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"install_command": "  "},
            "install_command is empty; an image without an application is the base image itself",
        ),
        ({"keep": 1}, "keep is 1; it must be 2 to 100: without the image before there is no way back"),
        ({"disk_size": 4}, "disk_size is 4; it must be 8 to 16384 GiB"),
        ({"subnet_id": "subnet-1"}, "subnet_id and vpc_id belong together; give both or none"),
        (
            {"key_arns": {"us-east-1": "arn:aws:kms:us-east-1:1:key/a"}},
            "key_arns names us-east-1, where the image isn't; add it to regions",
        ),
        (
            {"base_image": "/golden/web-x86_64"},
            'image is "/golden/web-x86_64", for x86_64; instance_type "t4g.small" needs arm64',
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        image(**change)
    assert str(refusal.value) == f'ServerImage "shop": {reason}'


def test_the_region_reaches_everything() -> None:
    def build(region: str | None) -> ServerImage:
        args: Any = {**ARGS, "region": region, "regions": []}
        return ServerImage("shop", args)

    alone = {"us-east-1": "ami-0aaaaaaaaaaaaaaaa", "eu-west-1": "ami-0aaaaaaaaaaaaaaaa"}
    assert_region_reaches_everything(build, answers=said(), outputs=built(alone))
