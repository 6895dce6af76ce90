"""The check that an image is the same in every region: by what its AMIs say of themselves. No SDK here."""

from collections.abc import Iterable, Mapping
from typing import Any

CONTENT_TAG = "ha-web:content"
"""Tag of an AMI: the hash of what the image is made of."""

MISSING = "no image"


def amis_by_region(resources: Any) -> dict[str, str]:
    """Return the AMIs of an image by region, from the outputs of Image Builder's resource."""
    found = {}
    for each in resources or []:
        for ami in _of(each, "amis") or []:
            found[_of(ami, "region")] = _of(ami, "image")
    return found


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def missing_problems(amis: Mapping[str, str], regions: Iterable[str], again: str) -> list[str]:
    """Return a line for each region that the image isn't in: a build that failed leaves a record without AMIs."""
    return [
        f"Image Builder has {MISSING} in {region}: the build failed, or was not distributed there; "
        f"when its reason is mended, build again: {again}"
        for region in regions
        if not amis.get(region)
    ]


def content_problems(images: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return a line if what the AMIs of the regions say of themselves differs.

    Args:
        images: by region, what is to be the same: `content` and what else there is.
    """
    if len(images) < 2:
        return []
    home, *others = images
    return [
        f"the image in {region} has {what} {images[region].get(what) or 'none'}, that in {home} "
        f"{images[home].get(what) or 'none'}; both regions must run the same"
        for region in others
        for what in images[home]
        if images[region].get(what) != images[home].get(what)
    ]
