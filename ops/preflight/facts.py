"""What AWS answered, as data. No SDK here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Unanswered(Exception):
    """Says that a question has no answer: the code of AWS's error, or what went wrong on the way there."""

    def __init__(self, code: str, message: str = "", question: str = "", reason: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.question = question
        """The question's name."""
        self.reason = reason
        """What it means and what helps, in a line for a person."""


class Asked(NamedTuple):
    """A question, where it was asked, and about what where one question is asked about several things."""

    question: str
    region: str = ""
    about: str = ""


NOT_ASKED = "not asked"
"""Code of a question that was never sent, because an answer that it builds on is missing."""


@dataclass
class Facts:
    """Answers by what was asked. An answer is AWS's output with all its pages, or the reason why there is none."""

    answers: dict[Asked, Any] = field(default_factory=dict)

    def of(self, question: str, region: str = "", about: str = "") -> Mapping[str, Any]:
        """Return an answer. Raises `Unanswered`, which the runner of the checks turns into "can't tell"."""
        if reason := self.why_not(question, region, about):
            raise reason
        found: Mapping[str, Any] = self.answers[Asked(question, region, about)]
        return found

    def why_not(self, question: str, region: str = "", about: str = "") -> Unanswered | None:
        """Return why there is no answer, or None if there is one."""
        found = self.answers.get(Asked(question, region, about), Unanswered(NOT_ASKED))
        return Unanswered(found.code, found.message, question) if isinstance(found, Unanswered) else None

    def first_of(self, question: str, regions: Sequence[str]) -> Mapping[str, Any]:
        """Return the first Region's answer that there is, for what every Region knows. Raises `Unanswered`."""
        answering = [region for region in regions if self.why_not(question, region) is None]
        return self.of(question, (answering or regions)[0])


def why_nothing(facts: Facts) -> str:
    """Return why nothing at all was answered; empty if anything was."""
    if not all(isinstance(each, Unanswered) for each in facts.answers.values()):
        return ""
    asked = ((asked, each) for asked, each in facts.answers.items() if each.code != NOT_ASKED)
    return next((": ".join(filter(None, (about.region, each.reason or each.code))) for about, each in asked), "")
