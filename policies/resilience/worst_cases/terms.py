"""Terms of a worst case: what takes how long, and whether a setting, AWS or nobody says so."""

from collections.abc import Iterable
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86400
EVERYTHING = float("inf")
"""The loss of what no copy is left of."""


@dataclass(frozen=True)
class Term:
    """One step.

    Attributes:
        what: the step, with the resource that it is about.
        seconds: None where nobody can tell.
        assumed: true where no setting says so; AWS may name it as typical.
    """

    what: str
    seconds: float | None
    assumed: bool = False

    def __str__(self) -> str:
        """As in `health checks of web (20 s)`."""
        return f"{self.what} ({duration(self.seconds)}{', assumed' if self.assumed else ''})"


Chain = tuple[Term, ...]
"""Steps one after the other; chains run beside each other."""


@dataclass(frozen=True)
class Case:
    """A worst case.

    Attributes:
        lost: `a server`, `a zone` or `a region`.
        down: the chains that bring the site back.
        losses: what each store loses.
    """

    lost: str
    down: tuple[Chain, ...] = ()
    losses: tuple[Term, ...] = ()

    @property
    def longest(self) -> Chain:
        """The chain that ends last; one that nobody can tell the end of is longer than all."""
        return max(self.down, key=lambda chain: _order(total(chain)), default=())

    @property
    def worst_loss(self) -> Term | None:
        """The store that loses most."""
        return max(self.losses, key=lambda term: _order(term.seconds), default=None)

    @property
    def seconds(self) -> float | None:
        """How long the site is down; None where nobody can tell."""
        return total(self.longest)

    def __str__(self) -> str:
        """The sum with its terms."""
        terms = " + ".join(map(str, self.longest)) or "nothing has to happen"
        time = duration(self.seconds)
        said = f"loss of {self.lost}: down {time} = {terms}" if self.seconds is not None else f"{_untold(self)}"
        loss = self.worst_loss
        return f"{said}; data lost: {loss if loss else 'none'}"


def _untold(case: Case) -> str:
    told = [term for term in case.longest if term.seconds is not None]
    unknown = ", ".join(term.what for term in case.longest if term.seconds is None)
    after = f" after {' + '.join(map(str, told))}" if told else ""
    return f"loss of {case.lost}: cannot tell how long it is down: {unknown}{after}"


def total(chain: Iterable[Term]) -> float | None:
    """The seconds of all steps; None where one can't be told."""
    times = [term.seconds for term in chain]
    return None if None in times else sum(time for time in times if time is not None)


def _order(seconds: float | None) -> float:
    return EVERYTHING if seconds is None else seconds


def duration(seconds: float | None) -> str:
    """As in `20 s`, `1 m 30 s`, `1 d`, `everything`."""
    if seconds is None:
        return "cannot tell"
    if seconds == EVERYTHING:
        return "everything"
    parts = []
    rest = round(seconds)
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (1, "s")):
        if rest >= size:
            parts.append(f"{rest // size} {unit}")
            rest %= size
    return " ".join(parts) or "0 s"
