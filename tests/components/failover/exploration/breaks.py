"""The function broken on purpose: what is changed, which invariant doesn't hold then, and where that shows soonest."""

from dataclasses import dataclass

from tests.components.failover.exploration import world as aws
from tests.components.failover.exploration.copies import Change
from tests.components.failover.exploration.states import Bounds

STORES_ONLY = ("capacity", "storage")
SESSIONS_ONLY = ("capacity", "database", "storage")
ONE_RUN = Bounds(starts=1, at_once=1, faults=1, turns=2, hands=0)
TWO_RUNS = Bounds(starts=2, at_once=2, faults=1, turns=2, hands=0)


@dataclass(frozen=True)
class Break:
    """One change of the code, and the invariant that it breaks."""

    name: str
    invariant: str
    changes: tuple[Change, ...]
    bounds: Bounds = ONE_RUN
    without: tuple[str, ...] = STORES_ONLY
    """Parts of the configuration that aren't there, so that it is found in seconds."""


def _writes(roles: str) -> Change:
    return Change(
        "plan", "return self in (Role.PRIMARY, Role.ALONE)", f"return self in (Role.PRIMARY, Role.ALONE, {roles})"
    )


BREAKS = (
    Break(
        "users are sent before the stores are waited for",
        aws.WRITES,
        (
            Change(
                "plan",
                '    if not ready(state, config):\n        steps.append(Step(Kind.WAIT, "wait until what',
                '    if False:\n        steps.append(Step(Kind.WAIT, "wait until what',
            ),
        ),
    ),
    Break("a store that can't be read counts as one that takes writes", aws.WRITES, (_writes("Role.UNKNOWN"),)),
    Break("a store counts as soon as its promotion has begun", aws.WRITES, (_writes("Role.PROMOTING"),)),
    Break(
        "a required store that failed is ignored",
        aws.WRITES,
        (Change("apply", "return bool(outcome.failed.keys() - {*config.optional, Kind.CAPACITY})", "return False"),),
    ),
    Break(
        "no run keeps another from acting",
        aws.ONE_AT_A_TIME,
        (Change("notes", 'Body=text.encode(), IfNoneMatch="*")', "Body=text.encode())"),),
        TWO_RUNS,
    ),
    Break(
        "a lock counts as expired at once",
        aws.ONE_AT_A_TIME,
        (Change("notes", "if text and _until(text) < now:", "if text:"),),
        TWO_RUNS,
    ),
    Break(
        "a run removes whatever lock is there",
        aws.ONE_AT_A_TIME,
        (Change("notes", '**({"VersionId": version} if version else {})', ""),),
        Bounds(starts=3, at_once=2, faults=1, turns=1, hands=0),
        SESSIONS_ONLY,
    ),
    Break(
        "a lock never expires",
        aws.UNLOCKED,
        (Change("notes", "if text and _until(text) < now:", "if False:"),),
    ),
    Break(
        "a run leaves its lock",
        aws.UNLOCKED,
        (Change("notes", "    finally:\n        _remove(bucket, mine, clients)", "    finally:\n        pass"),),
    ),
    Break(
        "a run doesn't know its own lock again",
        aws.UNLOCKED,
        (Change("notes", "if there == text:", "if False:"),),
    ),
    Break(
        "one view is enough",
        aws.GROUNDS,
        (Change("handler", "if views.failed else None", "if views.any_failed else None"),),
    ),
    Break(
        "one look is enough",
        aws.GROUNDS,
        (Change("handler", "now - failing_since >= config.after_seconds", "now - failing_since >= 0"),),
    ),
    Break(
        "users go back when the primary is healthy",
        aws.NEVER_BACK,
        (
            Change(
                "handler",
                "    forwards = let_forward(",
                "    if look(config).healthy:\n"
                '        clients("s3").delete_object(Bucket=config.switch["bucket"], Key="standby-serves")\n'
                "    forwards = let_forward(",
            ),
        ),
        Bounds(starts=2, at_once=1, faults=0, turns=2, hands=0),
    ),
    Break(
        "the session store goes back when the primary is healthy",
        aws.NEVER_BACK,
        (
            Change(
                "handler",
                "    forwards = let_forward(",
                "    if look(config).healthy:\n"
                '        clients("elasticache").failover_global_replication_group(\n'
                '            PrimaryRegion="eu-west-1", PrimaryReplicationGroupId="x", GlobalReplicationGroupId="y"\n'
                "        )\n"
                "    forwards = let_forward(",
            ),
        ),
        Bounds(starts=2, at_once=1, faults=0, turns=2, hands=0),
    ),
    Break(
        "nobody is told of a stop",
        aws.ENDS,
        (Change("apply", "    if Kind.NOTIFY in {step.kind for step in steps}:", "    if outcome.switched:"),),
    ),
    Break(
        "nobody is told of a failover that is half done",
        aws.ENDS,
        (Change("handler", "    if config.topic_arn:\n        notify(", "    if False:\n        notify("),),
    ),
    Break(
        "nobody is told of users whom a run sent that was killed then",
        aws.ENDS,
        (Change("handler", "    if state.untold:", "    if False:"),),
    ),
    Break(
        "what people have been told is told again without end",
        aws.ENDS,
        (Change("apply", "        if outcome.switched:\n            notice_sent(config, clients)", "        pass"),),
    ),
    Break(
        "a session store that isn't promoted is waited for without end",
        aws.ENDS,
        (Change("apply", "now - tried >= DISASSOCIATE_SECONDS", "False"),),
    ),
    Break(
        "a lost answer of the switch is taken for a switch that isn't there",
        aws.TRUTH,
        (
            Change("apply", "        if not switched(config, clients):  #", "        if True:  #"),
            Change("apply", "    elif Kind.SWITCH in outcome.failed:", "    elif False:"),
        ),
    ),
)
