"""The description of a resource type: one short declarative entry, in `services/<aws service>.py`, in its list `TYPES`.

    Type(
        "aws:ec2/subnet:Subnet", "ec2",
        create=Call("CreateSubnet"),                              # arguments find their members by name
        id="Subnet.SubnetId",                                     # JMESPath in the answer of `create`
        then=(Call("ModifySubnetAttribute", {"SubnetId": "{id}"}, each=True, takes=("mapPublicIpOnLaunch",)),),
        read=Read("DescribeSubnets", {"SubnetIds": ["{id}"]}, "Subnets[0]"),
        delete=Call("DeleteSubnet", {"SubnetId": "{id}"}),
        tags=ec2_tags("subnet"),
        outputs={"arn": "SubnetArn"},                             # only what isn't found by name
    )

**Names.** An argument of the SDK's class (`cidrBlock`) goes to the member of the operation's request that has
the same name but for case and plural (`CidrBlock`); so do nested properties. Where names differ, `rename`
says where it goes. A block becomes a list where AWS has a list, and a list of one becomes a block; scalars
take the member's type.

    rename={"skuName": "Sku"}                         argument -> member; dots and [0] descend: "Spec.Items[0].Name"
    rename={"ebs.size": "VolumeSize"}                 nested: path of the argument (no indices) -> member beside it
    rename={"healthCheck.path": "/HealthCheckPath"}   with a slash: member of the whole request
    rename={"status": As("Status", {True: "Enabled", False: "Disabled"})}    a value has another form there
    rename={"policy": As("Policy", to=encode, back=decode)}                  `back` for what was read (optional)
    into="LaunchTemplateData"                         members are looked for here, too

**Templates.** In `params`, and wherever a string has braces, `{...}` is a JMESPath expression over the
arguments, the outputs, and `id`, `region`, `account`, `partition`, `answer` (of `create`), `old` (the former
arguments, in an update), `unique` (another 32 hex digits every time),
`found` (by the first of several reads, for the next). A string that is only one
template has the value itself, of its own type; a parameter whose template has no value is left out.

**What a call consumes.** Every given argument that finds a member, except those that `params` already fills;
`takes=` narrows it to the ones listed (which may also be such that only trigger the call), `skip=` leaves
some out. Arguments named by templates count as consumed. Whatever nothing consumes is refused in `Check`;
`local=` are arguments that only the provider itself looks at.

**When calls are made.** `create`; then those of `then` whose arguments were given. Updates: those of `then`
and `update` whose arguments changed. An argument that neither of them takes forces replacement. A removed
argument is sent to AWS as `cleared={argument: value}` (false and empty lists need no mention). A put
operation is written once and used twice: `create=PUT, update=(PUT,)`. Deletion makes the calls of `delete` in
turn. A step that is in both `then` and `update` is made in the order of `then` after a creation, and in that of
`update` in an update: the real provider's order.

**Reading.** `read` is one `Read` or several; the first decides whether the resource exists. Values are found
by the same names and renames as in the requests, else by the name of the property; `rename` of a `Read`
({property: JMESPath}) goes before. What the answer doesn't have is taken to be unchanged. Lists are compared
as sets unless the argument is in `ordered`.

**Recorded.** `recorded=True` on a call: no emulator has the operation. The request is validated and not sent.
A type all of whose calls are recorded needs an `id` that is a template (`"{name}"`), and no `read`.

Beside `Call` there are steps for the shapes that AWS repeats: `Attributes` (lists of key and value),
`Members` (attach and detach), `Tags`, and `Hook` (a Python function; the last resort).

**Functions** (invokes) are in the list `FUNCTIONS`:

    Function("aws:ssm/getParameter:getParameter", "ssm", Read("GetParameter", at="Parameter"), id="{name}")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from rehearsal.plugin import sdk


@dataclass(frozen=True)
class As:
    """The member that an argument goes to, and the form of its value there.

    `values` maps the argument's values to AWS's, both ways. `to` and `back` are functions for what a table can't say;
    without `back` the value can't be read, and is taken to be unchanged.
    """

    path: str
    values: Mapping[Any, Any] | None = None
    to: Callable[[Any], Any] | None = None
    back: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Call:
    """One API operation.

    `each`: the operation accepts one setting at a time, so one call per argument. `when`: a template; the call is made
    only if it has a value that isn't false. `wait`: name of a boto3 waiter, with the params of `waits`. `service`: if
    it isn't the type's. `whole`: an update sends everything, so that what isn't mentioned is gone (operations named
    Put..., Set..., Create... and Replace... are so anyway). Others send only what changed; `along` has what goes with
    a changed argument, or with any ("*"). `always`: made in every update, whatever changed. `nonzero`: arguments that
    the provider leaves out while they are 0, false or empty, so that AWS's default holds. `failed`: where the answer
    says what AWS didn't do, although it reports no error.
    """

    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rename: Mapping[str, str | As] = field(default_factory=dict)
    into: str = ""
    takes: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    each: bool = False
    when: str = ""
    cleared: Mapping[str, Any] = field(default_factory=dict)
    service: str = ""
    recorded: bool = False
    whole: bool = False
    along: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    always: bool = False
    wait: str = ""
    waits: Mapping[str, Any] = field(default_factory=dict)
    nonzero: tuple[str, ...] = ()
    failed: str = ""


@dataclass(frozen=True)
class Read:
    """One API operation that reads; `at` is the JMESPath of the resource in its answer.

    No resource there, or an error of the kind "not found" (`gone`: further codes), means that it is gone.
    """

    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)
    at: str = "@"
    rename: Mapping[str, str] = field(default_factory=dict)
    service: str = ""
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attributes:
    """Settings that AWS keeps as a list: `keys` maps paths of arguments to keys (or templates of them).

    The list is the member `member` of the request; `names` are those of a pair's key and value.
    `read` finds the list. `cleared` has the values for removed paths (false needs no mention; None sends nothing).
    """

    operation: str
    params: Mapping[str, Any]
    keys: Mapping[str, str | As]
    read: Read | None = None
    member: str = "Attributes"
    names: tuple[str, str] = ("Key", "Value")
    cleared: Mapping[str, Any] = field(default_factory=dict)
    service: str = ""
    recorded: bool = False


@dataclass(frozen=True)
class Members:
    """An argument that is a set whose members AWS attaches and detaches.

    The templates of `add` see `{added}`, those of `remove` `{removed}`: lists; with `each`, one `{item}` a call.
    `created`: `create` passes the whole list itself. `to` turns a member into AWS's form. One value is a set of one.
    """

    argument: str
    add: Call
    remove: Call
    each: bool = False
    created: bool = False
    to: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Tags:
    """The calls that tag a type.

    Tags go into `create` where its request has a member for them (`resource_type` for EC2's TagSpecifications), else
    `add` is called after it. `target` names the resource in `add`, `remove` and `read`. Tags are read from the
    resource's own answer unless `read` is an operation. `create`: false if the request's member for tags
    is not to be used.
    """

    add: str
    remove: str
    target: Mapping[str, Any]
    read: str = ""
    read_target: Mapping[str, Any] | None = None
    at: str = ""
    resource_type: str = ""
    create: bool = True
    service: str = ""
    recorded: bool = False


class HookContext(Protocol):
    """The contract of a `Hook`: the resource (or function call) at hand, and the way to AWS.

    Values are plain; those that are known only later are `UNKNOWN` of `calls.model`, in dry runs only.
    """

    entry: Type | Function
    cls: sdk.Class
    """The SDK's class: the kinds of its arguments and outputs."""
    region: str
    """The AWS Region of the resource, or the provider's."""
    args: dict[str, Any]
    """The arguments, as the program gives them."""
    id: str
    """Empty before the creation."""
    old: dict[str, Any]
    """The former arguments, in an update."""
    state: dict[str, Any]
    """The outputs so far."""
    dry: bool
    """True in a preview: requests are validated and not sent."""
    changed: frozenset[str]
    """Names of the arguments that an update changes."""
    begun: datetime
    """When the resource's creation, change or deletion began."""

    @property
    def account(self) -> str:
        """The account's number."""

    @property
    def partition(self) -> str:
        """The AWS Region's partition, mostly "aws"."""

    def call(self, operation: str, params: Mapping[str, Any], service: str = "", region: str = "") -> Any:
        """Make an API call and return its answer; not in a dry run. CallError if AWS refuses it."""

    def send(self, call: Call, request: dict[str, Any]) -> Any:
        """Make the call of an entry, or only validate it if this is a dry run or the call is recorded."""

    def request(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return constants and templates as the request of a call."""

    def resolve(self, value: Any) -> Any:
        """Return a value with its templates filled in."""


@dataclass(frozen=True)
class Hook:
    """A function instead of a call. It gets a `HookContext`; what it returns becomes outputs.

    `takes`: the arguments that it consumes. `dry`: it is also run where nothing is to be done, so that its requests are
    validated at preview; its calls must then be made with `context.send` alone.
    """

    run: Callable[[HookContext], Mapping[str, Any] | None]
    takes: tuple[str, ...] = ()
    dry: bool = False


@dataclass(frozen=True)
class AutoName:
    """Names as pulumi-aws makes them: prefix, logical name, "-", 7 hex digits; refused if longer than `maximum`."""

    argument: str = "name"
    maximum: int = 255
    lower: bool = False
    prefix: str = ""


@dataclass(frozen=True)
class Refuse:
    """What the provider refuses at preview beyond its schema: an argument, when (JMESPath over all arguments), and why.

    `Refuse("multiAzEnabled", "multiAzEnabled && !automaticFailoverEnabled", "needs automaticFailoverEnabled")`. While
    an argument that it names isn't known, nothing is refused.
    """

    argument: str
    when: str
    reason: str

    @property
    def names(self) -> frozenset[str]:
        """The words of the expression, among which are the arguments that it looks at."""
        return frozenset(re.findall(r"(?<![.\w'`])[A-Za-z_]\w*", self.when))


Step = Call | Attributes | Members | Hook


@dataclass(frozen=True, eq=False)  # one entry a type, so that it can be the key of a cache
class Type:
    """A resource type; the module's docstring says how the fields work together.

    `local`: arguments that only the provider looks at. `ordered`: lists whose order counts. `unread`: arguments
    whose drift can't be seen. What AWS has and the program doesn't give has drifted, too, unless AWS decides it or the
    provider's default is just that; `watched` are arguments of which this holds although AWS decides them, `unwatched`
    those of which it doesn't hold.
    `replace`: paths of arguments that force replacement although a call takes the argument. `replace_if`: functions
    of an argument's former and new value that say whether just this change forces replacement; `replace_when`: the
    same of all former and all new arguments. `volatile`: outputs that an update changes, unknown in its preview;
    `unannounced`: arguments whose change alone leaves an output of them known in the preview, as with the provider.
    `unsent`: arguments whose change the provider accepts and doesn't send, so that it is one again at the next update;
    they go along when another one makes the call. `default`: arguments (or, inside given blocks, paths of them)
    that the provider fills in. `computed`: arguments that AWS decides where the program doesn't, so that removing
    one changes nothing. `required`: arguments that it needs although the SDK's class has them as optional.
    `refuse`: what the provider refuses beyond its schema, whose rules are in `provider_rules.json`.
    `same`: arguments, and when their change is none for the provider (JMESPath over the new ones; `old` has the former
    ones, `state` what is known of the resource). `delete_before_replace`: AWS can't hold old and new at once. `gone`:
    further error codes that mean that the resource doesn't exist; `busy`: further codes, or words of an error, at which
    a deletion is made again. `instead`: calls in place of `create`, the first whose `when` holds.
    """

    token: str
    service: str
    create: Call | Hook
    id: str = ""
    instead: tuple[Call, ...] = ()
    then: tuple[Step, ...] = ()
    update: tuple[Step, ...] = ()
    read: Read | Hook | tuple[Read | Hook, ...] = ()
    delete: tuple[Call | Hook, ...] | Call | Hook = ()
    tags: Tags | None = None
    outputs: Mapping[str, str | Read] = field(default_factory=dict)
    auto_name: AutoName | str | None = None
    local: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    replace_if: Mapping[str, Callable[[Any, Any], bool]] = field(default_factory=dict)
    replace_when: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]] = field(default_factory=dict)
    volatile: tuple[str, ...] = ()
    unannounced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsent: tuple[str, ...] = ()
    default: Mapping[str, Any] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    refuse: tuple[Refuse, ...] = ()
    delete_before_replace: bool = False
    gone: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)

    @property
    def reads(self) -> tuple[Read | Hook, ...]:
        """The calls that read, as a tuple."""
        return self.read if isinstance(self.read, tuple) else (self.read,)

    @property
    def deletes(self) -> tuple[Call | Hook, ...]:
        """The calls that delete, as a tuple."""
        return self.delete if isinstance(self.delete, tuple) else (self.delete,)

    @property
    def naming(self) -> AutoName | None:
        """The naming of the type when the program gives no name."""
        return AutoName(self.auto_name) if isinstance(self.auto_name, str) else self.auto_name


@dataclass(frozen=True)
class Function:
    """A function of the provider. Its result is what `read` finds, by name, or what the hook returns.

    `takes`: arguments that templates or the hook use; `outputs`: as in `Type`.
    """

    token: str
    service: str
    read: Read | Hook
    id: str = ""
    takes: tuple[str, ...] = ()
    rename: Mapping[str, str | As] = field(default_factory=dict)
    outputs: Mapping[str, str | Read] = field(default_factory=dict)
