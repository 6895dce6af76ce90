"""The lock of operations: one operator at a time, and others see who and since when.

An object that S3 writes only if there is none, in a region that answers: the standby's first, which must work when the
primary doesn't. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import json
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.account import Account
from ops.core.errors import LOCKED, NOT_ASKED, OpsError, explained

KEY = "operation.lock"
TAKEN = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
ABSENT = ("404", "NoSuchKey")


@dataclass(frozen=True)
class Holder:
    """Who is at work."""

    who: str
    operation: str
    since: float
    machine: str = ""
    process: int = 0
    version: str = ""

    @property
    def text(self) -> str:
        """For a person."""
        at = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self.since))
        return f"{self.who} on {self.machine or 'some machine'} runs `{self.operation}` since {at}"

    @property
    def is_dead(self) -> bool:
        """Whether it was a process of this machine, which is gone."""
        return self.machine == platform.node() and bool(self.process) and not _lives(self.process)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Lock:
    """The lock of a stack."""

    def __init__(self, account: Account, buckets: Mapping[str, str], order: Sequence[str]) -> None:
        """order: the Regions, the first that answers has the lock."""
        self._account = account
        self._places = [(region, buckets[region]) for region in order if region in buckets]
        self.left = ""
        """Why the lock couldn't be let go of; empty if it could."""

    @contextmanager
    def held(self, who: str, operation: str, *, take_over: bool = False) -> Iterator[None]:
        """Hold the lock. Raises OpsError if somebody else does.

        take_over: let go of the lock of an operation that was killed: a person has made sure that it was.
        """
        if not self._places:
            yield
            return
        region, bucket, version = self._take(who, operation, take_over=take_over)
        try:
            yield
        finally:
            try:
                self._remove(region, bucket, version)
            except (ClientError, BotoCoreError) as error:  # what was done stays done
                self.left = explained(error, region)

    def _remove(self, region: str, bucket: str, version: str) -> None:
        which = {"VersionId": version} if version else {}
        self._account.client("s3", region).delete_object(Bucket=bucket, Key=KEY, **which)

    def holder(self) -> Holder | None:
        """Return who holds the lock, if anybody does; None where no region answers."""
        for region, bucket in self._places:
            try:
                return self._read(region, bucket)
            except (ClientError, BotoCoreError):
                continue
        return None

    def _take(self, who: str, operation: str, *, take_over: bool) -> tuple[str, str, str]:
        mine = Holder(who, operation, time.time(), platform.node(), os.getpid())
        body = json.dumps({key: value for key, value in asdict(mine).items() if key != "version"}).encode()
        errors = []
        for region, bucket in self._places:
            client = self._account.client("s3", region)
            for attempt in range(2):
                try:
                    made = client.put_object(Bucket=bucket, Key=KEY, Body=body, IfNoneMatch="*")
                    return region, bucket, str(made.get("VersionId") or "")
                except ClientError as error:
                    if error.response["Error"]["Code"] not in TAKEN:
                        errors.append(explained(error, region))
                        break
                    holder = self._read(region, bucket)
                    if holder == replace(mine, version=holder.version if holder else ""):
                        return region, bucket, holder.version  # the first answer was lost, and boto3 asked again
                    if holder:
                        self._refuse_or_remove(holder, region, bucket, take_over=take_over and attempt == 0)
                except BotoCoreError as error:
                    errors.append(explained(error, region))
                    break
        raise OpsError(f"the lock can't be taken: {'; '.join(errors)}", NOT_ASKED)

    def _refuse_or_remove(self, holder: Holder, region: str, bucket: str, *, take_over: bool) -> None:
        if not holder.is_dead and not take_over:
            helps = "if that was killed, --take-over goes on in its place"
            raise OpsError(f"{holder.text}; {helps}", LOCKED)
        # Of a command that was killed on this machine, or one that is taken over.
        self._remove(region, bucket, holder.version)

    def _read(self, region: str, bucket: str) -> Holder | None:
        try:
            found = self._account.client("s3", region, brief=True).get_object(Bucket=bucket, Key=KEY)
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise
        said: dict[str, Any] = json.loads(found["Body"].read())
        return Holder(
            *(said["who"], said["operation"], float(said["since"])),
            *(said.get("machine", ""), int(said.get("process", 0)), str(found.get("VersionId") or "")),
        )
