"""A site whose servers start from one built image, in both regions."""

import json
from typing import Any

import pulumi
import pytest
from ha_web.network.endpoints import NEEDED

from tests.components.made import Made, make
from tests.components.site.test_arguments import ANSWERS, REGIONS, build, site_with

IMAGE = "aws:imagebuilder/image:Image"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
BUILT = dict(zip(REGIONS, ("ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb"), strict=True))
SAID = {"tags": {"ha-web:content": "same"}, "architecture": "arm64", "rootDeviceName": "/dev/xvda"}


def made_with(**settings: Any) -> Made[Any]:
    amis = [{"region": region, "image": image} for region, image in BUILT.items()]
    outputs = {IMAGE: {"outputResources": [{"amis": amis, "containers": []}]}}
    site = site_with(**settings)
    return make(lambda: build(site), answers={**ANSWERS, "aws:ec2/getAmi:getAmi": SAID}, outputs=outputs)


def test_the_servers_of_each_region_start_from_its_own_copy_of_the_one_image() -> None:
    made = made_with(servers={"build": "true"})
    assert {each["region"]: each["imageId"] for each in made.all(TEMPLATE)} == BUILT
    assert made.one(IMAGE)["region"] == REGIONS[0]
    assert made.all("aws:ec2/amiCopy:AmiCopy") == []


def test_what_takes_tls_from_the_load_balancer_is_in_the_image() -> None:
    made = made_with(servers={"build": "true"}, tlsToServers="offered")
    said = [json.dumps(each["data"]) for each in made.all("aws:imagebuilder/component:Component")]
    assert any(" --tls" in each for each in said)


def test_without_it_the_primarys_image_is_copied_as_before() -> None:
    made = made_with()
    assert made.all(IMAGE) == []
    assert len(made.all("aws:ec2/amiCopy:AmiCopy")) == 1


def test_without_nat_each_region_has_the_endpoints_that_a_built_image_needs() -> None:
    made = made_with(nat="none", servers={"build": "true"})
    for region in REGIONS:
        found = {
            each["serviceName"].removeprefix(f"com.amazonaws.{region}.")
            for each in made.all("aws:ec2/vpcEndpoint:VpcEndpoint")
            if each["region"] == region and each["vpcEndpointType"] == "Interface"
        }
        assert found == set(NEEDED)
    assert made.all("aws:ec2/natGateway:NatGateway") == []


def test_with_nat_there_are_no_endpoints_but_those_that_are_named() -> None:
    def interfaces(**settings: Any) -> int:
        endpoints = made_with(**settings).all("aws:ec2/vpcEndpoint:VpcEndpoint")
        return sum(each["vpcEndpointType"] == "Interface" for each in endpoints)

    assert interfaces() == 0
    assert interfaces(endpoints=["secretsmanager"]) == 2


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"nat": "none"}, "nat is none; servers install the application at their boot, by the internet; use"),
        (
            {"nat": "none", "servers": {"build": "true"}, "endpoints": ["ssm"]},
            "endpoints is ssm; with nat none servers reach ec2messages, logs, secretsmanager, ssmmessages by",
        ),
        ({"endpoints": ["s3"]}, 'endpoints has "s3"; S3 has a gateway endpoint'),
        (
            {"servers": {"build": "true"}, "application": {"startScript": "#!/bin/sh\n"}},
            "servers.build is true; only package or container can be built into an image",
        ),
        ({"servers": {"build": "true", "keepImages": "1"}}, "servers.keepImages is 1; it must be 2 to 100"),
        ({"servers": {"buildSubnet": "subnet-1"}}, "servers.buildSubnet and servers.buildVpc belong together"),
        (
            {
                "servers": {"build": "true"},
                "standby": {"region": "eu-central-1", "cidr": "10.1.0.0/16", "image": "ami-0123456789abcdef0"},
            },
            'standby.image is "ami-0123456789abcdef0"; servers.build makes one image for both regions',
        ),
    ],
)
def test_what_cannot_work_is_refused_at_preview(settings: dict[str, Any], line: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        site_with(**settings)
    assert line in str(refusal.value)
