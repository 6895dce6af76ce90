"""Builds a plan from the engine's events."""

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
    """The plan in the events. `dependencies` come from a saved plan: URNs of what each resource depends on."""
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
    """The metadata of a step in an event, if it has some."""
    for kind in ("resourcePreEvent", "resOutputsEvent"):
        if kind in event:
            metadata: Metadata = event[kind]["metadata"]
            return metadata
    return None


def succeeded(summary: dict[str, Any], diagnostics: list[Diagnostic], findings: list[Finding]) -> bool:
    """Return whether the preview is complete. A mandatory violation fails it too, but leaves it complete."""
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
    for urn, records in by_urn.items():
        refreshed = [each for each in records if each["op"] == "refresh"]
        drifted += drift_of(urn, refreshed)
        planned = [each for each in records if each["op"] != "refresh"]
        # `pulumi refresh` itself tells afterwards what the refresh came to, in the same words as a planned step.
        steps += steps_of_one(urn, planned)
        if refreshed and not planned:
            steps.append(step(urn, Operation.SAME, refreshed))
    return steps, drifted


def drift_of(urn: str, refreshed: list[Metadata]) -> list[Step]:
    """The difference that a refresh found in one resource, if any: its last event has it."""
    if not refreshed:
        return []
    last = refreshed[-1]
    if len(refreshed) > 1 and last.get("new") is None:
        return [step(urn, Operation.DELETE, refreshed)]
    return [step(urn, Operation.UPDATE, refreshed)] if last.get("detailedDiff") or last.get("diffs") else []


def steps_of_one(urn: str, records: list[Metadata]) -> list[Step]:
    """The step of one resource; and another where an older one of its name is still to be deleted."""
    operations = {each["op"] for each in records}
    if operations & REPLACING or {"create", "delete"} <= operations:
        return [step(urn, Operation.REPLACE, records)]
    steps = [
        step(urn, PLAIN[name], [each for each in records if each["op"] == name]) for name in PLAIN if name in operations
    ]
    if leftover := [each for each in records if each["op"] in LEFTOVER]:
        steps.append(step(urn, Operation.DELETE, leftover))
    return steps


def step(urn: str, operation: Operation, records: list[Metadata]) -> Step:
    """One step from all its events: the last value that isn't empty counts."""
    olds = [each["old"] for each in records if each.get("old")]
    news = [each["new"] for each in records if each.get("new")]
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
        detailed=last(records, "detailedDiff") or {},
        diffs=tuple(last(records, "diffs") or ()),
        keys=tuple(last(records, "keys") or ()),
    )


def last(records: list[Metadata], key: str) -> Any:
    """The last value of a key that isn't empty."""
    return next((each[key] for each in reversed(records) if each.get(key)), None)


def state(urn: str, records: list[Metadata]) -> State | None:
    """A resource's state from all its events."""
    if not records:
        return None
    newest = records[-1]
    return State(
        id=newest.get("id") or "",
        parent=newest.get("parent") or "",
        custom=bool(newest.get("custom")),
        protect=bool(newest.get("protect")),
        retain=bool(newest.get("retainOnDelete")),
        external=bool(newest.get("external")),
        inputs=clean(last(records, "inputs"), type_of(urn)),
        outputs=clean(last(records, "outputs"), type_of(urn)),
        dependencies=frozenset(dependencies(newest)),
    )


def diagnostics_of(events: list[Event]) -> list[Diagnostic]:
    """Warnings and errors, each once. Those for debugging hold secrets, and are never read."""
    found = []
    for event in events:
        if error := event.get("errorEvent"):
            found.append(Diagnostic("error", without_secrets(error.get("error", "the engine failed"))))
        logged = event.get("diagnosticEvent")
        if logged and logged.get("severity") in SEVERITIES and not logged.get("ephemeral") and not says_nothing(logged):
            found.append(
                Diagnostic(logged["severity"], without_secrets(logged.get("message", "")), logged.get("urn", ""))
            )
    return list(dict.fromkeys(found))


def says_nothing(logged: dict[str, Any]) -> bool:
    """Return whether it is the engine's last line after any failure, which says only that it failed."""
    return not logged.get("urn") and logged.get("message", "").strip().removeprefix("error: ") in RESULTS


RESULTS = ("preview failed", "update failed")


def without_secrets(message: str) -> str:
    """A message in which nothing looks like a secret."""
    return SECRET_VALUE.sub(SECRET, message).rstrip().lstrip("\n")


def finding_of(event: dict[str, Any]) -> Finding:
    """A policy's finding from its event."""
    return Finding(
        policy=event.get("policyName", ""),
        pack=event.get("policyPackName", "").split("|")[0],
        level=event.get("enforcementLevel", ""),
        message=without_secrets(event.get("message", "")),
        severity=event.get("severity", ""),
        urn=event.get("resourceUrn", ""),
    )


def remediation_of(event: dict[str, Any]) -> Remediation:
    """A policy's change from its event."""
    urn = event.get("resourceUrn", "")
    return Remediation(
        policy=event.get("policyName", ""),
        pack=event.get("policyPackName", "").split("|")[0],
        urn=urn,
        before=clean(event.get("before"), type_of(urn)),
        after=clean(event.get("after"), type_of(urn)),
    )


def policies_of(events: list[Event]) -> int:
    """Number of policies that ran: those that passed and those that found something."""
    names: set[tuple[str, str]] = set()
    for event in events:
        for kind in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
            summary = event.get(kind, {})
            judged = [*(summary.get("passed") or ()), *(summary.get("failed") or ())]
            names |= {(summary.get("policyPackName", ""), name) for name in judged}
    return len(names)
