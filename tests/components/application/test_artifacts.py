"""The release in each region."""

import json
import shutil
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from ha_web.application.artifacts import ApplicationArtifacts, ApplicationArtifactsArgs
from ha_web.core.problems import ConfigurationError

from tests.components.application.test_package import site
from tests.components.made import Made, make

REGIONS = ["eu-west-1", "eu-central-1"]
BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
IMAGE = "aws:ecr/getImage:getImage"
DIGEST = "sha256:" + "a" * 64
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop"


class Refused(grpc.RpcError):  # type: ignore[misc] # grpc ships no types
    """How the engine hands on that a provider refuses a call."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


def artifacts(answers: Any = None, outputs: Any = None, **args: Any) -> Made[ApplicationArtifacts]:
    given = cast(ApplicationArtifactsArgs, {"regions": REGIONS, **args})
    return make(lambda: ApplicationArtifacts("app", given), answers=answers, outputs=outputs)


def refused(answers: Any = None, **args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        artifacts(answers, **args)
    return [line.removeprefix('ApplicationArtifacts "app": ') for line in str(error.value).splitlines()]


def test_each_region_has_the_same_release_in_a_bucket_of_its_own(tmp_path: Path) -> None:
    versions = {OBJECT: {"versionId": "v1"}}
    made = artifacts(outputs=versions, package=str(site(tmp_path / "site")))
    assert [each["region"] for each in made.all(BUCKET)] == REGIONS[::-1]
    objects = made.all(OBJECT)
    assert {each["key"] for each in objects} == {"release.tar"}
    assert {each["checksumAlgorithm"] for each in objects} == {"SHA256"}
    assert made.outputs["bucket_names"].keys() == {*REGIONS}
    assert made.outputs["version_ids"] == dict.fromkeys(REGIONS, "v1")
    assert len(made.outputs["digest"]) == 64


def test_the_same_package_is_the_same_release_wherever_it_is(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    other = str(shutil.copytree(folder, tmp_path / "other"))
    digests = [artifacts(package=path).outputs["digest"] for path in (str(folder), other)]
    assert digests[0] == digests[1]


def test_the_last_releases_stay_and_older_ones_go() -> None:
    for rule in [
        each["rules"][0]
        for each in artifacts(kept_releases=5).all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    ]:
        assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30, "newerNoncurrentVersions": 5}
        assert "expiration" not in rule


def test_the_buckets_are_private_and_reached_over_tls_only() -> None:
    made = artifacts()
    for kind in ("PublicAccessBlock", "Versioning", "ServerSideEncryptionConfiguration", "OwnershipControls"):
        assert len(made.all(f"aws:s3/bucket{kind}:Bucket{kind}")) == 2
    for policy in made.all("aws:s3/bucketPolicy:BucketPolicy"):
        [statement] = json.loads(policy["policy"])["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_what_the_package_says_are_outputs(tmp_path: Path) -> None:
    manifest = "name: shop\nstart: ./serve\nport: 9000\nhealth: /up\nprotocols: [http2]\n"
    found = artifacts(package=str(site(tmp_path / "site", manifest))).outputs
    assert (found["application_name"], found["port"], found["health_path"], found["protocols"]) == (
        *("shop", 9000, "/up"),
        ["http2"],
    )


def test_a_regions_part_of_it_is_the_argument_of_a_fleet() -> None:
    made = make(
        lambda: ApplicationArtifacts("app", {"regions": REGIONS}).in_region("eu-central-1"),
        outputs={OBJECT: {"versionId": "v1"}},
    )
    assert made.outputs.keys() == {"bucket_name", "object_key", "version_id", "digest"}


def test_an_image_is_pulled_from_each_regions_own_registry() -> None:
    made = artifacts({IMAGE: {"imageDigest": DIGEST}}, container=f"{ECR}@{DIGEST}")
    assert made.outputs["containers"] == {
        region: f"123456789012.dkr.ecr.{region}.amazonaws.com/shop@{DIGEST}" for region in REGIONS
    }
    assert made.outputs["repository_arns"] == {
        region: f"arn:aws:ecr:{region}:123456789012:repository/shop" for region in REGIONS
    }
    assert [(call.args["region"], call.args.get("imageDigest")) for call in made.calls if call.token == IMAGE] == [
        (region, DIGEST) for region in REGIONS
    ]


def test_a_tag_is_pinned_to_the_digest_that_it_had_first() -> None:
    made = artifacts({IMAGE: {"imageDigest": DIGEST}}, container=f"{ECR}:1.2")
    pin = made.one("aws:ssm/parameter:Parameter")
    assert pin["value"] == DIGEST
    assert pin.options["ignore_changes"] == ["value"]
    assert made.outputs["containers"]["eu-west-1"] == f"{ECR}@{DIGEST}"


def test_another_registrys_image_is_the_same_for_all_and_needs_no_right() -> None:
    made = artifacts(container=f"ghcr.io/me/shop@{DIGEST}")
    assert {*made.outputs["containers"].values()} == {f"ghcr.io/me/shop@{DIGEST}"}
    assert made.outputs["repository_arns"] == {}


def test_an_image_that_a_region_lacks_is_refused_with_the_way_to_mend_it() -> None:
    def only_in_one(args: dict[str, Any]) -> dict[str, Any]:
        if args["region"] == "eu-west-1":
            return {"imageDigest": DIGEST}
        raise Refused("RepositoryNotFoundException: no such repository")

    [line] = refused({IMAGE: only_in_one}, container=f"{ECR}@{DIGEST}")
    assert line.startswith(f"container is {ECR}@{DIGEST}; shop in eu-central-1 has no such image")
    assert "put-replication-configuration" in line


def test_a_tag_of_a_registry_that_cannot_be_asked_is_refused_and_a_digest_is_not() -> None:
    def denied(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused("AccessDeniedException: not authorized")

    assert "can't be asked for its digest" in refused({IMAGE: denied}, container=f"{ECR}:1")[0]
    assert artifacts({IMAGE: denied}, container=f"{ECR}@{DIGEST}").outputs["containers"]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"package": "/none"}, 'package is "/none"; there is no such folder or archive'),
        ({"container": "shop:latest"}, 'container is "shop:latest"; write an image as registry/repository@sha256:'),
        ({"regions": []}, "regions is empty"),
        ({"regions": ["eu-west-1", "eu-west-1"]}, 'regions has "eu-west-1" twice'),
        ({"kept_releases": 0}, "kept_releases is 0; it must be 1 to 100"),
        ({"architecture": "amd64"}, 'architecture is "amd64"; it must be arm64 or x86_64'),
    ],
)
def test_what_no_server_could_run_is_refused_in_one_line(args: dict[str, Any], line: str) -> None:
    [found] = refused(**args)
    assert found.startswith(line)


def test_every_problem_of_a_package_is_told(tmp_path: Path) -> None:
    folder = str(site(tmp_path / "site", "strat: ./serve\narchitecture: x86_64\n"))
    assert len(refused(package=folder, container=f"ghcr.io/me/shop@{DIGEST}")) == 3


def test_an_images_own_application_has_a_release_of_the_servers_program_alone() -> None:
    found = artifacts().outputs
    assert (found["containers"], found["port"], found["protocols"]) == ({}, None, [])
