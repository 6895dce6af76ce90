"""The one place where AWS clients are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config as BotoConfig

Clients = Callable[[str], Any]
"""`clients("s3")`: a client of the standby region."""

TIMEOUTS = {"connect_timeout": 3, "read_timeout": 10}
"""Seconds. Short: what doesn't answer is asked again by the next round."""

ATTEMPTS = 3


def clients_of(region: str) -> Clients:
    """Clients of one region, each made once. boto3 honours AWS_ENDPOINT_URL, which is how a rehearsal is asked."""
    made: dict[str, Any] = {}
    settings: Any = {**TIMEOUTS, "retries": {"mode": "standard", "total_max_attempts": ATTEMPTS}}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = boto3.client(service, region_name=region, config=BotoConfig(**settings))
        return made[service]

    return client
