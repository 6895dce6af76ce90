"""Container images: which one, in whose registry. No SDK here."""

import re
from dataclasses import dataclass

from ha_web.core.wording import quoted

_REFERENCE = re.compile(
    r"(?P<name>[a-z0-9][a-zA-Z0-9.:_/-]*?)(:(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.(?P<suffix>amazonaws\.com(\.cn)?)/(?P<repository>.+)"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""


@dataclass(frozen=True)
class Image:
    """An image as it was written: by tag, or by the digest that names its content."""

    name: str
    """Registry and repository."""
    tag: str | None
    digest: str | None

    @property
    def ecr(self) -> "Repository | None":
        """Return the repository of ECR that it is in; None for another registry's."""
        found = _ECR.fullmatch(self.name)
        if not found:
            return None
        return Repository(found["account"], found["region"], found["repository"], found["suffix"])

    @property
    def pinned(self) -> str:
        """Return the reference by digest."""
        return f"{self.name}@{self.digest}"


@dataclass(frozen=True)
class Repository:
    """A repository of ECR."""

    account: str
    region: str
    name: str
    suffix: str = "amazonaws.com"

    def image(self, region: str, digest: str) -> str:
        """Return the reference of an image in a region's own registry, which a server there pulls from."""
        return f"{self.account}.dkr.ecr.{region}.{self.suffix}/{self.name}@{digest}"

    def arn(self, region: str, partition: str) -> str:
        """Return the ARN of the repository in a region."""
        return f"arn:{partition}:ecr:{region}:{self.account}:repository/{self.name}"


def parse_image(reference: str) -> Image | None:
    """Return the image that a reference names; None for what is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if not found or "/" not in reference:
        return None
    return Image(found["name"], found["tag"], found["digest"])


def container_problem(reference: str) -> str | None:
    """Return a line for a reference that doesn't say for good which image it is."""
    image = parse_image(reference)
    if image is None:
        wanted = "registry/repository@sha256:…, with 64 hex digits"
        return f"container is {quoted(reference)}; write an image as {wanted}"
    if image.digest or (image.tag and image.ecr):
        return None
    if image.ecr:
        return f"container is {quoted(reference)}; name a tag, or the digest as {image.name}@sha256:…"
    reason = "a tag may lead to another image tomorrow, and only ECR can be asked which it is now"
    return f"container is {quoted(reference)}; {reason}: write {image.name}@sha256:…"
