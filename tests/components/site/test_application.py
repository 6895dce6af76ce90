"""The application's settings in both regions: the release, the port, the health path, what servers are told."""

import base64
import json
from pathlib import Path
from typing import Any

from ha_web.site import model

from tests.components.application.test_package import site as package
from tests.components.made import Made, make
from tests.components.site.test_arguments import ANSWERS, REGIONS, build, site_with

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "aws:lb/targetGroup:TargetGroup"
CHECK = "aws:route53/healthCheck:HealthCheck"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:stripe-AbCdEf"
POLICY = "arn:aws:iam::123456789012:policy/uploads"
DIGEST = "sha256:" + "a" * 64
LOOKED_UP = {
    **ANSWERS,
    "aws:secretsmanager/getSecret:getSecret": {"arn": SECRET},
    "aws:ecr/getImage:getImage": {"imageDigest": DIGEST},
}


def made_of(application: dict[str, Any], **values: Any) -> Made[None]:
    site: model.Settings = site_with(application=application, **values)
    return make(lambda: build(site), answers=LOOKED_UP)


def told(made: Made[None], role: str) -> dict[str, Any]:
    """What the servers of a region are told."""
    text = base64.b64decode(made.named(f"{role}-template")["userData"]).decode()
    found: dict[str, Any] = json.loads(next(line for line in text.splitlines() if line.startswith("{")))
    return found


def test_what_a_package_says_reaches_balancer_health_checks_and_servers(tmp_path: Path) -> None:
    folder = package(tmp_path / "site", "start: ./serve\nport: 9000\nhealth: /up\n")
    made = made_of({"package": str(folder)})
    assert {(each["port"], each["healthCheck"]["path"]) for each in made.all(GROUP)} == {(9000, "/up")}
    asked = [each for each in made.all(CHECK) if not each.name.startswith("site-switch")]
    assert {each.get("resourcePath") for each in asked} == {"/up"}
    assert {(told(made, role)["port"], told(made, role)["health"]) for role in ("primary", "standby")} == {
        (9000, "/up")
    }
    environment = base64.b64decode(made.named("primary-template")["userData"]).decode()
    assert 'PORT="9000"\n' in environment


def test_both_regions_fetch_the_same_release_in_their_own_bucket() -> None:
    made = made_of({})
    buckets = [each for each in made.all("aws:s3/bucket:Bucket") if each.name.startswith("application-")]
    assert {each["region"] for each in buckets} == {*REGIONS}
    texts = {
        role: base64.b64decode(made.named(f"{role}-template")["userData"]).decode() for role in ("primary", "standby")
    }
    assert "--region eu-west-1 --bucket application-eu-west-1-releases " in texts["primary"]
    assert "--region eu-central-1 --bucket application-eu-central-1-releases " in texts["standby"]
    digests = {text.partition("/opt/ha-web/releases/")[2][:64] for text in texts.values()}
    assert len(digests) == 1


def test_the_release_is_in_the_standby_region_before_there_are_servers() -> None:
    made = made_of({}, strategy="backup-restore")
    objects = made.all("aws:s3/bucketObjectv2:BucketObjectv2")
    assert {each["region"] for each in objects} == {*REGIONS}


def test_long_requests_get_their_time_everywhere() -> None:
    made = made_of({"drainSeconds": 300})
    assert {each["deregistrationDelay"] for each in made.all(GROUP)} == {300}
    assert {each["idleTimeout"] for each in made.all("aws:lb/loadBalancer:LoadBalancer")} == {300}
    assert told(made, "primary")["stopSeconds"] == 360
    text = base64.b64decode(made.named("primary-template")["userData"]).decode()
    assert 'KEEP_ALIVE_SECONDS="315"\n' in text
    assert 'STOP_SECONDS="360"\n' in text


def test_secrets_rights_and_ways_out_are_the_servers_of_both_regions() -> None:
    made = made_of({"secrets": {"STRIPE_KEY": SECRET}, "policies": [POLICY], "egress": ["smtp.example.com:587"]})
    assert told(made, "primary")["secrets"] == {"STRIPE_KEY": SECRET}
    assert told(made, "standby")["secrets"] == {"STRIPE_KEY": SECRET.replace("eu-west-1", "eu-central-1")}
    attachments = made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {each.name for each in attachments if each["policyArn"] == POLICY} == {
        "primary-policy-uploads",
        "standby-policy-uploads",
    }
    assert made.named("standby-egress-587")["fromPort"] == 587
    assert told(made, "standby")["credentials"] is True


def test_a_container_is_pulled_in_each_region() -> None:
    registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    made = made_of({"container": f"{registry}/shop@{DIGEST}"})
    assert told(made, "primary")["container"] == f"{registry}/shop@{DIGEST}"
    assert told(made, "standby")["container"] == f"{registry.replace('west', 'central')}/shop@{DIGEST}"


def test_an_image_of_ones_own_is_what_the_servers_start_from_and_is_copied() -> None:
    made = made_of({"image": "ami-0123456789abcdef0"})
    assert made.named("primary-template")["imageId"] == "ami-0123456789abcdef0"
    assert made.one("aws:ec2/amiCopy:AmiCopy")["sourceAmiId"] == "ami-0123456789abcdef0"


def test_a_start_script_needs_no_release() -> None:
    made = made_of({"startScript": "#!/bin/sh\n"})
    assert made.all("aws:s3/bucketObjectv2:BucketObjectv2") == []


def test_behind_a_balancer_of_tcp_the_boot_waits_for_the_port_alone() -> None:
    made = made_of({}, protocol="tcp", port=5000, certificates={})
    assert told(made, "primary")["health"] == ""
