"""What a worst case is added up from: terms, each with its setting and its source."""

import math
from dataclasses import dataclass, field

from ha_web.recovery.assumptions import AWS, Assumption
from ha_web.recovery.durations import format_duration

ROUTE53_CHECKS = f"{AWS}/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"
ROUTE53_ALIASES = f"{AWS}/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html"
BALANCER_CHECKS = f"{AWS}/elasticloadbalancing/latest/application/target-group-health-checks.html"
FLEET_WARMUP = f"{AWS}/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html"
SESSION_SNAPSHOTS = f"{AWS}/AmazonElastiCache/latest/dg/backups-automatic.html"
BACKUP_RULES = f"{AWS}/aws-backup/latest/devguide/plan-options-and-configuration.html"
DATA_PLANE = f"{AWS}/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html"
CLOUDFLARE_MONITORS = "https://developers.cloudflare.com/load-balancing/monitors/"
STRATEGIES = f"{AWS}/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html"


@dataclass(frozen=True)
class Term:
    """A named part of a worst case."""

    name: str
    seconds: float
    text: str
    """As it stands in a sum: `10s × 2 checks`."""
    setting: str | None
    """The setting that decides it, as a stack file has it: `healthCheck.interval`. None: nothing of ours does."""
    source: str
    """The page it is taken from."""
    assumed: bool = False
    measured: bool = False

    @classmethod
    def of(cls, assumption: Assumption, *, times: float = 1, setting: str | None = None) -> "Term":
        """An assumption as a term."""
        seconds = assumption.seconds * times
        text = f"{format_duration(seconds)} {assumption.what} ({assumption.origin})"
        measured = assumption.measured
        return cls(assumption.name, seconds, text, setting, assumption.source, not measured, measured)

    def plain(self) -> dict[str, object]:
        """JSON-able."""
        origin = "measured" if self.measured else "assumed" if self.assumed else "settings" if self.setting else "AWS"
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
    """Terms one after the other; what runs beside them and ends earlier is kept for the reader."""

    terms: tuple[Term, ...] = ()
    beside: tuple["Sum", ...] = field(default=(), compare=False)

    @property
    def seconds(self) -> float:
        """All together."""
        return sum(term.seconds for term in self.terms)

    @property
    def text(self) -> str:
        """`10s × 2 checks + 4s timeout`."""
        return " + ".join(term.text for term in self.terms)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.terms + other.terms, self.beside + other.beside)


@dataclass(frozen=True)
class WorstCase:
    """How long a failure lasts at the worst, and how much is lost."""

    recovery: Sum
    """Seconds until all users are served again."""
    data_loss: Sum
    """Seconds of the newest changes that are gone."""
    notes: tuple[str, ...] = ()
    """What no number says."""


def longest(*sums: Sum) -> Sum:
    """Of things that run side by side: the one that ends last, the first of equals; the rest beside it."""
    ordered = sorted(sums, key=lambda each: -each.seconds)
    if not ordered:
        return Sum()
    last = ordered[0]
    return Sum(last.terms, last.beside + tuple(each for each in ordered[1:] if each.terms))


def times(name: str, each: int, count: int, what: str, setting: str, source: str) -> Term:
    """`each` seconds, `count` times."""
    plural = what if count == 1 else f"{what}s"
    return Term(name, each * count, f"{format_duration(each)} × {count} {plural}", setting, source)


def plain(name: str, seconds: float, what: str, setting: str | None, source: str) -> Term:
    """A time that a setting, or AWS, fixes."""
    return Term(name, seconds, f"{format_duration(seconds)} {what}", setting, source)


def never(name: str, why: str, setting: str, source: str) -> Sum:
    """What does not end, or loses all."""
    return Sum((Term(name, math.inf, why, setting, source),))
