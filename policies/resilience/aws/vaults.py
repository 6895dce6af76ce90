"""The vaults that a rule of a backup plan writes to and copies to, and the retention that their locks allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resilience.aws.parts import parts
from resilience.aws.types import AIR_GAPPED_VAULT, BACKUP_VAULT, VAULT_LOCK
from resilience.known import is_known
from resilience.resource import Resource, Stack

VAULTS = (BACKUP_VAULT, AIR_GAPPED_VAULT)


@dataclass(frozen=True)
class Limits:
    """Days of retention that a vault allows; None where it sets no limit."""

    least: int | None = None
    most: int | None = None

    def problem(self, days: int | None) -> str | None:
        """The problem with a retention, if there is one; None for days is forever."""
        if self.least is not None and days is not None and days < self.least:
            return f"the vault's lock requires at least {self.least} days"
        if self.most is not None and (days is None or days > self.most):
            return f"the vault's lock allows at most {self.most} days"
        return None


def rules_of(plan: Resource) -> list[str]:
    """The paths of a plan's rules."""
    return [f"rules.{number}" for number in range(plan.count("rules"))]


def copies_of(plan: Resource, rule: str) -> list[str]:
    """The paths of a rule's copies."""
    return [f"{rule}.copyActions.{number}" for number in range(plan.count(f"{rule}.copyActions"))]


def retention(plan: Resource, path: str) -> int | None:
    """Days after which a rule or a copy deletes; None for never."""
    days = plan.get(f"{path}.lifecycle.deleteAfter")
    return int(days) if days else None


def targets(plan: Resource, rule: str, stack: Stack) -> list[Resource]:
    """The vaults of the stack that a rule may fill: one as soon as its name is known."""
    path = f"{rule}.targetVaultName"
    vaults = stack.of_type(BACKUP_VAULT) if is_known(plan, path) else plan.linked(BACKUP_VAULT, "rules")
    return _named(plan, path, [each for each in vaults if each.region == plan.region], "name")


def destinations(plan: Resource, copy: str, stack: Stack) -> list[Resource]:
    """The vaults of the stack that may get a copy: one as soon as its ARN is known."""
    path = f"{copy}.destinationVaultArn"
    vaults = stack.of_type(*VAULTS) if is_known(plan, path) else _linked(plan)
    return _named(plan, path, vaults, "arn")


def _linked(plan: Resource) -> list[Resource]:
    return [each for type_ in VAULTS for each in plan.linked(type_, "rules")]


def _named(plan: Resource, path: str, vaults: Sequence[Resource], name: str) -> list[Resource]:
    if not is_known(plan, path):
        return list(vaults)
    value = plan.get(path)
    return [each for each in vaults if is_known(each, name) and each.get(name) == value][:1]


def limits(vault: Resource, stack: Stack) -> Limits:
    """The retention that the vault allows: any, unless it is locked or air-gapped."""
    locks = [vault] if vault.type == AIR_GAPPED_VAULT else locks_of(vault, stack)
    for lock in locks:
        return Limits(lock.get("minRetentionDays"), lock.get("maxRetentionDays"))
    return Limits()


def locks_of(vault: Resource, stack: Stack) -> list[Resource]:
    """The vault's lock, if the stack has one."""
    return of_vault(vault, stack, VAULT_LOCK)


def of_vault(vault: Resource, stack: Stack, type_: str) -> list[Resource]:
    """The resources of a type that name the vault. A name is one region's: the same one elsewhere is another vault."""
    return [each for each in parts(stack, vault, (type_,), "backupVaultName", "name") if each.region == vault.region]


def regions_of_copies(plan: Resource, rule: str) -> Iterator[str | None]:
    """The regions that a rule's copies go to, by their ARNs; where those aren't known, by the plan's vaults.

    Raises:
        UnknownValueError: neither tells.
    """
    for copy in copies_of(plan, rule):
        path = f"{copy}.destinationVaultArn"
        vaults = _linked(plan)
        if vaults and not is_known(plan, path):
            yield from (each.region for each in vaults)
        else:
            arn = plan.get(path, "").split(":")
            yield arn[3] if len(arn) > 3 else plan.region  # arn:partition:service:region:...
