"""The provider's configuration, and what the rehearsal refuses in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws_plugin.calls.clients import ACCESS_KEY, NotLoopbackError, loopback

ACCEPTED = frozenset(
    {
        "accessKey",
        "secretKey",
        "token",
        "region",
        "defaultTags",
        "endpoints",
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "version",
        "pluginDownloadURL",
        "__internal",
    }
)
"""Settings that a rehearsed provider may have; the `skip...` settings have no meaning for an emulator."""


@dataclass(frozen=True)
class Config:
    """A provider's settings that matter to the rehearsal."""

    region: str
    access_key: str
    default_tags: dict[str, str] = field(default_factory=dict)
    endpoints: tuple[str, ...] = ()


def _parsed(value: Any) -> Any:
    """Nested settings arrive as JSON in a string."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def load(args: Mapping[str, Any]) -> Config:
    """The settings; the region falls back to the environment's, as the real provider's does."""
    tags = (_parsed(args.get("defaultTags")) or {}).get("tags") or {}
    blocks = _parsed(args.get("endpoints")) or []
    return Config(
        region=str(args.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""),
        access_key=str(args.get("accessKey") or ""),
        default_tags={str(key): str(value) for key, value in tags.items()},
        endpoints=tuple(str(url) for block in blocks for url in block.values()),
    )


def failures(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List what is wrong with the settings: name and reason."""
    found = [(name, "is not rehearsed by the emulated aws plugin") for name in sorted(set(args) - ACCEPTED)]
    config = load(args)
    if config.access_key != ACCESS_KEY:
        found.append(
            (
                "accessKey",
                f'is not "{ACCESS_KEY}": this aws plugin only rehearses; real stacks use the PULUMI_HOME of their own',
            )
        )
    if not config.region:
        found.append(("region", "is not set (aws:region, or AWS_REGION)"))
    for url in config.endpoints:
        try:
            loopback(url)
        except NotLoopbackError:
            found.append(("endpoints", f'"{url}" is not on the loopback address'))
    return found
