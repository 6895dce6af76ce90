"""A bucket in memory that answers as S3 does, after a while: where Pulumi keeps a state that is measured.

The emulated AWS would do, but it works on the same cores as what is measured; this costs next to nothing.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

CHUNK = re.compile(rb"([0-9a-fA-F]+)(;[^\r\n]*)?\r\n")
"""What precedes each part of a body that is signed in parts:
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html"""


@dataclass
class Bucket:
    """What was stored, and what it took."""

    answer_after: float
    """Seconds until a request is answered."""
    objects: dict[str, bytes] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    """How often, by kind."""
    bytes_in: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """The value for `PULUMI_BACKEND_URL`."""
        where = f"endpoint=http://127.0.0.1:{self.port}&s3ForcePathStyle=true&region=eu-west-1"
        return f"s3://state?{where}"


@contextmanager
def bucket(answer_after: float) -> Iterator[Bucket]:
    """Serve an empty bucket on a free port of 127.0.0.1."""
    made = Bucket(answer_after)
    handler = type("Handler", (_Handler,), {"bucket": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        made.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


def plain(body: bytes) -> bytes:
    """A body without what its parts are signed with."""
    found, at = b"", 0
    while (head := CHUNK.match(body, at)) and (size := int(head[1], 16)):
        found += body[head.end() : head.end() + size]
        at = head.end() + size + 2
    return found


class _Handler(BaseHTTPRequestHandler):
    """The six requests that Pulumi's backend makes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bucket: ClassVar[Bucket]

    def do_GET(self) -> None:
        key, query = self._asked()
        if key:
            self._object(key, "GET")
        else:
            self._answer("LIST", 200, self._listed(query.get("prefix", ""), query.get("delimiter", "")))

    def do_HEAD(self) -> None:
        key, _ = self._asked()
        self._object(key, "HEAD")

    def do_PUT(self) -> None:
        key, _ = self._asked()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        source = self.headers.get("x-amz-copy-source")
        if source:
            found = self.bucket.objects.get(unquote(source).lstrip("/").partition("/")[2], b"")
            text = (
                f"<CopyObjectResult><ETag>{_tag(found)}</ETag><LastModified>{_now()}</LastModified></CopyObjectResult>"
            )
        else:
            self.bucket.bytes_in += len(body)
            found = plain(body) if "aws-chunked" in self.headers.get("Content-Encoding", "") else body
            text = ""
        self.bucket.objects[key] = found
        self._answer("COPY" if source else "PUT", 200, text.encode(), ETag=_tag(found))

    def do_DELETE(self) -> None:
        key, _ = self._asked()
        self.bucket.objects.pop(key, None)
        self._answer("DELETE", 204)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return unquote(parts.path).lstrip("/").partition("/")[2], query

    def _object(self, key: str, kind: str) -> None:
        found = self.bucket.objects.get(key)
        if found is None:
            text = "<Error><Code>NoSuchKey</Code></Error>" if kind == "GET" else ""
            self._answer(kind, 404, text.encode())
        else:
            self._answer(kind, 200, found, ETag=_tag(found))

    def _listed(self, prefix: str, delimiter: str) -> bytes:
        keys = sorted(key for key in [*self.bucket.objects] if key.startswith(prefix))
        folders = (
            {
                prefix + key[len(prefix) :].partition(delimiter)[0] + delimiter
                for key in keys
                if delimiter in key[len(prefix) :]
            }
            if delimiter
            else set()
        )
        texts = [
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_now()}</LastModified>"
            f"<ETag>{_tag(self.bucket.objects[key])}</ETag><Size>{len(self.bucket.objects[key])}</Size></Contents>"
            for key in keys
            if not delimiter or delimiter not in key[len(prefix) :]
        ]
        texts += [f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in sorted(folders)]
        head = f"<Name>state</Name><Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>"
        return f"<ListBucketResult>{head}{''.join(texts)}</ListBucketResult>".encode()

    def _answer(self, kind: str, status: int, body: bytes = b"", **headers: str) -> None:
        self.bucket.requests[kind] += 1
        time.sleep(self.bucket.answer_after)
        self.send_response(status)
        for name, value in {
            **headers,
            "Content-Length": str(len(body)),
            "Last-Modified": formatdate(usegmt=True),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _tag(body: bytes) -> str:
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
