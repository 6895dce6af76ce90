"""A standby region as the failover's code sees it, for what no emulator has: requests are botocore's own.

Every request goes through botocore, which refuses what AWS's API doesn't know; only the answers are made up here.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from socket import create_server
from typing import Any

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ha_web.dns.records import BEACON
from ha_web.failover.runtime.apply import Clock
from ha_web.failover.runtime.config import LOCK_KEY, NOTICE_KEY, SEEN_KEY, Config, parse

REGION = "eu-central-1"
CLUSTER = f"arn:aws:rds:{REGION}:123456789012:cluster:site-standby"


class Status:
    """The part of an HTTP answer that botocore looks at."""

    def __init__(self, code: int) -> None:
        self.status_code = code


def _refused(status: int, code: str) -> tuple[Status, dict[str, Any]]:
    return Status(status), {"Error": {"Code": code, "Message": "refused"}, "ResponseMetadata": {}}


@dataclass
class Standby:
    """Deployed resources, and every request that changed something."""

    promotion: int = 2
    """Looks until a promotion is done."""
    session_role: str = "SECONDARY"
    writer: bool = False
    replicating: bool = True
    other_members: list[dict[str, Any]] = field(default_factory=list)
    """Of the global database, besides the standby's cluster."""
    minimum: int = 0
    desired: int = 0
    maximum: int = 6
    running: int = 0
    capacity: int = 99
    """Servers for which EC2 has capacity."""
    balanced: bool = False
    """True if a load balancer checks the servers; each passes one look after it runs."""
    contents: dict[str, str] = field(
        default_factory=lambda: {SEEN_KEY: json.dumps({"primary": "127.0.0.1", "servers": None})}
    )
    """The bucket's objects by key; by default the primary was seen healthy, and nothing is known of its servers."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Error code by operation."""
    changes: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    _passed: int = 0
    _left: dict[str, int] = field(default_factory=dict)
    _clients: dict[str, Any] = field(default_factory=dict)

    def clients(self, service: str) -> Any:
        if service not in self._clients:
            client = boto3.client(service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
            client.meta.events.register("provide-client-params", self._keep)
            client.meta.events.register("before-call", self._answer)
            self._clients[service] = client
        return self._clients[service]

    def _keep(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.requests.append((model.name, params))

    def _answer(self, **_: Any) -> Any:
        name, params = self.requests[-1]
        if name in self.refuses:
            error = {"Code": self.refuses[name], "Message": "refused"}
            return Status(400), {"Error": error, "ResponseMetadata": {}}
        answer = getattr(self, name)(params)
        is_note = params.get("Key") in (SEEN_KEY, LOCK_KEY, NOTICE_KEY)
        if not name.startswith(("Describe", "Head", "Get")) and not is_note:
            self.changes.append(name)
        return answer if isinstance(answer, tuple) else (Status(200), answer or {})

    @property
    def objects(self) -> set[str]:
        """The objects that aren't notes between runs."""
        return set(self.contents) - {SEEN_KEY, LOCK_KEY, NOTICE_KEY}

    def HeadObject(self, params: dict[str, Any]) -> Any:
        return {} if params["Key"] in self.contents else _refused(404, "404")

    def GetObject(self, params: dict[str, Any]) -> Any:
        text = self.contents.get(params["Key"])
        return _refused(404, "NoSuchKey") if text is None else {"Body": BytesIO(text.encode()), "VersionId": text}

    def PutObject(self, params: dict[str, Any]) -> Any:
        if params.get("IfNoneMatch") == "*" and params["Key"] in self.contents:
            return _refused(412, "PreconditionFailed")
        body = params["Body"]
        text = self.contents[params["Key"]] = (body if isinstance(body, bytes) else body.read()).decode()
        return {"VersionId": text}

    def DeleteObject(self, params: dict[str, Any]) -> None:
        if params.get("VersionId") in (None, self.contents.get(params["Key"])):
            self.contents.pop(params["Key"], None)

    def Publish(self, params: dict[str, Any]) -> None:
        self.messages.append(params)

    def DescribeAutoScalingGroups(self, _params: dict[str, Any]) -> Any:
        self.running = min(self.desired, self.running + 1, self.capacity)  # one more server a look
        servers = [
            {"InstanceId": f"i-{number}", "LifecycleState": "InService", "HealthStatus": "Healthy"}
            for number in range(self.running)
        ]
        sizes = {"MinSize": self.minimum, "DesiredCapacity": self.desired, "MaxSize": self.maximum}
        groups = ["arn:target-group"] if self.balanced else []
        return {"AutoScalingGroups": [{**sizes, "Instances": servers, "TargetGroupARNs": groups}]}

    def DescribeTargetHealth(self, _params: dict[str, Any]) -> Any:
        states = ["healthy"] * self._passed + ["initial"] * (self.running - self._passed)
        self._passed = self.running
        return {
            "TargetHealthDescriptions": [
                {"Target": {"Id": f"i-{number}"}, "TargetHealth": {"State": state}}
                for number, state in enumerate(states)
            ]
        }

    def UpdateAutoScalingGroup(self, params: dict[str, Any]) -> None:
        self.minimum, self.desired = params["MinSize"], params["DesiredCapacity"]

    def DescribeReplicationGroups(self, _params: dict[str, Any]) -> Any:
        going = self._going("sessions")
        member = {"GlobalReplicationGroupId": "ldgnf-site", "GlobalReplicationGroupMemberRole": self.session_role}
        member = member if self.session_role else {}
        found = {"Status": "modifying" if going else "available", "GlobalReplicationGroupInfo": member}
        return {"ReplicationGroups": [found]}

    def FailoverGlobalReplicationGroup(self, params: dict[str, Any]) -> None:
        assert params["PrimaryRegion"] == REGION
        self.session_role, self._left["sessions"] = "PRIMARY", self.promotion

    def DisassociateGlobalReplicationGroup(self, params: dict[str, Any]) -> None:
        assert params["ReplicationGroupRegion"] == REGION
        self.session_role = ""

    def DescribeGlobalClusters(self, _params: dict[str, Any]) -> Any:
        state = {"Status": "failing-over", "ToDbClusterArn": CLUSTER} if self._going("database") else {}
        members = [{"DBClusterArn": CLUSTER, "IsWriter": self.writer}, *self.other_members]
        return {"GlobalClusters": [{"GlobalClusterMembers": members, "FailoverState": state}]}

    def ModifyDBCluster(self, _params: dict[str, Any]) -> None:
        pass

    def FailoverGlobalCluster(self, params: dict[str, Any]) -> None:
        assert params["AllowDataLoss"] is True
        self.writer, self._left["database"] = True, self.promotion

    def DescribeReplicationConfigurations(self, params: dict[str, Any]) -> Any:
        if not self.replicating:
            return Status(404), {"Error": {"Code": "ReplicationNotFound", "Message": ""}, "ResponseMetadata": {}}
        end = {"FileSystemId": params["FileSystemId"], "Status": "ENABLED", "Region": REGION}
        return {"Replications": [{"SourceFileSystemId": "fs-1", "Destinations": [end]}]}

    def DeleteReplicationConfiguration(self, _params: dict[str, Any]) -> None:
        self.replicating = False

    def _going(self, store: str) -> bool:
        left = self._left.get(store, 0)
        self._left[store] = left - 1
        return left > 0


class Time:
    """A clock on which only sleeping takes time; `at` does something when a moment is reached."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.later: list[tuple[float, Callable[[], None]]] = []

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep, lambda: self.seconds)

    def at(self, second: float, do: Callable[[], None]) -> None:
        self.later.append((second, do))

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        due = [do for second, do in self.later if second <= self.seconds]
        self.later = [(second, do) for second, do in self.later if second > self.seconds]
        for do in due:
            do()


class Healthz(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.server.status)  # type: ignore[attr-defined]  # set by `answering`
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(status: int = 200, tls: Path | None = None) -> Iterator[int]:
    """A primary that answers with a status, over TLS with a certificate and key in one file: its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Healthz)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.status = status  # type: ignore[attr-defined]  # read by Healthz
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def self_signed(folder: Path) -> Path:
    """A file with a key and a certificate that nobody trusts, of another name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, *form)
    text += made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file = folder / "tls.pem"
    file.write_bytes(text)
    return file


def closed_port() -> int:
    """A port that refuses connections."""
    with create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections on every local address and never answers."""
    with create_server(("", 0), backlog=8) as server:
        yield server.getsockname()[1]


STORES: dict[str, Any] = {
    "capacity": {"group": "web-standby", "minimum": 3, "needed": 3},
    "sessions": {"global_id": "ldgnf-site", "id": "site-standby"},
    "database": {"global_id": "site", "arn": CLUSTER},
    "storage": {"source_id": "fs-1", "id": "fs-2"},
}


def config(port: int, **changed: Any) -> Config:
    """A configuration with everything, whose primary is on a port of this machine; None takes a part away."""
    given = {
        "region": REGION,
        "beacon": "ha-web-primary.www.example.com",
        "probe": {"protocol": "http", "host": "127.0.0.1", "port": port, "path": "/healthz"},
        "switch": {"bucket": "site-switch"},
        "after_seconds": 20,
        "topic_arn": f"arn:aws:sns:{REGION}:123456789012:notices",
        **STORES,
        **changed,
    }
    return parse({key: value for key, value in given.items() if value is not None})


FAILED, HEALTHY = [BEACON["standby"]], [BEACON["primary"]]
"""Answers of the beacon."""
