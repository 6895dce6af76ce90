"""From the engine's events to a plan."""

from collections.abc import Iterable, Mapping
from typing import Any

from review.plan.dependencies import dependencies
from review.plan.events import Event, Reading
from review.plan.model import STACK, Diagnostic, Finding, Operation, Plan, Remediation, State, Step, type_of
from review.plan.values import SECRET, SECRET_VALUE, clean

Metadata = dict[str, Any]

REPLACING = {"replace", "create-replacement", "read-replacement", "import-replacement"}
LEFTOVER = {"delete-replaced", "discard-replaced"}
"""Part of a replacement, or what an interrupted one of an earlier update left to be deleted."""
PLAIN = {
    "create": Operation.CREATE,
    "update": Operation.UPDATE,
    "delete": Operation.DELETE,
    "discard": Operation.FORGET,
    "import": Operation.IMPORT,
    "read": Operation.READ,
    "same": Operation.SAME,
}

SEVERITIES = ("warning", "error", "info#err")


def plan_of(reading: Reading, dependencies: Mapping[str, set[str]] | None = None) -> Plan:
    """The plan that the events tell. `dependencies` are what a saved plan adds: who depends on whom, by URN."""
    events = reading.events
    steps, drifted = steps_of(metadata for event in events if (metadata := metadata_of(event)))
    stack = next((step for step in steps if step.type == STACK), None)
    summary: dict[str, Any] = next((each["summaryEvent"] for each in events if "summaryEvent" in each), {})
    diagnostics = diagnostics_of(events)
    findings = list(dict.fromkeys(finding_of(each["policyEvent"]) for each in events if "policyEvent" in each))
    return Plan(
        steps=steps,
        dependencies=dependencies or {},
        drifted=drifted,
        outputs_before=stack.old.outputs if stack and stack.old else None,
        outputs_after=(stack.new.outputs if stack and stack.new else {}) if reading.streamed else None,
        config=next((each["preludeEvent"].get("config") or {} for each in events if "preludeEvent" in each), {}),
        diagnostics=diagnostics,
        findings=findings,
        remediations=[
            remediation_of(each["policyRemediationEvent"]) for each in events if "policyRemediationEvent" in each
        ],
        packs={name.split("|")[0]: version for name, version in (summary.get("PolicyPacks") or {}).items()},
        policies=policies_of(events),
        unchanged=(summary.get("resourceChanges") or {}).get("same", 0),
        streamed=reading.streamed,
        succeeded=succeeded(summary, diagnostics, findings),
    )


def metadata_of(event: Event) -> Metadata | None:
    """What an event says of a step, if it does."""
    for kind in ("resourcePreEvent", "resOutputsEvent"):
        if kind in event:
            metadata: Metadata = event[kind]["metadata"]
            return metadata
    return None


def succeeded(summary: dict[str, Any], diagnostics: list[Diagnostic], findings: list[Finding]) -> bool:
    """Whether the preview says all there is to say. A mandatory violation fails it too, but leaves it whole."""
    if not summary or any(each.severity == "error" for each in diagnostics):
        return False
    violated = any(each.level == "mandatory" for each in findings)
    return violated or summary.get("result", "succeeded") == "succeeded"


def steps_of(events: Iterable[Metadata]) -> tuple[list[Step], list[Step]]:
    """The steps, one a resource, and what a refresh found."""
    by_urn: dict[str, list[Metadata]] = {}
    for metadata in events:
        by_urn.setdefault(metadata["urn"], []).append(metadata)
    steps: list[Step] = []
    drifted: list[Step] = []
    for urn, told in by_urn.items():
        refreshed = [each for each in told if each["op"] == "refresh"]
        drifted += drift_of(urn, refreshed)
        planned = [each for each in told if each["op"] != "refresh"]
        # `pulumi refresh` itself tells afterwards what the refresh came to, in the same words as a planned step.
        steps += steps_of_one(urn, planned)
        if refreshed and not planned:
            steps.append(step(urn, Operation.SAME, refreshed))
    return steps, drifted


def drift_of(urn: str, refreshed: list[Metadata]) -> list[Step]:
    """What a refresh found of one resource, if that differs from the state. Its last event knows it."""
    if not refreshed:
        return []
    last = refreshed[-1]
    if len(refreshed) > 1 and last.get("new") is None:
        return [step(urn, Operation.DELETE, refreshed)]
    return [step(urn, Operation.UPDATE, refreshed)] if last.get("detailedDiff") or last.get("diffs") else []


