"""Makes Pulumi's policies of rules: configuration, exemptions, unknown values, remediation."""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi_policy as policy
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from resilience import exemptions
from resilience.aws.types import STACK
from resilience.configuration import unknown_settings
from resilience.exemptions import Use, Uses
from resilience.remedies import applied, in_clear, raw
from resilience.resource import Resource, Stack
from resilience.rule import Rule, Setting, Severity, Verdict, judge

LEVELS = {
    Severity.CRITICAL: policy.EnforcementLevel.MANDATORY,
    Severity.HIGH: policy.EnforcementLevel.MANDATORY,
    Severity.MEDIUM: policy.EnforcementLevel.ADVISORY,
    Severity.LOW: policy.EnforcementLevel.ADVISORY,
}
JSON_TYPES = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
EXEMPTIONS = "exemptions-in-use"


class CannotTell(UnknownValueError):
    """A rule needs a value that is known only after the deployment. Pulumi turns its base class into an advisory."""

    def __init__(self, unknown: Iterable[str]) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        self.message = f"cannot tell until deployed: {', '.join(unknown)} is known only then"


class Undecided(UnknownValueError):
    """A rule can't understand a value: it is told, and never taken for harmless."""

    def __init__(self, reasons: Iterable[str]) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        self.message = f"cannot tell: {', '.join(reasons)}"


class RuleFailed(UnknownValueError):
    """A bug in a rule, which must not stop a deployment. The message has no values, which may be secret."""

    def __init__(self, resource: Resource, error: Exception) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        *_, last = traceback.extract_tb(error.__traceback__)
        place = f"{Path(last.filename).name}, line {last.lineno}"
        self.message = f"the rule failed on {resource.name} and was skipped there ({type(error).__name__}, {place})"


def policies_of(rules: Iterable[Rule]) -> list[policy.Policy]:
    """Pulumi's policies for the rules. The one that lists exemptions comes last: the others fill it."""
    uses, latest = Uses(), Latest()
    made: list[policy.Policy] = [
        of_stack(rule, uses, latest) if rule.stack_check else of_resource(rule, uses) for rule in rules
    ]
    return [*made, shown_exemptions(uses)]


def of_resource(rule: Rule, uses: Uses) -> policy.ResourceValidationPolicy:
    """The policy of a rule that judges a resource by itself."""

    def validate(args: policy.ResourceValidationArgs, report: policy.ReportViolation) -> None:
        if args.resource_type == STACK:
            report_unknown_settings(rule, args.get_config(), report)
        if args.resource_type not in rule.types:
            return
        resource = seen(args)
        verdict = judged(rule, resource, args.get_config())
        for message in kept(rule, resource, verdict, args.get_config(), uses):
            report(message, None)
        if verdict.undecidable:
            raise Undecided([verdict.undecidable])
        if verdict.unknown:
            raise CannotTell([verdict.unknown])

    def remediate(args: policy.ResourceValidationArgs) -> Mapping[str, Any] | None:
        return None if rule.remedy is None or is_exempt(args) else mended(rule, args)

    return policy.ResourceValidationPolicy(
        **described(rule),
        validate=validate,
        remediate=remediate if rule.remedy else None,  # type: ignore[arg-type] # it says Awaitable and takes both
    )


class Latest:
    """The stack that was seen last: all policies of a pack are asked about it, one after the other."""

    def __init__(self) -> None:
        self._seen: tuple[object, Stack] | None = None

    def of(self, resources: Sequence[policy.PolicyResource]) -> Stack:
        """The stack of these very resources."""
        if self._seen is None or self._seen[0] is not resources:
            self._seen = (resources, stack_of(resources))
        return self._seen[1]


def of_stack(rule: Rule, uses: Uses, latest: Latest) -> policy.StackValidationPolicy:
    """The policy of a rule that has to see other resources too."""

    def validate(args: policy.StackValidationArgs, report: policy.ReportViolation) -> None:
        report_unknown_settings(rule, args.get_config(), report)
        stack = latest.of(args.resources)
        unknown, undecidable = [], []
        for resource in stack.of_type(*rule.types):
            verdict = judged(rule, resource, args.get_config(), stack)
            for message in kept(rule, resource, verdict, args.get_config(), uses):
                report(message, resource.urn)
            if verdict.unknown:
                unknown.append(f"{verdict.unknown} of {resource.name}")
            if verdict.undecidable:
                undecidable.append(f"{verdict.undecidable} of {resource.name}")
        if undecidable:
            raise Undecided(undecidable)
        if unknown:
            raise CannotTell(unknown)

    return policy.StackValidationPolicy(**described(rule), validate=validate)


