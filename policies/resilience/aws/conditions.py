"""Conditions of a policy's statement: their operators, and whether they leave only callers that somebody has named.

A condition closes a statement only if it says what a caller must be. What it must not be, or must be only where the
request says so at all, leaves everybody else in.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

IF_EXISTS = "ifexists"
NAMING = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
"""Operators that name what a value must be, in lower case."""

SOURCE_KEYS = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"}
)
"""Keys of the resource on whose behalf a service of AWS calls.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""

ACCOUNT_KEYS = SOURCE_KEYS | {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "kms:calleraccount",
}
"""Keys that restrict who may call.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""

WIDEST_PREFIX = {4: 8, 6: 32}
"""Of addresses that aren't public, by IP version.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""


@dataclass(frozen=True)
class Condition:
    """One operator on one key.

    Attributes:
        operator: in lower case, such as `stringlike`, without quantifier and `IfExists`.
        key: in lower case, such as `aws:sourcearn`.
        values: any of them will do.
        absent_will_do: true if a request without the key passes: `IfExists`, `ForAllValues:`.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    absent_will_do: bool = False

    @property
    def names(self) -> bool:
        """True if the key must be there, with a value that somebody has written out at least in part."""
        named = bool(self.values) and all(value.strip("*?") for value in self.values)
        return self.operator in NAMING and named and not self.absent_will_do

    def closes(self, keys: Collection[str] = ACCOUNT_KEYS) -> bool:
        """Return whether only callers of named accounts, organizations or networks pass."""
        return self.key in keys and self.names and all(map(_is_of_somebody, self.values))

    def if_there(self) -> "Condition":
        """The condition as it is for callers whose requests have the key."""
        return replace(self, absent_will_do=False)

    @property
    def narrows_addresses(self) -> bool:
        """True if only callers from few addresses pass, as Amazon S3 sees it."""
        is_on_addresses = self.operator == "ipaddress" and self.key == "aws:sourceip" and not self.absent_will_do
        return is_on_addresses and bool(self.values) and all(map(_is_few, self.values))


def conditions_of(value: Any) -> Iterator[Condition]:
    """The conditions of a statement's `Condition`: all of them must hold."""
    for written in value if isinstance(value, Mapping) else ():
        quantifier, _, operator = written.lower().rpartition(":")
        optional = operator.endswith(IF_EXISTS) or quantifier == "forallvalues"
        if isinstance(value[written], Mapping):
            for key, values in value[written].items():
                yield Condition(operator.removesuffix(IF_EXISTS), key.lower(), texts(values), optional)


def _is_of_somebody(value: str) -> bool:
    """Return whether a value names an account, an organization or a network; in an ARN without account, a resource."""
    if not value.startswith("arn:"):
        return not re.search(r"[*?]", value.partition("/")[0])
    parts = value.split(":", 5)
    if len(parts) < 6:
        return False
    service, account, resource = parts[2], parts[4], parts[5]
    return not re.search(r"[*?]", account if account else f"{service}{resource[:1]}")


def _is_few(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= WIDEST_PREFIX[network.version]


def listed(value: Any) -> list[Any]:
    """What AWS takes as one value or as many, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def texts(value: Any) -> tuple[str, ...]:
    """The same, as texts."""
    return tuple(str(each) for each in listed(value))