def steps_of_one(urn: str, told: list[Metadata]) -> list[Step]:
    """The step of one resource; and another where an older one of its name is still to be deleted."""
    operations = {each["op"] for each in told}
    if operations & REPLACING or {"create", "delete"} <= operations:
        return [step(urn, Operation.REPLACE, told)]
    steps = [
        step(urn, PLAIN[name], [each for each in told if each["op"] == name]) for name in PLAIN if name in operations
    ]
    if leftover := [each for each in told if each["op"] in LEFTOVER]:
        steps.append(step(urn, Operation.DELETE, leftover))
    return steps


def step(urn: str, operation: Operation, told: list[Metadata]) -> Step:
    """One step from all that was told of it: what is told last and isn't empty holds."""
    olds = [each["old"] for each in told if each.get("old")]
    news = [each["new"] for each in told if each.get("new")]
    old, new = state(urn, olds), state(urn, news)
    if operation is Operation.DELETE:
        new = None
        if old and (old.retain or old.external):
            operation = Operation.FORGET
    return Step(
        urn=urn,
        operation=operation,
        old=None if operation is Operation.CREATE else old,
        new=new,
        detailed=last(told, "detailedDiff") or {},
        diffs=tuple(last(told, "diffs") or ()),
        keys=tuple(last(told, "keys") or ()),
    )


def last(told: list[Metadata], key: str) -> Any:
    """What was told last under a key and isn't empty."""
    return next((each[key] for each in reversed(told) if each.get(key)), None)


def state(urn: str, told: list[Metadata]) -> State | None:
    """A resource's state from all that was told of it."""
    if not told:
        return None
    newest = told[-1]
    return State(
        id=newest.get("id") or "",
        parent=newest.get("parent") or "",
        custom=bool(newest.get("custom")),
        protect=bool(newest.get("protect")),
        retain=bool(newest.get("retainOnDelete")),
        external=bool(newest.get("external")),
        inputs=clean(last(told, "inputs"), type_of(urn)),
        outputs=clean(last(told, "outputs"), type_of(urn)),
        dependencies=frozenset(dependencies(newest)),
    )


def diagnostics_of(events: list[Event]) -> list[Diagnostic]:
    """Warnings and errors, each once. Those for debugging hold secrets, and are never read."""
    found = []
    for event in events:
        if error := event.get("errorEvent"):
            found.append(Diagnostic("error", without_secrets(error.get("error", "the engine failed"))))
        told = event.get("diagnosticEvent")
        if told and told.get("severity") in SEVERITIES and not told.get("ephemeral") and not says_nothing(told):
            found.append(Diagnostic(told["severity"], without_secrets(told.get("message", "")), told.get("urn", "")))
    return list(dict.fromkeys(found))


def says_nothing(told: dict[str, Any]) -> bool:
    """Whether it is the engine's last line after any failure, a mandatory violation too: only that it failed."""
    return not told.get("urn") and told.get("message", "").strip().removeprefix("error: ") in RESULTS


RESULTS = ("preview failed", "update failed")


def without_secrets(message: str) -> str:
    """A message in which nothing looks like a secret."""
    return SECRET_VALUE.sub(SECRET, message).rstrip().lstrip("\n")


def finding_of(event: dict[str, Any]) -> Finding:
    """What a policy said."""
    return Finding(
        policy=event.get("policyName", ""),
        pack=event.get("policyPackName", "").split("|")[0],
        level=event.get("enforcementLevel", ""),
        message=without_secrets(event.get("message", "")),
        severity=event.get("severity", ""),
        urn=event.get("resourceUrn", ""),
    )


def remediation_of(event: dict[str, Any]) -> Remediation:
    """What a policy changed."""
    urn = event.get("resourceUrn", "")
    return Remediation(
        policy=event.get("policyName", ""),
        pack=event.get("policyPackName", "").split("|")[0],
        urn=urn,
        before=clean(event.get("before"), type_of(urn)),
        after=clean(event.get("after"), type_of(urn)),
    )


def policies_of(events: list[Event]) -> int:
    """How many policies judged: those that passed and those that found something."""
    names: set[tuple[str, str]] = set()
    for event in events:
        for kind in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
            told = event.get(kind, {})
            judged = [*(told.get("passed") or ()), *(told.get("failed") or ())]
            names |= {(told.get("policyPackName", ""), name) for name in judged}
    return len(names)
