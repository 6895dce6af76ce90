"""Clients of AWS: short time limits, tries with back-off that are shown, none slower than a person's patience.

boto3 is loaded with the first client: help, plans and policies need none, and it takes longer than all the rest.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import NOT_ASKED, THROTTLED, OpsError, explained

TIMEOUTS = {"connect_timeout": 2, "read_timeout": 10}
"""Seconds. A region that is lost is silent."""

TRIES = 4
"""https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html: standard mode backs off with jitter."""

PASSING = (429, 500, 502, 503, 504)
"""Statuses that the standard mode tries again after, as it does after throttling, whatever its status."""

Shown = Callable[[str], None]


class Account:
    """The account, region by region."""

    def __init__(self, session: Any = None, shown: Shown | None = None) -> None:
        self._session = session or import_module("boto3").Session()
        self._shown = shown
        self._clients: dict[tuple[str, str, bool], Any] = {}

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:
        """Return a client. brief: one try with a second's limit, for a region that may be lost."""
        key = (service, region, brief)
        if key not in self._clients:
            limits = {"connect_timeout": 1, "read_timeout": 3} if brief else TIMEOUTS
            config: Any = {**limits, "retries": {"mode": "standard", "total_max_attempts": 1 if brief else TRIES}}
            made = self._session.client(
                service, region_name=region, config=import_module("botocore.config").Config(**config)
            )
            if self._shown:
                made.meta.events.register(
                    "needs-retry.*.*", self._told(region, config["retries"]["total_max_attempts"])
                )
            self._clients[key] = made
        return self._clients[key]

    def _told(self, region: str, most: int) -> Callable[..., None]:
        """Return a hook that shows a call that is tried again, and why."""

        def tell(response: Any, operation: Any, attempts: int, caught_exception: Any = None, **_: Any) -> None:
            why = _why_again(response, caught_exception)
            if self._shown and why and attempts < most:
                self._shown(f"{region}: {operation.name}: {why}; try {attempts + 1} of {most}")

        return tell

    def check(self, region: str) -> str:
        """Return the account's id. Raises OpsError if the credentials are no use."""
        if self._session.get_credentials() is None:
            raise OpsError("there are no AWS credentials in the environment; sign in first", NOT_ASKED)
        try:
            return str(self.client("sts", region).get_caller_identity()["Account"])
        except (ClientError, BotoCoreError) as error:
            raise OpsError(explained(error, region), NOT_ASKED) from error

    def get(self, region: str, bucket: str, key: str) -> bytes:
        """Return an object of S3. Raises OpsError."""
        try:
            return bytes(self.client("s3", region).get_object(Bucket=bucket, Key=key)["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise OpsError(f"s3://{bucket}/{key}: {explained(error, region)}", NOT_ASKED) from error


def _why_again(response: Any, exception: Any) -> str:
    """Return why a call is tried again; empty if it isn't."""
    if exception is not None:
        return f"no answer ({type(exception).__name__})"
    status, code = response[0].status_code, str(response[1].get("Error", {}).get("Code", ""))
    if code in THROTTLED:
        return f"throttled ({code})"
    return f"status {status}" if status in PASSING else ""
