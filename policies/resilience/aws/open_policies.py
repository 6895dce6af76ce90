"""Whether a statement of a resource's policy lets anybody in, and what closes it."""

from collections.abc import Collection

from resilience.aws.policy_documents import EVERYTHING, Statement

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
"""Conditions that name who may come.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""


def everyone(statement: Statement, closing: Collection[str] = ACCOUNT_KEYS) -> bool:
    """Whether a statement allows anybody, whatever the account, something."""
    open_ = any(name == EVERYTHING for kind, name in statement.principals if kind in ("AWS", EVERYTHING))
    return statement.allows and open_ and not any(key in closing for key in statement.conditions)
