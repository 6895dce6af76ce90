"""The verdict: whether a change may be merged, in words and as the exit code."""

from dataclasses import dataclass
from enum import IntEnum

from review.plan.model import Plan
from review.plan.wording import count


class Code(IntEnum):
    """Exit codes. Where several hold, the first of: FAILED, DRIFT, STATE, POLICY."""

    FINE = 0
    FAILED = 1
    """The preview failed, or what was given can't be read."""
    POLICY = 2
    """A mandatory policy is violated."""
    STATE = 3
    """Something that holds state is replaced, deleted or forgotten, and nobody accepted it."""
    DRIFT = 4
    """With --drift: the account differs from the program."""


@dataclass(frozen=True)
class Verdict:
    """The decision, as exit code and words."""

    code: Code
    sign: str
    words: str


@dataclass(frozen=True)
class Points:
    """Counts of what a reviewer has to look at."""

    losses: int = 0
    interruptions: int = 0
    openings: int = 0
    worse: int = 0
    """Recovery figures that get worse."""

    @property
    def words(self) -> list[str]:
        """Phrases for the counts that stop nothing."""
        return [
            *(
                [f"{count(self.interruptions, 'change interrupts', 'changes interrupt')} what is running"]
                if self.interruptions
                else []
            ),
            *([f"{count(self.openings, 'rule opens', 'rules open')} network access"] if self.openings else []),
            *([f"{count(self.worse, 'recovery figure gets', 'recovery figures get')} worse"] if self.worse else []),
        ]


def verdict_of(plan: Plan, points: Points, *, accepted: bool, drift: bool) -> Verdict:
    """Decide on the change. Errors come first: then nothing is certain. Lost state comes before policies: a violation
    can be fixed in the program, lost state can't."""
    if not plan.succeeded:
        return Verdict(Code.FAILED, "❌", "The preview failed: what follows is incomplete.")
    if drift:
        return drift_verdict(plan)
    return stopped(plan, points, accepted=accepted) or passed(plan, points)


def stopped(plan: Plan, points: Points, *, accepted: bool) -> Verdict | None:
    """The verdict on a change that must not be merged as it is, if it mustn't."""
    violated = f"{count(len(plan.mandatory), 'violation')} of mandatory policies"
    if points.losses and not accepted:
        held = count(points.losses, "resource that holds state is", "resources that hold state are")
        also = f" Also, {violated}." if plan.mandatory else ""
        words = f"Stop: {held} replaced, deleted or forgotten, which needs an explicit acceptance.{also}"
        return Verdict(Code.STATE, "⛔", words)
    return Verdict(Code.POLICY, "⛔", f"Stop: {violated}.") if plan.mandatory else None


def passed(plan: Plan, points: Points) -> Verdict:
    """The verdict on a change that may be merged."""
    state = f"State is lost, as accepted: {count(points.losses, 'resource')}" if points.losses else "No state is lost"
    if points.words:
        return Verdict(Code.FINE, "⚠️", f"{state}; {', '.join(points.words)}.")
    if points.losses:
        return Verdict(Code.FINE, "⚠️", f"{state}.")
    words = f"{state} and nothing that runs is interrupted." if plan.changed else "No resource changes."
    return Verdict(Code.FINE, "✅", words)


def drift_verdict(plan: Plan) -> Verdict:
    """The verdict of a drift check."""
    if not plan.changed:
        return Verdict(Code.FINE, "✅", "No drift.")
    differ = count(len(plan.changed), "resource differs", "resources differ")
    return Verdict(Code.DRIFT, "⚠️", f"Drift: {differ} from the program.")