def shown_exemptions(uses: Uses) -> policy.StackValidationPolicy:
    """The policy that lists the findings that exemptions suppressed, with the reasons."""

    def validate(_: policy.StackValidationArgs, report: policy.ReportViolation) -> None:
        for use in uses.take():
            report(f"exempt from {use.rule}: {use.reason} ({use.message})", use.urn)

    return policy.StackValidationPolicy(
        EXEMPTIONS,
        "Exemptions are shown with their reasons.",
        enforcement_level=policy.EnforcementLevel.ADVISORY,
        severity=policy.Severity.LOW,
        validate=validate,
    )


def judged(rule: Rule, resource: Resource, config: Mapping[str, Any], stack: Stack | None = None) -> Verdict:
    """The rule's verdict on a resource; raises RuleFailed if the rule itself fails."""
    try:
        return judge(rule, resource, config, stack)
    except Exception as error:
        raise RuleFailed(resource, error) from error


def kept(rule: Rule, resource: Resource, verdict: Verdict, config: Mapping[str, Any], uses: Uses) -> list[str]:
    """The messages to report; those of an exempt resource are recorded as uses of the exemption instead."""
    over = ""
    for exemption in exemptions.exemptions_of(config):
        if not exemption.covers(resource.name, resource.urn):
            continue
        if not exemption.is_over:
            uses.add(Use(rule.name, resource.urn, message, exemption.reason) for message in verdict.messages)
            return []
        over = f"; its exemption ended on {exemption.until}"
    return [f"{message}{over} [{rule.reference.id}]" for message in verdict.messages]


def is_exempt(args: policy.ResourceValidationArgs) -> bool:
    """Return whether the configuration exempts this resource; an exempt one isn't remediated either."""
    given = exemptions.exemptions_of(args.get_config())
    return any(each.covers(args.name, args.urn) and not each.is_over for each in given)


def report_unknown_settings(rule: Rule, config: Mapping[str, Any], report: policy.ReportViolation) -> None:
    """Report settings that the rule doesn't have; the engine accepts them silently."""
    for problem in unknown_settings(rule, config):
        report(f"policy config: {problem}", None)


def mended(rule: Rule, args: policy.ResourceValidationArgs) -> Mapping[str, Any] | None:
    """The properties after the rule's remedy; None where the rule finds nothing to change."""
    before = raw(args.props)
    resource = replace(seen(args), props=unknown_checking_proxy(in_clear(before)))
    verdict = judged(rule, resource, args.get_config())
    if verdict.unknown:
        raise CannotTell([verdict.unknown])
    if not verdict.messages or not rule.remedy:
        return None
    changed = rule.remedy(resource, rule.config(args.get_config()))
    return None if changed is None else applied(before, changed)


def described(rule: Rule) -> dict[str, Any]:
    """The arguments that both kinds of Pulumi's policies take from a rule."""
    return {
        "name": rule.name,
        "description": rule.sentence,
        "enforcement_level": LEVELS[rule.severity] if rule.by_default else policy.EnforcementLevel.DISABLED,
        "severity": policy.Severity(rule.severity.value),
        "config_schema": schema(rule.settings),
        "url": rule.reference.url,
    }


def schema(settings: Mapping[str, Setting]) -> policy.PolicyConfigSchema:
    """The schema of a rule's settings and of its exemptions; the engine holds the config against it."""
    properties = {name: {"type": JSON_TYPES[type(each.default)], **each.schema} for name, each in settings.items()}
    return policy.PolicyConfigSchema(properties={**properties, exemptions.SETTING: exemptions.SCHEMA})


def seen(args: policy.ResourceValidationArgs | policy.PolicyResource) -> Resource:
    """A resource as rules see it, without its links."""
    provider = args.provider.props if args.provider else {}
    return Resource(args.resource_type, args.name, args.urn, args.props, provider)


def stack_of(resources: Iterable[policy.PolicyResource]) -> Stack:
    """A stack as rules see it, with the links between its resources. The engine lists them in no order."""
    listed = sorted(resources, key=lambda each: each.urn)
    by_urn = {each.urn: seen(each) for each in listed}
    for each in listed:
        by_urn[each.urn].links = {
            name: [by_urn[target.urn] for target in targets] for name, targets in each.property_dependencies.items()
        }
    return Stack([by_urn[each.urn] for each in listed])
