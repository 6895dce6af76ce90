"""Which server this is: asked of the instance metadata, version 2.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
"""

from __future__ import annotations

from .machine import answer, retried

METADATA = "http://169.254.169.254/latest"
NAMES = {
    "HA_WEB_INSTANCE_ID": "instance-id",
    "HA_WEB_ZONE": "placement/availability-zone",
    "HA_WEB_REGION": "placement/region",
}


def instance_facts() -> dict[str, str]:
    """Return the variables that say which server this is."""
    header = "X-aws-ec2-metadata-token-ttl-seconds: 300"
    token = retried(
        lambda: answer("curl", "-sf", "-m", "5", "-X", "PUT", "-H", header, f"{METADATA}/api/token"),
        f"instance metadata: no token from IMDSv2 at {METADATA}",
    )
    return {name: _fact(token, path) for name, path in NAMES.items()}


def _fact(token: str, path: str) -> str:
    address = f"{METADATA}/meta-data/{path}"
    return retried(
        lambda: answer("curl", "-sf", "-m", "5", "-H", f"X-aws-ec2-metadata-token: {token}", address),
        f"instance metadata: no {path} at {METADATA}",
    )
