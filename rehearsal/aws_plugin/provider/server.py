"""The emulated `aws` provider on the wire."""

from __future__ import annotations

from typing import Any

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import clients, model
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider import config, functions
from rehearsal.aws_plugin.provider.lifecycle import Lifecycle
from rehearsal.plugin.server import Provider
from rehearsal.plugin.server import serve as serve_provider
from rehearsal.plugin.shapes import Failures


class AwsResources(Lifecycle):
    """Resources and functions of one configured provider."""

    def invoke(self, token: str, args: dict[str, Any]) -> tuple[dict[str, Any], Failures]:
        """A function's result, and what is wrong with its arguments."""
        return functions.invoke(self.clients, self.region, token, args)


class AwsProvider(Provider):
    """AWS, answered by the emulator."""

    name = "aws"
    expected = (CallError, clients.NotLoopbackError)

    def config_failures(self, args: dict[str, Any]) -> Failures:
        """Settings that the rehearsal doesn't honour, and those of a real stack."""
        return config.failures(args)

    def configured(self, args: dict[str, Any]) -> AwsResources:
        """Connected to the emulator; NotLoopbackError if it isn't on this machine."""
        settings = config.load(args)
        endpoint, key = clients.endpoint_from_environment(), clients.key_from_environment()
        connected = clients.Clients(endpoint, key, settings.region)
        return AwsResources(connected, settings.region, settings.default_tags)

    def warm(self) -> None:
        """Load the entries and the largest of botocore's models."""
        registry.types()
        model.operation("ec2", "CreateVpc")


def serve(port: int = 0) -> tuple[Any, int]:
    """Start the server on the loopback address; it and its port."""
    return serve_provider(AwsProvider(), port)
