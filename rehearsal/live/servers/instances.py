"""What the account says of its instances. Pure: API answers in, facts out."""

import base64
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RUNNING = ("pending", "running")
"""States in which an instance has a host. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html"""


@dataclass(frozen=True)
class Instance:
    """An instance, as far as its host needs it."""

    id: str
    region: str
    zone: str
    address: str
    state: str
    image: str
    type: str = ""
    profile: str = ""
    """ARN of the instance profile."""
    group: str = ""
    """Auto Scaling group."""
    metadata: bool = True
    token_required: bool = True
    hop_limit: int = 1
    image_name: str = ""

    @property
    def runs(self) -> bool:
        """Return whether it has a host."""
        return self.state in RUNNING and bool(self.address)


def instances(region: str, reservations: Sequence[Mapping[str, Any]]) -> list[Instance]:
    """Return the instances of DescribeInstances."""
    return [_instance(region, each) for reservation in reservations for each in reservation.get("Instances", ())]


def _instance(region: str, said: Mapping[str, Any]) -> Instance:
    tags = {tag["Key"]: tag["Value"] for tag in said.get("Tags", ())}
    options = said.get("MetadataOptions", {})
    return Instance(
        id=said["InstanceId"],
        region=region,
        zone=said.get("Placement", {}).get("AvailabilityZone", ""),
        address=said.get("PrivateIpAddress", ""),
        state=said.get("State", {}).get("Name", ""),
        image=said.get("ImageId", ""),
        type=said.get("InstanceType", ""),
        profile=said.get("IamInstanceProfile", {}).get("Arn", ""),
        group=tags.get("aws:autoscaling:groupName", ""),
        metadata=options.get("HttpEndpoint", "enabled") == "enabled",
        token_required=options.get("HttpTokens", "required") == "required",
        hop_limit=int(options.get("HttpPutResponseHopLimit", 1)),
    )


def user_data(value: str) -> str:
    """Return the user data of DescribeInstanceAttribute as text: it comes in base64, and may be compressed.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
    """
    content = base64.b64decode(value)
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return content.decode(errors="surrogateescape")


@dataclass(frozen=True)
class Changes:
    """What has to change so that the hosts are the account's instances."""

    boot: tuple[Instance, ...] = ()
    stop: tuple[str, ...] = ()


def changes(wanted: Sequence[Instance], known: Sequence[str]) -> Changes:
    """Return whom to boot and whom to stop.

    Args:
        wanted: all that the account has.
        known: ids of those that have a host, or had one and lost it: a host that is lost doesn't come back.
    """
    runs = {each.id: each for each in wanted if each.runs}
    return Changes(
        boot=tuple(each for name, each in sorted(runs.items()) if name not in known),
        stop=tuple(name for name in sorted(known) if name not in runs),
    )
