"""The image of a site's servers, built with the application in it."""

from ha_web.application.artifacts import ApplicationArtifacts
from ha_web.image.baking import baking
from ha_web.image.server_image import ServerImage, ServerImageArgs
from ha_web.site.application import health_path_of, port_of, takes_tls
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.site.parts import Parts


def create_image(site: Settings, artifacts: ApplicationArtifacts | None, parts: Parts) -> ServerImage | None:
    """Build the image in the primary's region for both; None where servers install the application at their boot."""
    if not site.servers.build or artifacts is None:
        return None
    servers = site.servers
    baked = baking(
        artifacts,
        site.primary.region,
        port=port_of(site),
        health_path=health_path_of(site) or "/healthz",
        storage=site.storage is not None,
        tls=takes_tls(site),
    )
    args: ServerImageArgs = {
        "instance_type": servers.instance_type,
        "install_command": baked["install_command"],
        "test_command": baked["test_command"],
        "policies": baked["policies"],
        "base_release": servers.image_release,
        "disk_size": servers.disk_size,
        "keep": servers.keep_images,
        "region": site.primary.region,
        "regions": [place.region for role, place in site.roles.items() if role != "primary"],
        "tags": tags(site),
    }
    if servers.image is not None:
        args["base_image"] = servers.image
    if servers.build_subnet is not None and servers.build_vpc is not None:
        args["subnet_id"], args["vpc_id"] = servers.build_subnet, servers.build_vpc
    return ServerImage(parts.named("image"), args, parts.opts)
