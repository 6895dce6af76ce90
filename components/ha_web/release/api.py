"""AWS's API as a release calls it. botocore takes a third of a second to import, and only a release does."""

import asyncio
from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from ha_web.release.access import Access


class Api:
    """Calls of AWS's API in one region, each in a thread, so that the program's event loop goes on."""

    def __init__(self, access: Access, region: str) -> None:
        self._access, self._region = access, region
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    async def call(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """Return the answer of one operation, named as in Python (`describe_images`)."""
        return await asyncio.to_thread(self._call, service, operation, request)

    def _call(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if service not in self._clients:
            self._clients[service] = self._make(service)
        answer: dict[str, Any] = getattr(self._clients[service], operation)(**request)
        return answer

    def _make(self, service: str) -> Any:
        if self._session is None:
            self._session = _session(self._access, self._region)
        patient = Config(retries={"mode": "standard", "max_attempts": 8})
        return self._session.create_client(service, region_name=self._region, config=patient)


def _session(access: Access, region: str) -> Any:
    core = botocore.session.Session(profile=access.profile)
    core.set_config_variable("region", region)  # roles are assumed there
    if access.keys:
        core.set_credentials(*access.keys)
    for role in access.roles:
        _assume(core, role)
    return core


def _assume(core: Any, role: Mapping[str, Any]) -> None:
    """Let a session act as a role; its credentials are renewed, since a release may take longer than they last."""
    wanted = {"RoleSessionName": role.get("sessionName", "ha-web-release"), "ExternalId": role.get("externalId")}
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=core.create_client,
        source_credentials=core.get_credentials(),
        role_arn=role["roleArn"],
        extra_args={key: value for key, value in wanted.items() if value},
    )
    core._credentials = DeferredRefreshableCredentials(  # botocore has no setter for these
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
