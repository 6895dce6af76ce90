"""IAM policy documents as rules read them: statements, with lists where AWS takes one or many, and what is public."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

EVERYTHING = "*"
WHOLE = {"*", "*:*"}
"""Actions that are all actions."""

ACCOUNT_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "kms:calleraccount",
    }
)
"""Condition keys that restrict who may call.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        actions: in lower case, as AWS compares them; `everything_but` has those of NotAction.
        everything_but: what NotAction leaves out; empty where the statement names its actions.
        resources: what it is about; a statement with NotResource, or of a trust policy, is about everything.
        principals: pairs of kind and name; `("*", "*")` for everybody.
        conditions: keys in lower case, and the values that they are compared with.
    """

    allows: bool
    actions: tuple[str, ...] = ()
    everything_but: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def on_everything(self) -> bool:
        """True if the statement applies to all resources."""
        return EVERYTHING in self.resources

    def grants(self, action: str) -> bool:
        """Return whether it allows the action by name or by a pattern such as `iam:*`; `*` alone doesn't count."""
        named = (pattern for pattern in self.actions if pattern not in WHOLE)
        return self.allows and any(fnmatchcase(action.lower(), pattern) for pattern in named)


def statements(document: Any) -> Iterator[Statement]:
    """The statements of a policy, given as JSON or as an object; none of what is neither."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return
    if isinstance(document, Mapping):
        for each in _listed(document.get("Statement")):
            if isinstance(each, Mapping):
                yield _statement(each)


def everyone(statement: Statement, closing: Collection[str] = ACCOUNT_KEYS) -> bool:
    """Return whether a statement allows something to principals of any account."""
    open_ = any(name == EVERYTHING for kind, name in statement.principals if kind in ("AWS", EVERYTHING))
    return statement.allows and open_ and not any(key in closing for key in statement.conditions)


def _statement(each: Mapping[str, Any]) -> Statement:
    about = _texts(each.get("Resource"))
    return Statement(
        allows=each.get("Effect") == "Allow",
        actions=tuple(action.lower() for action in _texts(each.get("Action"))),
        everything_but=_texts(each.get("NotAction")),
        resources=about or (EVERYTHING,),
        principals=tuple(_principals(each.get("Principal"))),
        conditions=_conditions(each.get("Condition")),
    )


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for kind in value:
            yield from ((kind, name) for name in _texts(value[kind]))
    else:
        yield from ((EVERYTHING, name) for name in _texts(value))


def _conditions(value: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for operator in value if isinstance(value, Mapping) else ():
        if isinstance(value[operator], Mapping):
            found |= {key.lower(): _texts(value[operator][key]) for key in value[operator]}
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in _listed(value))
