"""Engine events by hand: a stream in the engine's own shape, with little typing."""

import json
from typing import Any

from review.page.report import Options, Review, review_of, whole
from review.plan.build import plan_of
from review.plan.events import read
from review.plan.model import Plan

STACK_TYPE = "pulumi:pulumi:Stack"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ENVELOPE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}

Properties = dict[str, Any]


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:prod::site::{type_}::{name}"


STACK = urn(STACK_TYPE, "site-prod")


class Stream:
    """Events of one preview. Each method adds some and returns the resource's URN."""

    def __init__(self, *, before: Properties | None = None, after: Properties | None = None) -> None:
        self.events: list[dict[str, Any]] = [{"preludeEvent": {"config": {}}}]
        self.counts: dict[str, int] = {}
        self.result = "succeeded"
        self.packs: dict[str, str] = {}
        self.before, self.after = before, after

    def component(self, type_: str, name: str, *, parent: str = STACK, op: str = "same") -> str:
        return self.resource(op, type_, name, parent=parent, custom=False)

    def resource(  # an event has as many fields
        self,
        op: str,
        type_: str,
        name: str,
        old: Properties | None = None,
        new: Properties | None = None,
        *,
        parent: str = STACK,
        custom: bool = True,
        diff: dict[str, str] | None = None,
        keys: list[str] | None = None,
        events: int = 2,
        **state: Any,
    ) -> str:
        """A step; `diff` is path to kind, `state` what old and new have in common (`protect=True`, `id="vpc-1"`)."""
        it = urn(type_, name)

        def side(inputs: Properties | None) -> Properties | None:
            if inputs is None:
                return None
            common = {"urn": it, "type": type_, "custom": custom, "parent": parent, "id": "", "outputs": {}}
            return {**common, "inputs": inputs, **state}

        has_old, has_new = (
            op not in ("create", "create-replacement"),
            op not in ("delete", "delete-replaced", "discard"),
        )
        metadata = {
            "op": op,
            "urn": it,
            "type": type_,
            "old": side(old or {}) if has_old or old is not None else None,
            "new": side(new or {}) if has_new else None,
            "keys": keys or [],
            "detailedDiff": {path: {"diffKind": kind, "inputDiff": True} for path, kind in (diff or {}).items()}
            or None,
        }
        for kind in ("resourcePreEvent", "resOutputsEvent")[:events]:
            self.events.append({kind: {"metadata": metadata}})
        self.counts[op] = self.counts.get(op, 0) + 1
        return it

    def replacement(self, type_: str, name: str, old: Properties, new: Properties, **more: Any) -> str:
        """The three steps of which the engine makes a replacement."""
        for op in ("create-replacement", "replace", "delete-replaced"):
            self.resource(op, type_, name, old, new, **more)
        return urn(type_, name)

    def finding(self, policy: str, message: str, *, level: str = "advisory", of: str = "", severity: str = "") -> None:
        self.packs["resilience"] = "1.0.0"
        event = {"policyName": policy, "policyPackName": "resilience", "message": message, "enforcementLevel": level}
        self.events.append({"policyEvent": {**event, "resourceUrn": of, "severity": severity}})

    def says(self, severity: str, message: str, of: str = "") -> None:
        self.events.append({"diagnosticEvent": {"severity": severity, "message": message, "urn": of}})

    def lines(self) -> str:
        """The stream as the engine prints it."""
        old = None if self.before is None else {"urn": STACK, "custom": False, "inputs": {}, "outputs": self.before}
        new = {"urn": STACK, "custom": False, "inputs": {}, "outputs": self.after or {}}
        op = "create" if old is None else "same"
        stack = {"metadata": {"op": op, "urn": STACK, "type": STACK_TYPE, "old": old, "new": new}}
        summary = {"resourceChanges": self.counts, "PolicyPacks": self.packs, "result": self.result, "isPreview": True}
        events = [*self.events, {"resOutputsEvent": stack}, {"summaryEvent": summary}, {"cancelEvent": {}}]
        return "\n".join(
            json.dumps({"sequence": number, "timestamp": 0, **event}) for number, event in enumerate(events)
        )

    def plan(self) -> Plan:
        return plan_of(read(self.lines()))

    def review(self, **options: Any) -> Review:
        return review_of(self.plan(), Options("prod", **options))

    def report(self, **options: Any) -> str:
        return whole(self.review(**options))
