"""Serves the rules to Pulumi's engine, by the public protocol of analyzers.

`pulumi_policy` makes the policies; its own server builds every resource anew for each policy that sees a whole stack,
and calls each policy for each resource. This one builds them once, and calls the policies of a resource's type.
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto
"""

import signal
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import grpc
import pulumi_policy as sdk
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from resilience.adapter import policies_of
from resilience.aws.types import STACK
from resilience.rule import Rule

LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes, as in Pulumi's own SDKs: the engine sends a whole stack in one message."""

LEVELS = {
    sdk.EnforcementLevel.ADVISORY: proto.ADVISORY,
    sdk.EnforcementLevel.MANDATORY: proto.MANDATORY,
    sdk.EnforcementLevel.REMEDIATE: proto.REMEDIATE,
    sdk.EnforcementLevel.DISABLED: proto.DISABLED,
}
SEVERITIES = {
    sdk.Severity.LOW: proto.POLICY_SEVERITY_LOW,
    sdk.Severity.MEDIUM: proto.POLICY_SEVERITY_MEDIUM,
    sdk.Severity.HIGH: proto.POLICY_SEVERITY_HIGH,
    sdk.Severity.CRITICAL: proto.POLICY_SEVERITY_CRITICAL,
}


def serve(name: str, rules: Iterable[Rule]) -> None:
    """Serve the rules as a policy pack until the engine ends this process."""
    listed = list(rules)
    options = [("grpc.max_receive_message_length", LARGEST_MESSAGE), ("grpc.max_send_message_length", LARGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=options)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(name, listed), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    signal.signal(signal.SIGINT, lambda *_: server.stop(0))
    print(port, flush=True)
    server.wait_for_termination()


@dataclass
class Given:
    """What the engine's configuration says of one policy."""

    level: int
    config: Mapping[str, Any] = field(default_factory=dict)


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine's questions about resources and stacks."""

    def __init__(self, name: str, rules: Iterable[Rule]) -> None:
        listed = list(rules)
        self._name = name
        self._policies = policies_of(listed)
        self._given: dict[str, Given] = {}
        self._of_type: dict[str, list[sdk.ResourceValidationPolicy]] = defaultdict(list)
        self._of_stack = [each for each in self._policies if isinstance(each, sdk.StackValidationPolicy)]
        for rule, policy in zip(listed, self._policies, strict=False):
            if isinstance(policy, sdk.ResourceValidationPolicy):
                for type_ in dict.fromkeys((*rule.types, STACK)):
                    self._of_type[type_].append(policy)

    def Analyze(self, request: proto.AnalyzeRequest, _: Any) -> proto.AnalyzeResponse:
        """Judge one resource by the policies of its type."""
        response = proto.AnalyzeResponse()
        seen: dict[str, Any] = {}
        for policy in self._of_type.get(request.type, ()):
            if self._level(policy) != proto.DISABLED:
                seen = seen or _seen(request)
                args = sdk.ResourceValidationArgs(**seen, config=self._config(policy))
                self._run(policy, args, response)
        return response

    def AnalyzeStack(self, request: proto.AnalyzeStackRequest, _: Any) -> proto.AnalyzeResponse:
        """Judge a whole stack."""
        response = proto.AnalyzeResponse()
        resources = _resources(request)
        for policy in self._of_stack:
            if self._level(policy) != proto.DISABLED:
                self._run(policy, sdk.StackValidationArgs(resources, self._config(policy)), response)
        return response

    def Remediate(self, request: proto.AnalyzeRequest, _: Any) -> proto.RemediateResponse:
        """Change one resource by the policies of its type that are told to, one after the other."""
        response = proto.RemediateResponse()
        seen: dict[str, Any] = {}
        for policy in self._of_type.get(request.type, ()):
            if self._level(policy) != proto.REMEDIATE or not policy.has_remediation():
                continue
            seen = seen or _seen(request, with_secrets=True)
            said: dict[str, Any] = {"policyName": policy.name, "description": policy.description}
            try:
                mended = policy.remediate(sdk.ResourceValidationArgs(**seen, config=self._config(policy)))
            except UnknownValueError as error:
                response.remediations.append(proto.Remediation(**self._pack(), **said, diagnostic=error.message))
                continue
            if mended:
                seen["props"] = mended
                properties = struct_pb2.Struct()
                properties.update(serialize_properties(mended))  # type: ignore[arg-type] # our remedies don't wait
                response.remediations.append(proto.Remediation(**self._pack(), **said, properties=properties))
        return response

    def GetAnalyzerInfo(self, _: empty_pb2.Empty, __: Any) -> proto.AnalyzerInfo:
        """Tell which policies there are."""
        # The engine takes the version of PulumiPolicy.yaml where there is one.
        return proto.AnalyzerInfo(
            name=self._name, version="0.0.1", supportsConfig=True, policies=map(_described, self._policies)
        )

    def GetPluginInfo(self, _: empty_pb2.Empty, __: Any) -> plugin_pb2.PluginInfo:
        """Tell the plugin's version."""
        return plugin_pb2.PluginInfo(version="0.0.1")

    def Configure(self, request: proto.ConfigureAnalyzerRequest, _: Any) -> empty_pb2.Empty:
        """Take levels and settings; those of policies that aren't named are their defaults."""
        self._given = {
            name: Given(each.enforcementLevel, json_format.MessageToDict(each.properties))
            for name, each in request.policyConfig.items()
        }
        return empty_pb2.Empty()

    def ConfigureStack(self, _: proto.AnalyzerStackConfigureRequest, __: Any) -> proto.AnalyzerStackConfigureResponse:
        """Take the stack's name and config, which no rule asks for."""
        return proto.AnalyzerStackConfigureResponse()

    def Cancel(self, _: empty_pb2.Empty, __: Any) -> empty_pb2.Empty:
        """Rules end by themselves."""
        return empty_pb2.Empty()

    def _level(self, policy: sdk.Policy) -> int:
        given = self._given.get(policy.name)
        return given.level if given else LEVELS[policy.enforcement_level or sdk.EnforcementLevel.ADVISORY]

    def _config(self, policy: sdk.Policy) -> dict[str, Any]:
        given = self._given.get(policy.name)
        return dict(given.config) if given else {}

    def _pack(self) -> dict[str, str]:
        return {"policyPackName": self._name, "policyPackVersion": "0.0.1"}

    def _run(self, policy: Any, args: Any, response: proto.AnalyzeResponse) -> None:
        """Run one policy; what it reports, and what it doesn't know yet, is added to the response."""
        level = self._level(policy)
        common = {"policyName": policy.name, "description": policy.description, **self._pack()}
        # A remedy has run before: what it left is as bad as if there were none.
        reported = proto.MANDATORY if level == proto.REMEDIATE else proto.EnforcementLevel.ValueType(level)

        def report(message: str, urn: str | None = None) -> None:
            response.diagnostics.append(
                proto.AnalyzeDiagnostic(
                    **common,
                    message=f"{policy.description}\n{message}",
                    urn=urn or "",
                    enforcementLevel=reported,
                    severity=SEVERITIES[policy.severity],
                )
            )

        try:
            policy.validate(args, report)
        except UnknownValueError as error:
            message = f"{policy.description}\n{error.message}"
            response.diagnostics.append(
                proto.AnalyzeDiagnostic(**common, message=message, enforcementLevel=proto.ADVISORY)
            )


def _described(policy: sdk.Policy) -> proto.PolicyInfo:
    kind = proto.POLICY_TYPE_STACK if isinstance(policy, sdk.StackValidationPolicy) else proto.POLICY_TYPE_RESOURCE
    made = proto.PolicyInfo(
        name=policy.name,
        description=policy.description,
        enforcementLevel=LEVELS[policy.enforcement_level or sdk.EnforcementLevel.ADVISORY],
        policy_type=kind,
        severity=SEVERITIES[policy.severity or sdk.Severity.LOW],
        url=policy.url or "",
    )
    if policy.config_schema:
        made.configSchema.properties.update(policy.config_schema.properties)
    return made


def _decoded(properties: struct_pb2.Struct, *, with_secrets: bool = False) -> Any:
    """Properties as rules read them: one that is not known yet raises UnknownValueError."""
    return unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(properties), with_secrets))


