"""boto3's underlying clients for the loopback address, one per service and region."""

from __future__ import annotations

import ipaddress
import os
import re
import threading
from typing import Any
from urllib.parse import urlsplit

import botocore.config
import botocore.exceptions
import botocore.session

ACCESS_KEY = "rehearsal"
"""The only `aws:accessKey` that this plugin serves. The emulated AWS has a key of its own, in the environment."""

GONE = re.compile(r"(NotFound|NoSuch|DoesNotExist|^404$|NonExistent)")
"""Error codes of reads and deletions that mean: it isn't there (`InvalidVpcID.NotFound`, `NoSuchEntity`)."""

BUSY = re.compile(r"(DependencyViolation|InUse|DeleteConflict|OperationAborted|OperationNotPermitted|InProgress)")
"""Error codes of deletions that pass when what depends on the thing is gone."""


class NotLoopbackError(ValueError):
    """The endpoint isn't on this machine."""


def loopback(endpoint: str) -> str:
    """The endpoint, if it is on the loopback address; else NotLoopbackError."""
    host = urlsplit(endpoint).hostname or ""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLoopbackError(f'AWS_ENDPOINT_URL is "{endpoint}"; the rehearsal\'s aws plugin talks to 127.0.0.1 only')
    return endpoint


def endpoint_from_environment() -> str:
    """The emulator's address from AWS_ENDPOINT_URL; NotLoopbackError if there is none or it's elsewhere."""
    return loopback(os.environ.get("AWS_ENDPOINT_URL", ""))


def key_from_environment() -> str:
    """The emulator's access key from AWS_ACCESS_KEY_ID; empty without one."""
    return os.environ.get("AWS_ACCESS_KEY_ID", "")


def code(error: Exception) -> str:
    """The AWS error code of a client error; empty for other errors."""
    if isinstance(error, botocore.exceptions.ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def is_gone(error: Exception, more: tuple[str, ...] = ()) -> bool:
    """Return whether an error says that the thing doesn't exist."""
    return bool(GONE.search(code(error))) or code(error) in more


class Clients:
    """Clients of one endpoint with its access key; they are thread-safe, their making is not."""

    def __init__(self, endpoint: str, key: str, region: str) -> None:
        self.endpoint, self.region = loopback(endpoint), region
        self._key = key
        self._session = botocore.session.Session()
        self._lock = threading.RLock()
        self._made: dict[tuple[str, str], Any] = {}
        self._account = ""

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region."""
        key = (service, region)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._session.create_client(
                    service,
                    region_name=region,
                    endpoint_url=self.endpoint,
                    aws_access_key_id=self._key,
                    aws_secret_access_key=ACCESS_KEY,
                    config=botocore.config.Config(
                        proxies={},
                        retries={"max_attempts": 2},
                        max_pool_connections=32,
                        connect_timeout=5,
                        read_timeout=60,
                        s3={"addressing_style": "path"},
                        parameter_validation=True,
                    ),
                )
            return self._made[key]

    @property
    def account(self) -> str:
        """The emulated account's number."""
        with self._lock:
            if not self._account:
                self._account = str(self.client("sts", self.region).get_caller_identity()["Account"])
            return self._account

    def partition(self, region: str) -> str:
        """The partition of a region: aws, aws-cn, aws-us-gov."""
        return str(self._session.get_partition_for_region(region))
