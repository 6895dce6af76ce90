"""Looks at everything side by side: what fails, or says nothing in time, is told beside the rest."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from ha_web.recovery.durations import parse_duration

from ops.core.account import Account
from ops.core.errors import EXPIRED, NOT_ASKED, SKEWED, UNKNOWN_KEYS, OpsError, explained
from ops.core.stack import Cluster, Stack
from ops.status import outside
from ops.status.facts import Answer, Facts, Region
from ops.status.reading import Ask, Reading
from ops.status.readings.every import OF_SITE, REGIONAL
from ops.status.zone_names import renamed

AWS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws")
EMULATED = Answer(served=None, text="can't be asked: the account is emulated, and the public DNS doesn't know it")

Key = tuple[str, str]
"""Region, empty for the whole site; part."""


@dataclass(frozen=True)
class Failed:
    """Why a part couldn't be read."""

    reason: str
    connected: bool = True
    """False if the region gave no answer at all."""
    nobody: bool = False
    """True if AWS doesn't take the credentials: then no answer says anything about the stack."""


@dataclass
class Looks:
    """What is being looked at, each in a thread of its own: one that hangs keeps nobody."""

    answers: dict[Key, Any] = field(default_factory=dict)
    _begun: list[Key] = field(default_factory=list)
    _done: "queue.SimpleQueue[tuple[Key, Any]]" = field(default_factory=queue.SimpleQueue)

    def begin(self, key: Key, work: Callable[[], Any]) -> None:
        """Begin to look."""
        self._begun.append(key)
        threading.Thread(target=lambda: self._done.put((key, attempt(work, key[0]))), daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait until everything is known, or for so long."""
        end = time.monotonic() + seconds
        while len(self.answers) < len(self._begun):
            try:
                key, answer = self._done.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                break
            self.answers[key] = answer
        late = Failed(f"no answer within {seconds:g} s", connected=False)
        self.answers = {key: self.answers.get(key, late) for key in self._begun}


def attempt(work: Callable[[], Any], region: str) -> Any:
    """Return what is read, or why not: no part may end the report on the others."""
    try:
        return work()
    except ClientError as error:
        return Failed(explained(error), nobody=error.response["Error"]["Code"] in (*EXPIRED, *SKEWED, *UNKNOWN_KEYS))
    except (NoCredentialsError, PartialCredentialsError) as error:
        return Failed(explained(error), nobody=True)
    except BotoCoreError as error:
        return Failed(explained(error, ""), connected=not region)
    except (OSError, LookupError, ValueError, TypeError) as error:
        return Failed(f"{error or type(error).__name__}")


def look(
    stack: Stack,
    account: Account,
    *,
    patience: float,
    brief: bool = True,
    resolver: outside.Resolver | None = None,
) -> Facts:
    """Return what is known of a stack now. Raises OpsError if the credentials are no use.

    Args:
        patience: seconds from the last question on, after which what hasn't answered is silent.
        brief: one try a call, with short limits.
        resolver: looks names up. Default: this machine's, and nobody where the account is emulated.
    """
    looks = Looks()
    home = stack.standby or stack.primary
    emulated = _is_emulated(account, home.region)
    if not emulated:
        looks.begin(("", "answer"), lambda: outside.ask_site(stack.site))
    if resolver or not emulated:
        looks.begin(("", "dns"), lambda: outside.dns_roles(stack, resolver or outside.resolve))
    planned = [("", home, reading) for reading in OF_SITE if reading.concerns(stack, home)]
    for reading in REGIONAL:
        clusters = [cluster for cluster in stack.clusters.values() if reading.concerns(stack, cluster)]
        planned += [(cluster.region, cluster, reading) for cluster in clusters]
    for region, cluster, reading in planned:
        # Making a client takes longer than a call, and two threads mustn't at once: others are asked meanwhile.
        clients = {name: account.client(name, cluster.region, brief=brief) for name in reading.services}
        looks.begin((region, reading.part), _work(reading, Ask(clients, reading.calls), stack, cluster))
    looks.wait(patience)
    asked = [answer for (region, _), answer in looks.answers.items() if region]
    refused = [answer.reason for answer in asked if isinstance(answer, Failed) and answer.nobody]
    if refused and all(isinstance(answer, Failed) for answer in asked):
        raise OpsError(refused[0], NOT_ASKED)
    return assembled(stack, looks.answers)


def _work(reading: Reading, ask: Ask, stack: Stack, cluster: Cluster) -> Callable[[], Any]:
    return lambda: reading.read(ask, stack, cluster)


def _is_emulated(account: Account, region: str) -> bool:
    host = urlsplit(account.client("autoscaling", region, brief=True).meta.endpoint_url).hostname or ""
    return not host.endswith(AWS)


def assembled(stack: Stack, answers: Mapping[Key, Any]) -> Facts:
    """Return the facts from the answers. Calls nothing."""
    regions = {role: _region(cluster, answers) for role, cluster in stack.clusters.items()}
    of_site = {part: answer for (region, part), answer in answers.items() if not region}
    good = {part: answer for part, answer in of_site.items() if not isinstance(answer, Failed)}
    automation = good.get("automation")
    return Facts(
        site=stack.site,
        strategy=stack.strategy,
        regions=regions,
        has_switch=bool(stack.switch),
        switched=good.get("switch"),
        dns=good.get("dns"),
        answer=good.get("answer", EMULATED),
        maintenance=good.get("maintenance", ""),
        has_automation=bool(stack.function),
        automation=automation,
        needed=automation.needed if automation else None,
        lag_objective=_data_loss(stack.objectives, "region"),
        age_objectives=_ages(stack),
        unread={part: answer.reason for part, answer in of_site.items() if isinstance(answer, Failed)},
    )


def _region(cluster: Cluster, answers: Mapping[Key, Any]) -> Region:
    mine = {part: answer for (region, part), answer in answers.items() if region == cluster.region}
    failed = {part: answer for part, answer in mine.items() if isinstance(answer, Failed)}
    if failed and len(failed) == len(mine) and not any(each.connected for each in failed.values()):
        return Region(cluster.role, cluster.region, silent=next(iter(failed.values())).reason)
    good = {part: answer for part, answer in mine.items() if part not in failed}
    ids = good.pop("zones", {})
    if "servers" in good:
        good["fleet"] = good.pop("servers")
    unread = {part: each.reason for part, each in failed.items() if part != "zones"}
    return renamed(Region(cluster.role, cluster.region, **good, unread=unread), ids)


def _data_loss(objectives: Mapping[str, Mapping[str, str]], failure: str) -> float | None:
    declared = objectives.get(failure, {})
    text = declared.get("data_loss") or declared.get("dataLoss")
    return parse_duration(text) if text else None


def _ages(stack: Stack) -> dict[str, float]:
    """Return how old recovery points may be: by objective, else by what the settings lead to at worst."""
    declared = _data_loss(stack.objectives, "corruption")
    worst = stack.recovery.get("corruption", {}).get("data_loss", {}).get("seconds")
    age = declared if declared is not None else worst
    return {"primary": float(age)} if age else {}