def _provider(request: Any) -> sdk.PolicyProviderResource | None:
    if not request.HasField("provider"):
        return None
    return _provider_of(request.provider.SerializeToString(deterministic=True))


@lru_cache(maxsize=256)
def _provider_of(sent: bytes) -> sdk.PolicyProviderResource:
    """A provider, decoded once: the engine sends it with each of its resources."""
    given = proto.AnalyzerProviderResource.FromString(sent)
    return sdk.PolicyProviderResource(given.type, _decoded(given.properties), given.urn, given.name)


OPTIONS = sdk.PolicyResourceOptions(False, [], None, [], sdk.PolicyCustomTimeouts(0, 0, 0), [], None)
"""Of every resource: no rule asks for its options."""


def _seen(request: proto.AnalyzeRequest, *, with_secrets: bool = False) -> dict[str, Any]:
    return {
        "resource_type": request.type,
        "props": _decoded(request.properties, with_secrets=with_secrets),
        "urn": request.urn,
        "name": request.name,
        "opts": OPTIONS,
        "provider": _provider(request),
    }


def _resources(request: proto.AnalyzeStackRequest) -> list[sdk.PolicyResource]:
    """The resources of a stack, with those that each property depends on."""
    made = {
        each.urn: sdk.PolicyResource(
            each.type, _decoded(each.properties), each.urn, each.name, OPTIONS, _provider(each), None, [], {}
        )
        for each in request.resources
    }
    for each in request.resources:
        made[each.urn].property_dependencies = {
            name: [made[urn] for urn in depends.urns if urn in made]
            for name, depends in each.propertyDependencies.items()
        }
    return list(made.values())
