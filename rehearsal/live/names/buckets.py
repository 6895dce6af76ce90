"""S3 as a checker reaches it: a bucket's objects over HTTPS under its regional name, to whom its policy lets in.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
Who has credentials asks the account; only requests without a signature come here.
"""

import asyncio
import json
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, of_resource
from rehearsal.live.names.records import plain

BUCKET = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")

LONGEST_WAIT = 10.0
"""Seconds for a request to arrive."""

REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}

AskAccount = Callable[..., Awaitable[dict[str, Any]]]


def region_of(name: str) -> str | None:
    """Return the Region of a bucket's regional name; None if it is no such name."""
    found = BUCKET.fullmatch(plain(name))
    return found["region"] if found else None


def allowed(policy: dict[str, Any] | None, action: str, resource: str, address: str, *, secure: bool) -> bool:
    """Tell whether a bucket's policy lets anybody do something from an address.

    A policy that names addresses isn't public, so blocking public access doesn't touch it:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    keys = {"aws:sourceip": (address,), "aws:securetransport": (str(secure).lower(),)}
    return policy is not None and of_resource(policy, Ask(action, resource, keys), Principal()) is Verdict.ALLOWED


class Buckets:
    """Answers for the buckets of a Region."""

    def __init__(self, ask: AskAccount, region: str) -> None:
        self._ask, self._region = ask, region
        self._policies: dict[str, dict[str, Any] | None] = {}
        self._sizes: dict[tuple[str, str], int | None] = {}

    def forget(self) -> None:
        """Read policies and objects anew: something in the account's S3 has changed."""
        self._policies, self._sizes = {}, {}

    async def get(self, host: str, path: str, address: str) -> tuple[int, bytes]:
        """Return status and body of a request without a signature."""
        found = BUCKET.fullmatch(plain(host.partition(":")[0]))
        if not found or found["region"] != self._region:
            return 400, b""
        bucket, key = found["bucket"], path.partition("?")[0].lstrip("/")
        arn = f"arn:aws:s3:::{bucket}"
        policy = await self._policy(bucket)
        if not allowed(policy, "s3:GetObject", f"{arn}/{key}", address, secure=True):
            return 403, b""
        size = await self._size(bucket, key)
        if size is None:
            # Without the right to list the bucket, a key that isn't there is forbidden, not missing:
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
            return (404 if allowed(policy, "s3:ListBucket", arn, address, secure=True) else 403), b""
        return 200, f"{size} bytes\n".encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of a connection."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONGEST_WAIT)
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            address = str(writer.get_extra_info("peername")[0])
            status, body = await self.get(headers.get("host", ""), first.split(" ")[1], address)
            said = f"HTTP/1.1 {status} {REASONS[status]}\r\nServer: AmazonS3\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{said}Connection: close\r\n\r\n".encode() + body)
            await writer.drain()
        except (OSError, EOFError, BotoCoreError, LookupError, TypeError, asyncio.LimitOverrunError):
            pass  # whoever asked is gone, or the account doesn't answer: silence
        finally:
            writer.close()

    async def _size(self, bucket: str, key: str) -> int | None:
        """An object's bytes; None where there is none. Kept: checkers ask for it all the time."""
        sizes = self._sizes
        if (bucket, key) not in sizes:
            try:
                answer = await self._ask("s3", self._region, "head_object", Bucket=bucket, Key=key)
                sizes[bucket, key] = int(answer.get("ContentLength", 0))
            except ClientError:
                sizes[bucket, key] = None
        return sizes[bucket, key]

    async def _policy(self, bucket: str) -> dict[str, Any] | None:
        if bucket not in self._policies:
            try:
                answer = await self._ask("s3", self._region, "get_bucket_policy", Bucket=bucket)
                self._policies[bucket] = json.loads(answer["Policy"])
            except ClientError:
                self._policies[bucket] = None
        return self._policies[bucket]


def tls(certificate: str, key: str) -> ssl.SSLContext:
    """Return TLS settings of the server."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made
