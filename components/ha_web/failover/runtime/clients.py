"""The one place where AWS clients are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config as BotoConfig

Clients = Callable[[str], Any]
"""`clients("s3")`: a client of one region."""

TIMEOUTS = {"connect_timeout": 3, "read_timeout": 10}
"""Seconds. Short, because the next round asks again."""

ATTEMPTS = 3

BRIEF = {"connect_timeout": 1, "read_timeout": 2}
"""Seconds for what a failover can do without."""


def clients_of(region: str, *, brief: bool = False) -> Clients:
    """Return clients of one region, each made once. boto3 honours AWS_ENDPOINT_URL, which a rehearsal sets.

    brief: one attempt with short time limits, for the primary region, which may not answer.
    """
    made: dict[str, Any] = {}
    attempts = 1 if brief else ATTEMPTS
    settings: Any = {**(BRIEF if brief else TIMEOUTS), "retries": {"mode": "standard", "total_max_attempts": attempts}}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = boto3.client(service, region_name=region, config=BotoConfig(**settings))
        return made[service]

    return client
