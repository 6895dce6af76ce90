"""Whether policies allow a request: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rehearsal.emulator.iam.conditions import Keys, arn_like, filled, hold, like, listed

Document = Mapping[str, Any]


class Verdict(Enum):
    """What policies say of a request."""

    ALLOWED = "allowed"
    IMPLICIT = "implicitDeny"
    EXPLICIT = "explicitDeny"


@dataclass(frozen=True)
class Ask:
    """An action on a resource."""

    action: str
    resource: str
    keys: Keys = field(default_factory=dict)


@dataclass(frozen=True)
class Principal:
    """Who asks: a role of the account, or an AWS service."""

    account: str = ""
    role_arn: str = ""
    service: str = ""


def _statements(documents: Iterable[Document]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        given = document.get("Statement", [])
        yield from given if isinstance(given, list) else [given]


def _matches(statement: Mapping[str, Any], ask: Ask) -> bool:
    """Whether action, resource and conditions of a statement are the request's."""
    actions = [like(each, ask.action, any_case=True) for each in listed(statement.get("Action", []))]
    others = [like(each, ask.action, any_case=True) for each in listed(statement.get("NotAction", []))]
    if not (any(actions) if "Action" in statement else not any(others)):
        return False
    if "NotResource" in statement:
        if any(_is(each, ask) for each in listed(statement["NotResource"])):
            return False
    elif "Resource" in statement and not any(_is(each, ask) for each in listed(statement["Resource"])):
        return False
    return hold(statement.get("Condition", {}), ask.keys)


def _is(pattern: str, ask: Ask) -> bool:
    text = filled(pattern, ask.keys)
    return text is not None and like(text, ask.resource)


def _say(statements: Iterable[Mapping[str, Any]], ask: Ask) -> Verdict:
    found = {str(statement["Effect"]) for statement in statements if _matches(statement, ask)}
    if "Deny" in found:
        return Verdict.EXPLICIT
    return Verdict.ALLOWED if "Allow" in found else Verdict.IMPLICIT


def of_identity(documents: Iterable[Document], ask: Ask) -> Verdict:
    """What the policies of who asks say."""
    return _say(_statements(documents), ask)


def of_resource(document: Document, ask: Ask, who: Principal) -> Verdict:
    """What a resource's own policy says to somebody, named as itself or as anybody."""
    return _say((each for each in _statements([document]) if _names(each, who)), ask)


def leaves_to_the_account(document: Document, ask: Ask, account: str) -> bool:
    """Whether a resource's own policy leaves a request to the policies of the account's identities."""
    root = Principal(account, f"arn:aws:iam::{account}:root")
    return _say((each for each in _statements([document]) if _names(each, root)), ask) is Verdict.ALLOWED


def _names(statement: Mapping[str, Any], who: Principal) -> bool:
    """Whether a statement of a resource's policy is about somebody."""
    if "NotPrincipal" in statement:
        return not _is_principal(statement["NotPrincipal"], who)
    return _is_principal(statement.get("Principal", {}), who)


def _is_principal(given: Any, who: Principal) -> bool:
    if given == "*":
        return True
    if who.service:
        return who.service in listed(given.get("Service", []))
    return any(each == "*" or arn_like(each, who.role_arn) for each in listed(given.get("AWS", [])))
