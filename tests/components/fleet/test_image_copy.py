"""A fleet's image in another region."""

from typing import Any

import pytest
from ha_web import ConfigurationError, ImageCopy

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

COPY = "aws:ec2/amiCopy:AmiCopy"
ARGS: Any = {"source_image_id": "ami-0123456789abcdef0", "source_region": "eu-west-1", "region": "eu-central-1"}


def image(**changed: Any) -> Made[ImageCopy]:
    args: Any = {**ARGS, **changed}
    return make(lambda: ImageCopy("image", args))


def test_the_copy_is_encrypted_and_tagged_and_says_what_it_is_of() -> None:
    copy = image(tags={"team": "shop"}).one(COPY)
    assert (copy["encrypted"], copy["sourceAmiId"], copy["sourceAmiRegion"]) == (
        True,
        "ami-0123456789abcdef0",
        "eu-west-1",
    )
    assert copy["description"] == "Copy of ami-0123456789abcdef0 in eu-west-1"
    assert copy["tags"] == {"team": "shop", "Name": "image-copy", "ha-web:copy-of": "ami-0123456789abcdef0"}
    assert "kmsKeyId" not in copy


def test_it_has_no_name_of_its_own_so_that_the_next_can_stand_beside_it() -> None:
    copy = image().one(COPY)
    assert "name" not in copy
    assert not copy.options["delete_before_replace"]


def test_the_copy_before_stays_for_the_way_back() -> None:
    assert image().one(COPY).options["retain_on_delete"]


def test_a_key_of_the_region_may_encrypt_it() -> None:
    assert image(key_arn="arn:aws:kms:eu-central-1:1:key/1").one(COPY)["kmsKeyId"].endswith("key/1")


def test_servers_start_from_the_copy() -> None:
    assert image().outputs["image_id"] == "image-copy-id"


def test_a_copy_into_the_images_own_region_is_refused() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        image(region="eu-west-1")
    assert (
        str(refusal.value) == 'ImageCopy "image": region is "eu-west-1", where the image is; name the standby\'s region'
    )


def test_the_region_reaches_the_copy() -> None:
    def build(region: str | None) -> ImageCopy:
        args: Any = {**ARGS, "region": region}
        return ImageCopy("image", args)

    assert_region_reaches_everything(build, region="eu-central-1")
