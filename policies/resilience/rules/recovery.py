"""The worst cases of the whole stack, as sums, against objectives where there are some."""

from collections.abc import Iterator

from resilience.aws.types import STACK
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Domain, Setting, Severity, Topic
from resilience.worst_cases.cases import cases
from resilience.worst_cases.terms import Case, duration

TOPIC = Topic()

SECONDS = {"minimum": 0}


@TOPIC.stack_rule(
    "recovery-worst-cases",
    "How long the site is down, and what it loses, when a server, a zone or a region is lost.",
    Severity.LOW,
    well_architected("REL13-BP01", "rel_planning_for_recovery_objective_defined_recovery"),
    STACK,
    server=Setting(0, "seconds that the loss of a server may take; 0 for no objective", SECONDS),
    zone=Setting(0, "seconds that the loss of a zone may take; 0 for no objective", SECONDS),
    region=Setting(0, "seconds that the loss of a region may take; 0 for no objective", SECONDS),
    loss=Setting(-1, "seconds of data that may be lost; -1 for no objective", {"minimum": -1}),
)
def worst_cases(_: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """The sums of all three where no objective is set, otherwise of those that miss theirs.

    They are made of what the program says, of what AWS calls typical, and of assumptions, which are marked so.
    """
    asked = any(config[name] for name in ("server", "zone", "region")) or config["loss"] >= 0
    for case in cases(stack):
        missed = list(_missed(case, config))
        if missed or not asked:
            yield "; ".join([str(case), *missed])


def _missed(case: Case, config: Config) -> Iterator[str]:
    allowed = config[case.lost.split()[-1]]
    if allowed and (case.seconds is None or case.seconds > allowed):
        yield f"the objective is {duration(allowed)}"
    lost = case.worst_loss
    if config["loss"] >= 0 and lost and (lost.seconds is None or lost.seconds > config["loss"]):
        yield f"at most {duration(config['loss'])} may be lost"


RULES = Domain("Recovery", TOPIC, by_default=False)
