"""The emulated `aws` plugin for previews of programs with types that it doesn't have: those it takes as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pulumi.runtime.proto import provider_pb2

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import clients
from rehearsal.aws_plugin.provider import config
from rehearsal.aws_plugin.provider.server import AwsProvider, AwsResources
from rehearsal.emulator.process import Emulator
from rehearsal.plugin.server import serve
from rehearsal.plugin.shapes import Failures
from tests.engine.aws_schema import schema_of

Values = dict[str, Any]

IN_YAML = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/role:Role",
    "aws:lambda/function:Function",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:sqs/queue:Queue",
)
"""Types of the programs in YAML, whose language host asks for their schema."""

REFUSED_LATER = ("aws:backup/plan:Plan",)
"""Types of which the emulated plugin already refuses at preview what AWS only refuses when it is made."""


class Lenient(AwsResources):
    """Checks and plans what the emulated AWS has, and lets pass the rest."""

    def check(self, token: str, name: str, news: Values, olds: Values, seed: bytes) -> tuple[Values, Failures]:
        """The program's inputs, where nothing is known of the type."""
        if token not in registry.types():
            return news, []
        inputs, failures = super().check(token, name, news, olds, seed)
        return inputs, [] if token in REFUSED_LATER else failures

    def create(self, token: str, name: str, inputs: Values, *, preview: bool) -> tuple[str, Values]:
        """A plan with the inputs only: the engine takes all other outputs for unknown."""
        if token in registry.types():
            return super().create(token, name, inputs, preview=preview)
        assert preview, "it can't make what it doesn't know"
        return "", inputs


class LenientAws(AwsProvider):
    """Answered by an emulated AWS."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._emulator = emulator

    def GetSchema(self, _: Any, __: Any) -> provider_pb2.GetSchemaResponse:
        """The types that programs in YAML have here."""
        return provider_pb2.GetSchemaResponse(schema=schema_of(IN_YAML))

    def configured(self, args: Values) -> Lenient:
        """Connected to it."""
        settings = config.load(args)
        connected = clients.Clients(self._emulator.endpoint, self._emulator.key, settings.region)
        return Lenient(connected, settings.region, settings.default_tags)


@contextmanager
def lenient_aws(emulator: Emulator) -> Iterator[dict[str, str]]:
    """Serve it; the environment in which `pulumi` uses it."""
    server, port = serve(LenientAws(emulator))
    try:
        yield {"PULUMI_DEBUG_PROVIDERS": f"aws:{port}"}
    finally:
        server.stop(None)
