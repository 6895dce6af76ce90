"""What a question or a check looks at: the stack, one of its Regions, and what AWS has answered so far. No SDK here."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ops.preflight.facts import Facts, Unanswered
from ops.preflight.needs import Place, Site


class Look(NamedTuple):
    """A stack, one of its Regions, the facts. What belongs to the account is looked at in the primary's Region."""

    site: Site
    place: Place
    facts: Facts

    def here(self, question: str, about: str = "") -> Mapping[str, Any]:
        """Return an answer of this Region. Raises `Unanswered`."""
        return self.facts.of(question, self.place.region, about)

    def why_not_here(self, question: str, about: str = "") -> Unanswered | None:
        """Return why there is no answer of this Region, or None if there is one."""
        return self.facts.why_not(question, self.place.region, about)

    def account(self, question: str, about: str = "") -> Mapping[str, Any]:
        """Return an answer about the account. Raises `Unanswered`."""
        return self.facts.of(question, "", about)

    def why_not_account(self, question: str, about: str = "") -> Unanswered | None:
        """Return why there is no answer about the account, or None if there is one."""
        return self.facts.why_not(question, "", about)

    def anywhere(self, question: str) -> Mapping[str, Any]:
        """Return the answer of the first Region that gave one. Raises `Unanswered`."""
        return self.facts.first_of(question, self.site.regions)
