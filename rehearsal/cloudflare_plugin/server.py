"""The emulated `cloudflare` provider on the wire."""

from __future__ import annotations

from typing import Any

from rehearsal.cloudflare_plugin import config
from rehearsal.cloudflare_plugin.resources import CloudflareResources
from rehearsal.cloudflare_plugin.store import from_environment
from rehearsal.plugin.server import Provider
from rehearsal.plugin.server import serve as serve_provider
from rehearsal.plugin.shapes import Failures


class CloudflareProvider(Provider):
    """Cloudflare, recorded in a store of the rehearsal's home."""

    name = "cloudflare"

    def config_failures(self, args: dict[str, Any]) -> Failures:
        """Settings that the rehearsal doesn't honour, and those of a real stack."""
        return config.failures(args)

    def configured(self, args: dict[str, Any]) -> CloudflareResources:  # noqa: ARG002 - the protocol's
        """The resources of the rehearsal's store."""
        return CloudflareResources(from_environment())


def serve(port: int = 0) -> tuple[Any, int]:
    """Start the server on the loopback address; it and its port."""
    return serve_provider(CloudflareProvider(), port)
