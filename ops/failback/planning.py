"""What a failback would do, and why it must not be done now. No calls here."""

from dataclasses import dataclass, field

from ha_web.failover.runtime.config import Config
from ha_web.failover.runtime.plan import Group, Role

from ops.core.plan import Plan, Step

DISARM, SERVERS, SESSIONS, DATABASE, SWITCH = "disarm", "servers", "sessions", "database", "switch"
DELETE, ARM, ARRIVAL, FILES = "delete sessions", "arm", "arrival", "files"
"""Kinds of steps."""

IN_STEP = 1.0
"""Seconds that a store of the primary region may be behind when it takes over."""

STORES = {SESSIONS: "the session store", DATABASE: "the database"}


@dataclass(frozen=True)
class Follower:
    """A store of the primary region."""

    role: Role
    lag: float | None = None
    """Seconds behind the standby's; None if that wasn't measured."""


@dataclass(frozen=True)
class Facts:
    """What is known before a failback."""

    config: Config
    region: str
    """The primary's."""
    answers: bool
    """Whether the primary's balancer answers the standby."""
    switched: bool
    group: Group | None
    """The primary's Auto Scaling group."""
    serving: int
    """Servers of the standby that serve."""
    stores: dict[str, Follower] = field(default_factory=dict)
    """By kind of step; those that the failover moves."""
    alone: bool = False
    """Whether the standby's session store is in no global datastore any more."""
    absent: bool = False
    """Whether it is deleted."""
    files: Role | None = None
    """What the standby's file system is; None without one."""
    kept: bool = False
    """Whether EFS protects it from being overwritten."""
    rule: str = ""
    """The EventBridge rule that starts the function; empty without one."""
    armed: bool = True
    leads_to: tuple[str, ...] | None = None
    """Roles that DNS leads users to; None where that can't be told."""


SESSIONS_MOVE = (
    "the site is read-only for sessions until the switch has moved: about a minute and a half",
    "ElastiCache copies behind the writer: what sessions wrote in the second before they move may be set back, "
    "unless `ha-web maintenance on` keeps users out meanwhile",
)
"""What a person must know of the session store's move: it has no switchover that waits for the last write.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html"""


@dataclass(frozen=True)
class Options:
    """What a person has decided."""

    force: bool = False
    give_up_sessions: bool = False
    files_copied: bool = False


def planned(facts: Facts, options: Options) -> Plan:
    """Return the plan. What is back already, by hand or by an interrupted run, is left out."""
    moves = _moves(facts)
    after = _after(facts, options)
    steps = [*moves, *after]
    if steps and facts.rule and facts.armed:
        steps.insert(0, Step(DISARM, f"stop the automation: disable {facts.rule}"))
    if facts.rule and (steps or not facts.armed):
        steps.append(Step(ARM, f"start the automation: enable {facts.rule}"))
    if moves or (facts.leads_to is not None and facts.leads_to != ("primary",) and not facts.switched):
        steps.append(Step(ARRIVAL, f"check that DNS leads users to {facts.region}"))
    refused = _refused(facts, options) if moves or after or facts.alone else []
    return Plan("failback", tuple(steps), tuple(_notes(facts, options, changed=bool(moves))), tuple(refused))


def _moves(facts: Facts) -> list[Step]:
    """Return the stores' way back, then the switch: with it first, users would write to a store that follows."""
    order = (SESSIONS, DATABASE) if facts.config.switch else (DATABASE, SESSIONS)  # Cloudflare follows the sessions
    steps = [
        Step(kind, f"make {STORES[kind]} of {facts.region} the primary")
        for kind in order
        if kind in facts.stores and not facts.stores[kind].role.writes
    ]
    if facts.switched and facts.config.switch:
        steps.append(
            Step(SWITCH, f"take the switch out of {facts.config.switch['bucket']}: users go to {facts.region}")
        )
    if steps and facts.group is not None:
        wanted = min(facts.serving, facts.group.maximum)
        if facts.group.in_service < wanted:
            steps.insert(0, Step(SERVERS, f"let {wanted} servers run in {facts.region}", {"servers": wanted}))
    return steps


def _after(facts: Facts, options: Options) -> list[Step]:
    steps = []
    if facts.alone and options.give_up_sessions:
        steps.append(Step(DELETE, "delete the standby's session store, which follows nothing"))
    if facts.files is Role.ALONE and facts.kept and options.files_copied:
        steps.append(Step(FILES, "let EFS overwrite the standby's files"))
    return steps


def _refused(facts: Facts, options: Options) -> list[str]:
    reasons = [] if facts.answers else [f"the primary in {facts.region} doesn't answer"]
    for kind, store in facts.stores.items():
        if store.role is Role.UNKNOWN:
            reasons.append(f"{STORES[kind]} of {facts.region} is not available")
        elif store.role is Role.SECONDARY and store.lag is not None and store.lag > IN_STEP:
            reasons.append(f"{STORES[kind]} of {facts.region} is {store.lag:g} s behind")
        elif store.role is Role.SECONDARY and store.lag is None and kind == SESSIONS:
            reasons.append(f"nobody measured how far {STORES[kind]} of {facts.region} is behind")
    if facts.group is None:
        reasons.append(f"there is no Auto Scaling group in {facts.region}")
    found = [] if options.force else [f"{reason}; --force goes on" for reason in reasons]
    if DATABASE in facts.stores and facts.stores[DATABASE].role is Role.ALONE:
        found.append(
            f"the database of {facts.region} doesn't follow: Aurora builds it anew for hours; `pulumi up` if not"
        )
    if facts.alone and not options.give_up_sessions:
        found.append("the standby's session store stands alone, and AWS takes no store with data back; with")
        found[-1] += " --give-up-sessions it is deleted once users are back, and they sign in again"
    return found


def _notes(facts: Facts, options: Options, *, changed: bool) -> list[str]:
    notes: list[str] = []
    if changed and SESSIONS in facts.stores and not facts.stores[SESSIONS].role.writes:
        notes += SESSIONS_MOVE
    if facts.files is Role.ALONE and facts.kept and not options.files_copied:
        notes.append("files written to the standby stay there: copy them back, then the same with --files-copied")
    if changed or facts.files is Role.ALONE or facts.alone or facts.absent:
        notes.append("for a person, afterwards: `pulumi up --refresh` takes the standby back to the settings")
    return notes
