"""The least rights, written from the questions."""

import botocore.session

from ops.core.policy import PREFIXES
from ops.preflight.policy import ACTIONS, policy
from ops.preflight.questions import QUESTIONS
from tests.ops.preflight import fakes


def test_a_prefix_is_the_name_that_requests_are_signed_with() -> None:
    session = botocore.session.get_session()
    for question in QUESTIONS:
        signed = session.get_service_model(question.service).signing_name
        assert PREFIXES.get(question.service, question.service) == signed


def test_nothing_but_reading_is_allowed_and_only_what_the_stack_needs() -> None:
    [statement] = policy(fakes.site())["Statement"]
    assert statement["Effect"] == "Allow"
    assert "rds:DescribeDBInstances" in statement["Action"]
    assert "memorydb:DescribeReservedNodesOfferings" not in statement["Action"]
    [bare] = policy(fakes.site(database=None, backup=None, edge=None))["Statement"]
    assert not [action for action in bare["Action"] if action.startswith(("rds:", "backup:", "config:"))]


def test_each_question_has_an_action_of_its_own() -> None:
    assert len(set(ACTIONS.values())) == len(QUESTIONS)
