"""The questions against AWS's own descriptions of its API."""

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from ops.preflight.facts import Asked, Unanswered
from ops.preflight.look import Look
from ops.preflight.questions import QUESTIONS, Question
from tests.ops.preflight import fakes

SITE = fakes.site(
    storage={}, certificates={region: fakes.CERTIFICATE.format(region) for region in (fakes.IRELAND, fakes.FRANKFURT)}
)
DURABLE = fakes.site(sessions={"durable": True, "nodes": 3})
SESSION = botocore.session.get_session()


def model_of(question: Question) -> Any:
    return SESSION.get_service_model(question.service).operation_model(question.operation)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_what_is_sent_is_what_the_api_takes(question: Question) -> None:
    no_value = {
        asked: Unanswered("NoSuchResourceException") for asked in fakes.answers(SITE) if asked.question == "quota"
    }
    requests = [
        request
        for site in (SITE, DURABLE)
        for place in site.places
        for request in question.requests(Look(site, place, fakes.facts(site, no_value))).values()
    ]
    assert requests
    for request in requests:
        assert not ParamValidator().validate(request, model_of(question).input_shape).has_errors()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_answers_of_these_tests_have_the_members_of_the_apis(question: Question) -> None:
    shape = model_of(question).output_shape
    for asked, answer in fakes.answers(SITE).items():
        if asked.question == question.name:
            assert unknown(answer, shape) == []


def unknown(value: Any, shape: Any) -> list[str]:
    """Names in an answer that the API's description doesn't have."""
    if shape.type_name == "structure":
        missing = [name for name in value if name not in shape.members]
        return missing + [
            found for name, part in value.items() if name not in missing for found in unknown(part, shape.members[name])
        ]
    if shape.type_name == "list":
        return [found for part in value for found in unknown(part, shape.member)]
    return []


def test_a_question_stands_after_those_that_it_builds_on() -> None:
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names)
    for question in QUESTIONS:
        assert all(names.index(earlier) < names.index(question.name) for earlier in question.after)


def test_questions_only_read() -> None:
    verbs = ("Get", "Describe", "List", "Simulate")
    assert [question.operation for question in QUESTIONS if not question.operation.startswith(verbs)] == []


def test_a_default_is_asked_for_only_where_the_account_has_no_value() -> None:
    [question] = [question for question in QUESTIONS if question.name == "default quota"]
    place = SITE.places[0]
    changes = {Asked("quota", place.region, "L-0263D0A3"): Unanswered("NoSuchResourceException")}
    assert list(question.requests(Look(SITE, place, fakes.facts(SITE, changes)))) == ["L-0263D0A3"]
