"""IAM policy documents as rules read them: statements, with lists where AWS takes one or many, and what is public."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from resilience.aws.conditions import Condition, conditions_of, listed, texts
from resilience.known import UndecidableError

EVERYTHING = "*"
WHOLE = {"*", "*:*"}
"""Actions that are all actions."""


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        actions: in lower case, as AWS compares them; `everything_but` has those of NotAction.
        everything_but: what NotAction leaves out; empty where the statement names its actions.
        resources: what it is about; a statement with NotResource, or of a trust policy, is about everything.
        principals: pairs of kind and name; `("*", "*")` for everybody.
        everyone_but: what NotPrincipal leaves out; empty where the statement names its principals.
        conditions: all of them must hold.
    """

    allows: bool
    actions: tuple[str, ...] = ()
    everything_but: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    everyone_but: tuple[tuple[str, str], ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def on_everything(self) -> bool:
        """True if the statement applies to all resources."""
        return EVERYTHING in self.resources

    @property
    def for_anybody(self) -> bool:
        """True if it speaks of principals of any account, before its conditions."""
        named = any(name == EVERYTHING for kind, name in self.principals if kind in ("AWS", EVERYTHING))
        return named or bool(self.everyone_but)

    @property
    def services(self) -> list[str]:
        """The services of AWS that it speaks of."""
        return [name for kind, name in self.principals if kind == "Service"]

    def narrowed_by(self, key: str) -> bool:
        """Return whether a condition on this key, in lower case, says what its value must be."""
        return any(each.key == key and each.names for each in self.conditions)

    def grants(self, action: str) -> bool:
        """Return whether it allows the action by name or by a pattern such as `iam:*`; `*` alone doesn't count."""
        named = (pattern for pattern in self.actions if pattern not in WHOLE)
        return self.allows and any(fnmatchcase(action.lower(), pattern) for pattern in named)


def statements(document: Any) -> Iterator[Statement]:
    """The statements of a policy, given as JSON or as an object; of none, none.

    Raises:
        UndecidableError: it is neither, or a statement is no object: what it allows, nobody can tell.
    """
    if document in (None, ""):
        return
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise UndecidableError("the policy is no JSON") from None
    if not isinstance(document, Mapping):
        raise UndecidableError("the policy is no JSON object")
    for each in listed(document.get("Statement")):
        if not isinstance(each, Mapping):
            raise UndecidableError("a statement of the policy is no object")
        yield _statement(each)


def everyone(statement: Statement) -> bool:
    """Return whether a statement allows something to principals of any account."""
    return statement.allows and statement.for_anybody and not any(each.closes() for each in statement.conditions)


def denies_plain_text(statement: Statement, service: str) -> bool:
    """Return whether it denies everybody all actions of a service, or mounting, without TLS."""
    whole = bool({EVERYTHING, f"{service}:*", "elasticfilesystem:clientmount"} & {*statement.actions})
    insecure = any(
        each.key == "aws:securetransport" and each.operator == "bool" and "false" in map(str.lower, each.values)
        for each in statement.conditions
    )
    return not statement.allows and whole and statement.for_anybody and insecure


def _statement(each: Mapping[str, Any]) -> Statement:
    about = texts(each.get("Resource"))
    return Statement(
        allows=each.get("Effect") == "Allow",
        actions=tuple(action.lower() for action in texts(each.get("Action"))),
        everything_but=texts(each.get("NotAction")),
        resources=about or (EVERYTHING,),
        principals=tuple(_principals(each.get("Principal"))),
        everyone_but=tuple(_principals(each.get("NotPrincipal"))),
        conditions=tuple(conditions_of(each.get("Condition"))),
    )


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for kind in value:
            yield from ((kind, name) for name in texts(value[kind]))
    else:
        yield from ((EVERYTHING, name) for name in texts(value))
