"""The note that a site is in maintenance: since when, by whom, and what to put back. It lies beside the journal."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.account import Account
from ops.core.errors import NOT_ASKED, OpsError, explained

KEY = "maintenance.json"
ABSENT = ("404", "NoSuchKey")


@dataclass(frozen=True)
class Note:
    """What was before the maintenance."""

    who: str
    since: float
    """Seconds since 1970."""
    schedule: str = ""
    """The rule that was enabled, and is disabled now; empty if none was."""

    @property
    def text(self) -> str:
        """For a person."""
        return f"maintenance since {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime(self.since))}, by {self.who}"


def parse(text: bytes | str) -> Note:
    """Return a note from what was written. Raises ValueError for what is none."""
    try:
        said: Mapping[str, Any] = json.loads(text)
        return Note(str(said["who"]), float(said["since"]), str(said.get("schedule", "")))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{KEY} has no {error}") from None


def read(account: Account, buckets: Mapping[str, str]) -> Note | None:
    """Return the note of the first region that has one. Raises OpsError if no region can be asked."""
    failed = []
    for region, bucket in buckets.items():
        try:
            return parse(account.client("s3", region).get_object(Bucket=bucket, Key=KEY)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] not in ABSENT:
                failed.append(explained(error, region))
        except (BotoCoreError, ValueError) as error:
            failed.append(explained(error, region) if isinstance(error, BotoCoreError) else f"{region}: {error}")
    if failed and len(failed) == len(buckets):
        raise OpsError("; ".join(failed), NOT_ASKED)
    return None


def write(account: Account, buckets: Mapping[str, str], note: Note) -> None:
    """Write the note to each region. Raises what AWS raises: what isn't noted couldn't be put back."""
    for region, bucket in buckets.items():
        account.client("s3", region).put_object(
            Bucket=bucket, Key=KEY, Body=json.dumps(asdict(note)).encode(), ContentType="application/json"
        )


def remove(account: Account, buckets: Mapping[str, str]) -> None:
    """Take the note away in each region. Raises what AWS raises."""
    for region, bucket in buckets.items():
        account.client("s3", region).delete_object(Bucket=bucket, Key=KEY)
