"""The instance metadata service, version 2, as a server finds it at 169.254.169.254.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
"""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rehearsal.live.servers.instances import Instance
from rehearsal.live.servers.small_http import Answer, Request

LONGEST = 21600
"""Seconds that a token may live."""

VERSIONS = ("/latest", "/2024-04-11", "/2021-07-15")

CREDENTIALS_SECONDS = 6 * 3600
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html"""

Keys = Callable[[], Awaitable[Mapping[str, str]]]
"""Returns the environment variables of the role's credentials."""


@dataclass
class Metadata:
    """What one server is told of itself. A token holds for the server that asked for it only."""

    instance: Instance
    account: str
    role: str
    keys: Keys
    _tokens: dict[str, float] = field(default_factory=dict)

    async def handle(self, request: Request) -> Answer:
        """Answer a request."""
        if not self.instance.metadata:
            return Answer(403)
        path = request.path.partition("?")[0]
        version = next((each for each in VERSIONS if path.startswith(each + "/")), None)
        if version is None:
            return Answer(404)
        path = path[len(version) :]
        if path == "/api/token":
            return self._token(request)
        if not self._allowed(request):
            return Answer(401)
        found = await self._value(path)
        return Answer(404) if found is None else Answer(200, found, (("Content-Type", "text/plain"),))

    def _token(self, request: Request) -> Answer:
        if request.method != "PUT":
            return Answer(405)
        # A request that was passed on gets none: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
        if "x-forwarded-for" in request.headers:
            return Answer(403)
        asked = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
        if not asked.isdigit() or not 1 <= int(asked) <= LONGEST:
            return Answer(400)
        token = secrets.token_urlsafe(32)
        self._tokens = {each: ends for each, ends in self._tokens.items() if ends > time.monotonic()}
        self._tokens[token] = time.monotonic() + int(asked)
        return Answer(200, token, (("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", asked),))

    def _allowed(self, request: Request) -> bool:
        token = request.headers.get("x-aws-ec2-metadata-token")
        if token is None:
            return not self.instance.token_required
        return self._tokens.get(token, 0) > time.monotonic()

    async def _value(self, path: str) -> str | None:
        if path == "/dynamic/instance-identity/document":
            return json.dumps(self._document(), indent=2)
        if not path.startswith("/meta-data"):
            return None
        name = path.removeprefix("/meta-data").strip("/")
        if name == "iam/security-credentials" and self.role:
            return self.role
        if name == f"iam/security-credentials/{self.role}" and self.role:
            return json.dumps(await self._credentials())
        facts = self._facts()
        if name in facts:
            return facts[name]
        inside = name + "/" if name else ""
        below = {each.removeprefix(inside).split("/")[0] for each in facts if each.startswith(inside)}
        return "\n".join(sorted(below)) if below else None

    def _facts(self) -> dict[str, str]:
        here = self.instance
        return {
            "ami-id": here.image,
            "hostname": self.hostname,
            "instance-id": here.id,
            "instance-type": here.type,
            "local-hostname": self.hostname,
            "local-ipv4": here.address,
            "placement/availability-zone": here.zone,
            "placement/region": here.region,
            "services/domain": "amazonaws.com",
            "services/partition": "aws",
        }

    @property
    def hostname(self) -> str:
        """The private DNS name."""
        return f"ip-{self.instance.address.replace('.', '-')}.{self.instance.region}.compute.internal"

    def _document(self) -> dict[str, str]:
        here = self.instance
        return {
            "accountId": self.account,
            "availabilityZone": here.zone,
            "imageId": here.image,
            "instanceId": here.id,
            "instanceType": here.type,
            "privateIp": here.address,
            "region": here.region,
            "version": "2017-09-30",
        }

    async def _credentials(self) -> dict[str, str]:
        keys = await self.keys()
        now = datetime.now(UTC)
        form = "%Y-%m-%dT%H:%M:%SZ"
        return {
            "Code": "Success",
            "LastUpdated": now.strftime(form),
            "Type": "AWS-HMAC",
            "AccessKeyId": keys["AWS_ACCESS_KEY_ID"],
            "SecretAccessKey": keys["AWS_SECRET_ACCESS_KEY"],
            "Token": keys["AWS_SESSION_TOKEN"],
            "Expiration": (now + timedelta(seconds=CREDENTIALS_SECONDS)).strftime(form),
        }
