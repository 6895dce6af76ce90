"""The release in each region, from where servers fetch it: one bucket a region, one object, its last versions."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.application.container_images import ContainerImages, create_container_images
from ha_web.application.containers import container_problem
from ha_web.application.manifest import ARCHITECTURES, ManifestError
from ha_web.application.package import Package, read_package
from ha_web.application.release import Release, make_release
from ha_web.core.private_bucket import allow_only_tls, guard_bucket
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_REPLACEABLE
from ha_web.core.wording import quoted

KEY = "release.tar"

DEFAULT_KEPT_RELEASES = 10
MOST_KEPT_RELEASES = 100
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html"""

OLD_DAYS = 30
"""Days that an older release stays whatever else: servers that still run it may have to start anew."""


class ApplicationArtifactsArgs(TypedDict):
    """What the servers run, and the regions that they fetch it in."""

    regions: list[str]
    """AWS Regions that get a bucket, one or more."""
    package: NotRequired[str]
    """Folder or archive with the application and its `ha-web.yaml`, see docs/your-application.md. Default: none."""
    container: NotRequired[str]
    """Container image in place of a package: `registry/repository@sha256:…`, or a tag in ECR, which is looked up once
    and pinned. Each region pulls from its own registry of ECR, so the repository must be replicated. Default: none;
    with neither, the servers' image has the application, as systemd unit `ha-web-app.service`."""
    architecture: NotRequired[str]
    """Architecture of the servers, `arm64` or `x86_64`, to refuse what was compiled for the other. Default: any."""
    kept_releases: NotRequired[int]
    """Number of earlier releases that stay for a way back, 1 to 100. Default 10; younger than 30 days, all stay."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class ApplicationArtifacts(pulumi.ComponentResource):
    """A release in a bucket of each region: private, encrypted, versioned, over TLS only.

    A release is an archive of the package and of the program that installs and starts it. It is the same bytes wherever
    it is made, and its digest (SHA-256) names its content: servers check it. A release is one version of one object;
    S3 keeps the last ones, so that a server of an earlier launch template still finds its own.

    Its outputs are the argument `application` of a Fleet or WebCluster in that region.

    Errors (ConfigurationError, at preview): what is no package, and why; a container image that isn't known for good or
    that a region's registry doesn't have; a package and a container.
    """

    bucket_names: dict[str, pulumi.Output[str]]
    """Name of the bucket by region."""
    object_key: pulumi.Output[str]
    """Key of the release in each bucket."""
    version_ids: dict[str, pulumi.Output[str]]
    """Id of the release's version by region."""
    digest: pulumi.Output[str]
    """SHA-256 of the release, in hexadecimal."""
    containers: dict[str, pulumi.Output[str]]
    """Container image by region, by digest; empty for a package."""
    repository_arns: dict[str, str]
    """ARN of the container image's repository in ECR by region; empty for another registry's."""
    application_name: str
    """Name that the package gives itself."""
    port: int | None
    """Port that the package listens on, if it doesn't listen on the one that it is given."""
    health_path: str
    """Path of the package that answers while it is alive."""
    protocols: list[str]
    """Protocols of a load balancer that the package answers behind; empty where nobody says."""

    def __init__(self, name: str, args: ApplicationArtifactsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args, package = _checked(name, args)
        super().__init__("ha-web:index:ApplicationArtifacts", name, None, opts)
        scope = Scope(name, self, args["regions"][0], args.get("tags", {}))
        kind = "package" if package else "container" if "container" in args else "image"
        release = make_release(_workplace(), package, kind)
        images = _images(scope, args)
        buckets: dict[str, aws.s3.Bucket] = {}
        objects: dict[str, aws.s3.BucketObjectv2] = {}
        for region in args["regions"]:
            there = replace(scope, region=region)
            buckets[region], objects[region] = _create(there, release, args.get("kept_releases", DEFAULT_KEPT_RELEASES))

        self.bucket_names = {region: bucket.bucket for region, bucket in buckets.items()}
        self.object_key = pulumi.Output.from_input(KEY)
        self.version_ids = {region: uploaded.version_id for region, uploaded in objects.items()}
        self.digest = pulumi.Output.from_input(release.digest)
        self.containers = images.references
        self.repository_arns = images.repository_arns
        said = package.manifest if package else None
        self.application_name = said.name if said else "application"
        self.port = said.port if said else None
        self.health_path = said.health if said else "/healthz"
        self.protocols = list(said.behind) if said else []
        self.register_outputs({key: getattr(self, key) for key in ApplicationArtifacts.__annotations__})

    def in_region(self, region: str) -> dict[str, Any]:
        """Return where a region's servers find the release: part of the argument `application` of a Fleet there."""
        found: dict[str, Any] = {
            "bucket_name": self.bucket_names[region],
            "object_key": self.object_key,
            "version_id": self.version_ids[region],
            "digest": self.digest,
        }
        if region in self.containers:
            found["container"] = self.containers[region]
        if region in self.repository_arns:
            found["repository_arn"] = self.repository_arns[region]
        return found


def _workplace() -> Path:
    """Return this user's folder of releases: the same path each time, so that the state doesn't change with it."""
    user = _user_id()
    folder = Path(tempfile.gettempdir(), f"ha-web-releases-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    # Where everybody may write, a folder of this name can be somebody else's.
    return folder if folder.stat().st_uid == user else Path(tempfile.mkdtemp())


def _user_id() -> int:
    """Return the user's number, which even a container without users has; 0 on Windows, as for its files."""
    return int(getattr(os, "getuid", int)())


def _images(scope: Scope, args: ApplicationArtifactsArgs) -> ContainerImages:
    if "container" not in args:
        return ContainerImages()
    return create_container_images(scope, args["container"], args["regions"])


def _create(scope: Scope, release: Release, kept: int) -> tuple[aws.s3.Bucket, aws.s3.BucketObjectv2]:
    """Create the bucket of a region, and upload the release."""
    role = f"{scope.region}-releases"
    bucket = aws.s3.Bucket(f"{scope.name}-{role}", **scope.regional_args(role, no_backup=NO_BACKUP_REPLACEABLE))
    guards = guard_bucket(scope, bucket, role)
    allow_only_tls(scope, bucket, role, guards)
    aws.s3.BucketLifecycleConfiguration(
        f"{scope.name}-{role}-retention",
        bucket=bucket.id,
        rules=[
            {
                "id": "earlier-releases",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "noncurrent_version_expiration": {"noncurrent_days": OLD_DAYS, "newer_noncurrent_versions": kept},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            }
        ],
        **scope.untagged_args(depends_on=[guards.versions]),
    )
    uploaded = aws.s3.BucketObjectv2(
        f"{scope.name}-{role}-release",
        bucket=bucket.bucket,
        key=KEY,
        source=pulumi.FileAsset(str(release.path)),
        content_type="application/x-tar",
        checksum_algorithm="SHA256",
        **scope.untagged_args(depends_on=guards.all),
    )
    return bucket, uploaded


def _checked(name: str, args: ApplicationArtifactsArgs) -> tuple[ApplicationArtifactsArgs, Package | None]:
    problems = Problems(f'ApplicationArtifacts "{name}"')
    args = problems.checked(args, ApplicationArtifactsArgs)
    if not args["regions"]:
        problems.add("regions is empty; servers fetch the release in their own region")
    for region in sorted({each for each in args["regions"] if args["regions"].count(each) > 1}):
        problems.add(f"regions has {quoted(region)} twice")
    kept, architecture = args.get("kept_releases", DEFAULT_KEPT_RELEASES), args.get("architecture")
    if not 1 <= kept <= MOST_KEPT_RELEASES:
        problems.add(f"kept_releases is {kept}; it must be 1 to {MOST_KEPT_RELEASES}")
    if architecture not in (None, *ARCHITECTURES):
        problems.add(f"architecture is {quoted(architecture)}; it must be {' or '.join(ARCHITECTURES)}")
    if "package" in args and "container" in args:
        problems.add("package and container are both given; servers run one of them")
    if "container" in args:
        problems.add(container_problem(args["container"]))
    package = None
    try:
        package = read_package(args["package"], architecture) if "package" in args else None
    except ManifestError as error:
        problems.add(*(f"package is {quoted(args['package'])}; {reason}" for reason in error.problems))
    problems.raise_if_any()
    return args, package
