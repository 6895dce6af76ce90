"""What a check says: a verdict on a subject, and the command that mends it. No SDK here."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How certain a check is that the stack gets what it needs."""

    OK = "ok"
    WILL_FAIL = "will fail"
    """AWS will refuse something, or something won't do what it is there for."""
    CANT_TELL = "can't tell"
    """An answer is missing, or no API of AWS tells."""


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    verdict: Verdict
    subject: str
    text: str
    mend: str = ""
    """A command, or a sentence where no command can do it; empty where there is nothing to mend."""
    region: str = ""
    """AWS Region; empty for what belongs to the account."""


def ok(text: str) -> Line:
    """Return a line for what is as it should be. Its subject and Region are added by the check's runner."""
    return Line(Verdict.OK, "", text)


def will_fail(text: str, mend: str) -> Line:
    """Return a line for what AWS will refuse."""
    return Line(Verdict.WILL_FAIL, "", text, mend)


def cant_tell(text: str, mend: str = "") -> Line:
    """Return a line for what nobody can know from here."""
    return Line(Verdict.CANT_TELL, "", text, mend)
