"""Container images: by digest, or by a tag that ECR can be asked about."""

import pytest
from ha_web.application.containers import Repository, container_problem, parse_image

DIGEST = "sha256:" + "a" * 64
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop"


@pytest.mark.parametrize(
    "reference", [f"{ECR}@{DIGEST}", f"{ECR}:1.2", f"ghcr.io/me/shop@{DIGEST}", f"localhost:5000/shop:1@{DIGEST}"]
)
def test_images_that_are_known_for_good_are_taken(reference: str) -> None:
    assert container_problem(reference) is None


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (
            "ghcr.io/me/shop:latest",
            "a tag may lead to another image tomorrow, and only ECR can be asked which it is now",
        ),
        ("ghcr.io/me/shop", "write ghcr.io/me/shop@sha256:…"),
        (ECR, f"name a tag, or the digest as {ECR}@sha256:…"),
        (f"{ECR}@sha256:123", "write an image as registry/repository@sha256:…, with 64 hex digits"),
        ("shop", "write an image as registry/repository@sha256:…"),
        ("a b/c", "write an image as registry/repository@sha256:…"),
    ],
)
def test_others_are_refused_in_one_line(reference: str, reason: str) -> None:
    problem = container_problem(reference) or ""
    assert problem.startswith(f'container is "{reference}"; ')
    assert reason in problem


def test_each_region_has_its_own_copy_in_ecr() -> None:
    image = parse_image(f"{ECR}:1.2")
    assert image
    assert image.ecr == Repository("123456789012", "eu-west-1", "team/shop")
    assert image.ecr.image("eu-central-1", DIGEST) == (
        f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/shop@{DIGEST}"
    )
    assert image.ecr.arn("eu-central-1", "aws") == "arn:aws:ecr:eu-central-1:123456789012:repository/team/shop"


def test_another_registrys_image_stays_where_it_is() -> None:
    image = parse_image(f"ghcr.io/me/shop:1@{DIGEST}")
    assert image
    assert (image.ecr, image.pinned) == (None, f"ghcr.io/me/shop@{DIGEST}")
