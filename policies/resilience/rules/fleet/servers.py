"""Launch templates, launch configurations, and single instances."""

from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.types import (
    CLASSIC_ATTACHMENTS,
    CLASSIC_BALANCER,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    TARGET_ATTACHMENTS,
)
from resilience.aws.values import is_on
from resilience.reference import security_hub, well_architected
from resilience.remedies import raw
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

SERVERS = (LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, INSTANCE)
TOKENS = "metadataOptions.httpTokens"
MAPPINGS, DISKS = "blockDeviceMappings", "ebsBlockDevices"


def leaves_it_to_a_template(server: Resource, path: str) -> bool:
    """Return whether an instance takes a property from its launch template instead of setting it."""
    return server.type == INSTANCE and server.has("launchTemplate") and not server.has(path)


def require_tokens(server: Resource, config: Config) -> Mapping[str, Any] | None:
    """IMDSv2 only. Programs on the server that know just IMDSv1 no longer get credentials."""
    if not list(requires_tokens(server, config)):
        return None
    props = raw(server.props)
    return {
        **props,
        "metadataOptions": {"httpEndpoint": "enabled", **props.get("metadataOptions", {}), "httpTokens": "required"},
    }


@RULES.rule(
    "server-requires-metadata-tokens",
    "A server gives its metadata for a token only (IMDSv2).",
    Severity.HIGH,
    security_hub("EC2.170"),
    *SERVERS,
    remedy=require_tokens,
)
def requires_tokens(server: Resource, _: Config) -> Iterator[str]:
    """Else a request forged on the server can fetch its role's credentials."""
    if leaves_it_to_a_template(server, "metadataOptions") or server.get("metadataOptions.httpEndpoint") == "disabled":
        return
    if (tokens := server.get(TOKENS, "optional")) != "required":
        yield f'{TOKENS} is "{tokens}"; it should be "required"'


@RULES.rule(
    "server-has-no-public-address",
    "A server has no public address of its own.",
    Severity.HIGH,
    security_hub("EC2.25"),
    *SERVERS,
)
def has_no_public_address(server: Resource, _: Config) -> Iterator[str]:
    """The subnet decides where it is not set."""
    path = "associatePublicIpAddress"
    interfaces = range(server.count("networkInterfaces")) if server.type == LAUNCH_TEMPLATE else ()
    for each in (path, *(f"networkInterfaces.{number}.{path}" for number in interfaces)):
        if is_on(server, each):
            yield f"{each} is on; users reach servers by the balancer, administrators by Session Manager"


@RULES.rule(
    "server-disk-encrypted",
    "The disks of a server are encrypted.",
    Severity.HIGH,
    security_hub("EC2.3"),
    *SERVERS,
    accountDefault=Setting(False, "whether the account encrypts each new volume anyway, in all regions that are used"),
)
def disk_encrypted(server: Resource, config: Config) -> Iterator[str]:
    """A disk that the program doesn't mention is as its image has it. One from a snapshot is as the snapshot is."""
    if config["accountDefault"]:
        return
    disks = disks_of(server)
    if not disks and server.type == LAUNCH_TEMPLATE:
        yield f"{MAPPINGS} has no disk; the root disk should be there, encrypted"
    for disk in disks:
        if not is_on(server, f"{disk}.encrypted") and not server.has(f"{disk}.snapshotId"):
            yield f"{disk}.encrypted is off"


def disks_of(server: Resource) -> list[str]:
    """Paths at which a server's disks are described."""
    if server.type == LAUNCH_TEMPLATE:
        paths = [f"{MAPPINGS}.{number}.ebs" for number in range(server.count(MAPPINGS))]
        return [path for path in paths if server.has(path)]
    others = [f"{DISKS}.{number}" for number in range(server.count(DISKS))]
    return others if leaves_it_to_a_template(server, "rootBlockDevice") else ["rootBlockDevice", *others]


@RULES.rule(
    "server-watched-each-minute",
    "A server reports its metrics each minute.",
    Severity.MEDIUM,
    well_architected("REL06-BP01", "rel_monitor_aws_resources_monitor_resources"),
    *SERVERS,
)
def watched_each_minute(server: Resource, _: Config) -> Iterator[str]:
    """AWS's default is five minutes, which is late for scaling; launch configurations have one minute by default."""
    path = {LAUNCH_TEMPLATE: "monitoring.enabled", INSTANCE: "monitoring"}.get(server.type, "enableMonitoring")
    if leaves_it_to_a_template(server, path):
        return
    if not is_on(server, path, default=server.type == LAUNCH_CONFIGURATION):
        yield f"{path} is off; metrics come every five minutes"


@RULES.stack_rule(
    "target-is-replaced",
    "A server behind a balancer is of an Auto Scaling group, which replaces it.",
    Severity.HIGH,
    well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
    *TARGET_ATTACHMENTS,
    *CLASSIC_ATTACHMENTS,
    CLASSIC_BALANCER,
)
def is_replaced(attachment: Resource, _: Stack, __: Config) -> Iterator[str]:
    """An instance that is attached by itself is lost with its zone."""
    for instance in attachment.linked(INSTANCE, "targetId", "instance", "instances", far=1):
        yield f"{instance.name} is an instance by itself; let an Auto Scaling group have targetGroupArns instead"
