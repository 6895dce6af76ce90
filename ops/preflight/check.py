"""A check, and what every check goes through. No SDK here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ops.preflight.facts import NOT_ASKED, Facts, Unanswered
from ops.preflight.lines import Line, Verdict, cant_tell
from ops.preflight.look import Look
from ops.preflight.needs import Site
from ops.preflight.policy import ACTIONS

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")
"""Codes of AWS's services for a call that the caller's rights don't allow."""

Judge = Callable[[Look], Line | None]
"""Returns one line, or None where the stack doesn't need what is checked."""


@dataclass(frozen=True)
class Check:
    """A judgement of facts: a pure function, of the account or of each Region."""

    subject: str
    judge: Judge
    of_account: bool = False
    of_cluster: bool = False
    """True for what only a cluster needs: in a Region that holds backups alone, for a recovery there."""

    def lines(self, site: Site, facts: Facts) -> list[Line]:
        """Return what there is to say; a missing answer makes "can't tell" of it."""
        places = site.places[:1] if self.of_account else site.places
        found = [self._line(Look(site, place, facts)) for place in places]
        return [line for line in found if line]

    def _line(self, look: Look) -> Line | None:
        try:
            line = self.judge(look)
        except Unanswered as reason:
            line = unanswered(reason)
        if line is None:
            return None
        region = "" if self.of_account else look.place.region
        when = "for a recovery here, " if self.of_cluster and not look.place.has_cluster else ""
        mend = line.mend.replace("pulumi config set ", f"pulumi config set -s {look.site.stack} ")
        return replace(line, subject=self.subject, region=region, text=f"{when}{line.text}", mend=mend)


def unanswered(reason: Unanswered) -> Line:
    """Return the line of a check that lacks an answer."""
    action = ACTIONS.get(reason.question, reason.question)
    if reason.code == NOT_ASKED:
        return cant_tell(f"{action} could not be asked, for want of an earlier answer")
    mend = f"allow {action}: ha-web preflight --policy" if reason.code in DENIED else ""
    return cant_tell(f"{action}: {reason.code}", mend)


def run(checks: Sequence[Check], site: Site, facts: Facts) -> list[Line]:
    """Return all lines: the account's, then each Region's."""
    lines = [line for check in checks for line in check.lines(site, facts)]
    order = ["", *site.regions]
    return sorted(lines, key=lambda line: order.index(line.region))


def failures(lines: Sequence[Line]) -> int:
    """Return how many lines will fail."""
    return sum(line.verdict is Verdict.WILL_FAIL for line in lines)
