"""The journal of operations: what was done, by whom, when, in the buckets of both regions."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.account import Account

PREFIX = "journal/"


@dataclass
class Entry:
    """One operation, as the journal has it."""

    operation: str
    who: str
    began: float
    """Seconds since 1970."""
    steps: list[dict[str, Any]] = field(default_factory=list)
    """key, text, began, ended, outcome (done, skipped, failed: reason) of each."""
    ended: float | None = None
    outcome: str = "under way"

    @property
    def key(self) -> str:
        """The object's key: journals sort by time."""
        stamp = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(self.began))
        return f"{PREFIX}{stamp}.{int(self.began % 1 * 1000):03d}Z-{self.operation.replace(' ', '-')}.json"

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "operation": self.operation,
            "who": self.who,
            "began": self.began,
            "ended": self.ended,
            "outcome": self.outcome,
            "steps": self.steps,
        }


class Journal:
    """Writes an entry to every region that answers; one that doesn't stops nothing."""

    def __init__(self, account: Account, buckets: Mapping[str, str]) -> None:
        self._account, self._buckets = account, buckets
        self.silent: dict[str, str] = {}
        """Regions that couldn't be written to, with the reason."""

    def write(self, entry: Entry) -> None:
        """Write the entry as it is now."""
        body = json.dumps(entry.as_dict(), indent=1).encode()
        for region, bucket in self._buckets.items():
            if region in self.silent:
                continue
            try:
                self._account.client("s3", region, brief=True).put_object(
                    Bucket=bucket, Key=entry.key, Body=body, ContentType="application/json"
                )
            except (ClientError, BotoCoreError) as error:
                self.silent[region] = str(error)

    def entries(self, region: str, most: int = 100) -> Iterator[dict[str, Any]]:
        """Yield the newest entries of a region's bucket, the newest first."""
        client, bucket = self._account.client("s3", region), self._buckets[region]
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
        keys = sorted((each["Key"] for page in pages for each in page.get("Contents", [])), reverse=True)
        for key in keys[:most]:
            yield json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())
