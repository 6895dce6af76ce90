"""Terms that worst cases are added up from, each with its setting and its source."""

import math
from dataclasses import dataclass, field

from ha_web.recovery.assumptions import AWS, Assumption
from ha_web.recovery.durations import format_duration

ROUTE53_CHECKS = f"{AWS}/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"
ROUTE53_ALIASES = f"{AWS}/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html"
KEPT_CONNECTIONS = f"{AWS}/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"
BALANCER_CHECKS = f"{AWS}/elasticloadbalancing/latest/application/target-group-health-checks.html"
FLEET_WARMUP = f"{AWS}/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html"
SESSION_SNAPSHOTS = f"{AWS}/AmazonElastiCache/latest/dg/backups-automatic.html"
BACKUP_RULES = f"{AWS}/aws-backup/latest/devguide/plan-options-and-configuration.html"
DATA_PLANE = f"{AWS}/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html"
CLOUDFLARE_MONITORS = "https://developers.cloudflare.com/load-balancing/monitors/"
STRATEGIES = f"{AWS}/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html"


@dataclass(frozen=True)
class Term:
    """A part of a worst case: a time with a name, the setting that decides it, and its source."""

    name: str
    seconds: float
    text: str
    """The term as it is written in a sum: `16s × 2 checks with time-out`."""
    setting: str | None
    """The setting of the stack that decides it: `healthCheck.interval`; None if no setting does."""
    source: str
    """The page that the time is taken from."""
    assumed: bool = False
    measured: bool = False
    typical: bool = False

    @classmethod
    def of(cls, assumption: Assumption, *, times: float = 1, setting: str | None = None) -> "Term":
        """Return an assumption as a term."""
        seconds = assumption.seconds * times
        text = f"{format_duration(seconds)} {assumption.what} ({assumption.origin})"
        measured, typical = assumption.measured, assumption.origin == "typical"
        return cls(assumption.name, seconds, text, setting, assumption.source, not measured, measured, typical)

    def plain(self) -> dict[str, object]:
        """Return the term as a dictionary for JSON."""
        origin = "settings" if self.setting else "AWS"
        if self.measured or self.assumed:
            origin = "measured" if self.measured else "typical" if self.typical else "assumed"
        return {
            "name": self.name,
            "seconds": None if math.isinf(self.seconds) else self.seconds,
            "text": self.text,
            "setting": self.setting,
            "origin": origin,
            "source": self.source,
        }


@dataclass(frozen=True)
class Sum:
    """Terms one after the other. `beside` has the sums that run in parallel and end earlier, for the reader."""

    terms: tuple[Term, ...] = ()
    beside: tuple["Sum", ...] = field(default=(), compare=False)

    @property
    def seconds(self) -> float:
        """Return the seconds of all terms."""
        return sum(term.seconds for term in self.terms)

    @property
    def text(self) -> str:
        """Return the sum in words: `16s × 2 checks with time-out + 60s alias TTL`."""
        return " + ".join(term.text for term in self.terms)

    @property
    def typical(self) -> bool:
        """Return whether a term of it is a time that AWS only calls typical."""
        return any(term.typical for term in self.terms)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.terms + other.terms, self.beside + other.beside)


@dataclass(frozen=True)
class WorstCase:
    """The longest time that a failure lasts, and the most data that it loses."""

    recovery: Sum
    """Time until all users are served again."""
    data_loss: Sum
    """Age of the oldest change that is lost."""
    notes: tuple[str, ...] = ()
    """Remarks beyond the numbers."""


def longest(*sums: Sum) -> Sum:
    """Return the sum that ends last of those that run in parallel (the first of equals), the rest beside it."""
    ordered = sorted(sums, key=lambda each: -each.seconds)
    if not ordered:
        return Sum()
    last = ordered[0]
    return Sum(last.terms, last.beside + tuple(each for each in ordered[1:] if each.terms))


def times(name: str, each: int, count: int, what: str, setting: str, source: str) -> Term:
    """Return a term of `each` seconds, `count` times."""
    head, _, rest = what.partition(" with ")
    plural = what if count == 1 else f"{head}s" + (f" with {rest}" if rest else "")
    return Term(name, each * count, f"{format_duration(each)} × {count} {plural}", setting, source)


def plain(name: str, seconds: float, what: str, setting: str | None, source: str) -> Term:
    """Return a term whose time is fixed by a setting or by AWS."""
    return Term(name, seconds, f"{format_duration(seconds)} {what}", setting, source)


def never(name: str, why: str, setting: str, source: str) -> Sum:
    """Return a sum of infinite seconds: a recovery that never ends, or the loss of all data."""
    return Sum((Term(name, math.inf, why, setting, source),))
