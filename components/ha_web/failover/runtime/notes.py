"""Notes between runs, kept in the switch's bucket: that the primary was healthy, its servers, which run acts, and that
people have not been told yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import LOCK_KEY, NOTICE_KEY, SEEN_KEY, Config

ABSENT = ("404", "NoSuchKey")
TAKEN = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
"""S3's refusals of an object that exists, or that another request is just writing:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


@dataclass(frozen=True)
class Seen:
    """The primary when it was last healthy."""

    primary: str
    """DNS name of its load balancer: another one must be seen healthy first."""
    servers: int | None = None
    """Desired capacity of its Auto Scaling group; None if that couldn't be read."""


def seen(config: Config, clients: Clients) -> Seen | None:
    """Return what was noted of this primary; None if it was never seen healthy."""
    if config.switch is None:
        return None
    text, _ = _read(config.switch["bucket"], SEEN_KEY, clients)
    try:
        given = json.loads(text)
        found = Seen(str(given["primary"]), given.get("servers"))
    except (ValueError, KeyError, TypeError):
        return None
    return found if found.primary == config.probe["host"] else None


def note_healthy(config: Config, clients: Clients, primary: Clients | None, known: Seen | None) -> Seen:
    """Note that the primary is healthy, and how many servers it runs; written only if something changed."""
    servers = servers_of_primary(config, primary)
    found = Seen(config.probe["host"], servers if servers is not None or known is None else known.servers)
    if found != known and config.switch is not None:
        text = json.dumps({"primary": found.primary, "servers": found.servers})
        clients("s3").put_object(
            Bucket=config.switch["bucket"], Key=SEEN_KEY, Body=text.encode(), ContentType="application/json"
        )
    return found


def servers_of_primary(config: Config, primary: Clients | None) -> int | None:
    """Return the desired capacity of the primary's group; None if its region doesn't answer, or no group is known."""
    name = (config.capacity or {}).get("primary_group")
    if primary is None or not name:
        return None
    try:
        found = primary("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    except (ClientError, BotoCoreError):
        return None
    return int(found[0]["DesiredCapacity"]) if found else None


def owe_notice(config: Config, clients: Clients, told: dict[str, Any]) -> None:
    """Note what people have to be told, before users are sent: who does that may not live to tell.

    Nothing waits for this note: without it the notice is just not sent by another run.
    """
    if config.switch is None or not config.topic_arn:
        return
    with suppress(ClientError, BotoCoreError):
        clients("s3").put_object(
            Bucket=config.switch["bucket"],
            Key=NOTICE_KEY,
            Body=json.dumps(told).encode(),
            ContentType="application/json",
        )


def owed_notice(config: Config, clients: Clients) -> dict[str, Any] | None:
    """Return what people have to be told of users who were sent; None if they have been."""
    if config.switch is None or not config.topic_arn:
        return None
    text, _ = _read(config.switch["bucket"], NOTICE_KEY, clients)
    if not text:
        return None
    try:
        given = json.loads(text)
        return {"done": [*given["done"]], "failed": {**given["failed"]}}
    except (ValueError, KeyError, TypeError):
        return {}


def notice_sent(config: Config, clients: Clients) -> None:
    """Remove the note: people have been told. One that stays makes the next run tell them again."""
    if config.switch is not None:
        with suppress(ClientError, BotoCoreError):
            clients("s3").delete_object(Bucket=config.switch["bucket"], Key=NOTICE_KEY)


@contextmanager
def only_run(config: Config, clients: Clients, now: float, until: float) -> Iterator[dict[str, Any] | None]:
    """Let one run at a time fail over: give None to the one that may, and what is known of the other to the rest.

    now, until: seconds since 1970; after `until` the note of a run that was killed doesn't count. The note is an object
    that S3 writes only if there is none; it is removed by its version, so that only its writer's can be. Without a
    switch people start each run: every step may be repeated, so nothing more is needed.
    """
    if config.switch is None:
        yield None
        return
    bucket = config.switch["bucket"]
    mine = _take(bucket, clients, now, until)
    if mine is None:
        text, version = _read(bucket, LOCK_KEY, clients)
        if text and _until(text) < now:
            _remove(bucket, version, clients)
            mine = _take(bucket, clients, now, until)
        if mine is None:
            yield {"since": _since(text), "until": _until(text)}
            return
    try:
        yield None
    finally:
        _remove(bucket, mine, clients)


def _take(bucket: str, clients: Clients, now: float, until: float) -> str | None:
    """Write the note; return its version, or None if there is another run's already.

    Whether it was written is read where that can't be known: an answer may be lost, and boto3 repeats the request then,
    which S3 refuses for the sake of the first.
    """
    text = json.dumps({"since": now, "until": until})
    try:
        made = clients("s3").put_object(Bucket=bucket, Key=LOCK_KEY, Body=text.encode(), IfNoneMatch="*")
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] not in TAKEN:
            raise
        there, version = _read(bucket, LOCK_KEY, clients)
        if there == text:
            return version
        if isinstance(error, BotoCoreError):
            raise
        return None
    return str(made.get("VersionId") or "")


def _remove(bucket: str, version: str, clients: Clients) -> None:
    clients("s3").delete_object(Bucket=bucket, Key=LOCK_KEY, **({"VersionId": version} if version else {}))


def _read(bucket: str, key: str, clients: Clients) -> tuple[str, str]:
    """Return an object's text and version; empty if there is none."""
    try:
        found = clients("s3").get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
        return "", ""
    return found["Body"].read().decode(), str(found.get("VersionId") or "")


def _until(text: str) -> float:
    return _number(text, "until")


def _since(text: str) -> float:
    return _number(text, "since")


def _number(text: str, key: str) -> float:
    try:
        return float(json.loads(text)[key])
    except (ValueError, KeyError, TypeError):
        return 0.0
