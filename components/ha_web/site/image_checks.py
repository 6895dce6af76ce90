"""Checks of the servers' image: that there is something to build, and that its servers can boot where they are."""

from ha_web.core.wording import quoted
from ha_web.image.server_image import FEWEST_KEPT, MOST_KEPT
from ha_web.network.endpoints import NEEDED, endpoint_problems
from ha_web.network.routes import Nat
from ha_web.site.application import KINDS, kinds_given
from ha_web.site.checks import needs, relay
from ha_web.site.model import Settings
from ha_web.site.reader import Problems, key_of

BUILT = ("package", "container")
"""Kinds of applications that can be put into an image; the others are in one, or are no file that is the same twice."""


@needs("servers", "application", "primary", "standby")
def image_can_be_built(site: Settings, problems: Problems) -> None:
    """Refuse an image that nothing is to be in, or that a region wouldn't use."""
    servers, given = site.servers, kinds_given(site)
    if (servers.build_subnet is None) != (servers.build_vpc is None):
        problems.add("servers.buildSubnet", "and servers.buildVpc belong together; give both or none")
    if not FEWEST_KEPT <= servers.keep_images <= MOST_KEPT:
        problems.add("servers.keepImages", f"is {servers.keep_images}; it must be {FEWEST_KEPT} to {MOST_KEPT}")
    if not servers.build:
        return
    if len(given) == 1 and given[0] not in BUILT:
        reason = f"only {' or '.join(BUILT)} can be built into an image, and the application is {_one(given[0])}"
        problems.add("servers.build", f"is true; {reason}")
    for role, place in site.roles.items():
        if place.image is not None:
            problems.add(f"{role}.image", f"is {quoted(place.image)}; servers.build makes one image for both regions")


def _one(kind: str) -> str:
    return f"a {key_of(kind)}" if kind in KINDS else kind


@needs("nat", "endpoints", "servers", "application")
def servers_boot_without_the_internet(site: Settings, problems: Problems) -> None:
    """Refuse servers without a way out whose image lacks the application, or whose network lacks an endpoint."""
    found = site.interface_endpoints
    relay(problems, "", endpoint_problems(found))
    if site.nat != Nat.NONE or not any(kind in BUILT for kind in kinds_given(site)):
        return
    if not site.servers.build:
        reason = "servers install the application at their boot, by the internet"
        problems.add("nat", f"is none; {reason}; use servers.build true, or nat per-zone, regional or one")
    if missing := [service for service in NEEDED if service not in found]:
        reason = f"with nat none servers reach {', '.join(missing)} by nothing else"
        problems.add("endpoints", f"is {', '.join(found) or 'empty'}; {reason}")


IMAGE_CHECKS = [image_can_be_built, servers_boot_without_the_internet]
