"""The least rights that preflight needs, from the same table as its calls. No SDK here."""

from typing import Any

from ops.core.policy import PREFIXES
from ops.preflight.needs import Site
from ops.preflight.questions import QUESTIONS, Question


def action_of(question: Question) -> str:
    """Return the IAM action that allows a question."""
    return f"{PREFIXES.get(question.service, question.service)}:{question.operation}"


ACTIONS = {question.name: action_of(question) for question in QUESTIONS}
"""The IAM action by the question's name."""


def policy(site: Site) -> dict[str, Any]:
    """Return an IAM policy of exactly the calls that a stack's preflight may make.

    None of them changes anything, and few of them take less than all resources.
    """
    actions = sorted({action_of(question) for question in QUESTIONS if question.concerns(site)})
    statement = {"Sid": "Preflight", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
