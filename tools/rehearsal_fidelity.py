"""Writes docs/rehearsal-fidelity.md: what the rehearsal follows of the real provider, type by type."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.aws_plugin.behaviour import HELD_IN_ENTRIES, LEFT_TO_THE_PROVIDER, NOT_FOLLOWED, READ
from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.consumption import consumed, updatable
from rehearsal.aws_plugin.provider.recorded import recorded
from rehearsal.plugin import sdk

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rehearsal-fidelity.md"


def stricter(token: str) -> list[str]:
    """Return the arguments for which the rehearsal replaces and the real provider updates in place.

    What is only written is no difference by itself; what the entry names is replaced in the provider's own code.
    """
    entry, facts = registry.type_of(token), provider_rules.of(token).arguments
    sendable = (consumed(entry) & set(sdk.resource(token).arguments)) - {"region", "tags"}
    naming = entry.naming.argument if entry.naming else ""
    left = sendable - updatable(entry) - {naming, *entry.replace, *provider_rules.of(token).newer}
    return sorted(name for name in left if name not in facts or not (facts[name].force_new or facts[name].write_only))


def unread() -> list[str]:
    """Return the types of whose behaviour nothing was read yet."""
    return sorted(set(registry.types()) - READ.keys())


def unchecked(token: str) -> list[str]:
    """Return the checks of the provider's schema that nothing here makes, of arguments that are not refused anyhow."""
    entry, held = registry.type_of(token), HELD_IN_ENTRIES.get(token, ())
    return [
        each
        for each in provider_rules.of(token).not_held
        if each not in held and model.same_name(consumed(entry), each.split(":")[0].split(".")[0])
    ]


def _short(token: str) -> str:
    return token.removeprefix("aws:").split("/")[0] + "." + token.rpartition(":")[2]


def _types() -> Iterator[str]:
    yield "| Type | Rules | Behaviour read | Replaces here, updated in place there | Not followed |"
    yield "|---|---|---|---|---|"
    calls = {each.token: each.operations for each in recorded(registry.types())}
    for token in sorted(registry.types()):
        rules = provider_rules.of(token)
        held = sum(bool(fact.limits) + bool(fact.each) + fact.required for fact in rules.arguments.values())
        notes = [NOT_FOLLOWED[token]] if token in NOT_FOLLOWED else []
        left = unchecked(token)
        notes += [f"not checked: {', '.join(f'`{each}`' for each in left)}"] if left else []
        notes += [f"newer than the data: {', '.join(rules.newer)}"] if rules.newer else []
        notes += [f"validated, not executed: {', '.join(calls[token])}"] if token in calls else []
        read = ", ".join(READ.get(token, ())) or "no"
        yield f"| {_short(token)} | {held} | {read} | {', '.join(stricter(token))} | {'; '.join(notes)} |"


def _defaults() -> Iterator[str]:
    yield "| Type | Argument | Default | Why it is right |"
    yield "|---|---|---|---|"
    for token, arguments in sorted(LEFT_TO_THE_PROVIDER.items()):
        facts = provider_rules.of(token).arguments
        for name, why in sorted(arguments.items()):
            yield f"| {_short(token)} | {name} | `{facts[name].default}` | {why} |"


def page() -> str:
    """Return the page as it should be."""
    types = sorted(registry.types())
    facts = [fact for token in types for fact in provider_rules.of(token).arguments.values()]
    limited = sum(bool(fact.limits or fact.each) for fact in facts)
    forced = sum(fact.force_new for fact in facts)
    left = sum(len(unchecked(token)) for token in types)
    behaviour = f"read for {len(READ)} of {len(types)} types" if unread() else f"read for all {len(types)} types"
    lacking = f" For {len(unread())} it wasn't: there the entry follows AWS's API and not the provider."
    lines = [
        "# What the rehearsal follows of the real provider",
        "",
        f"Written by `make tables` from `rehearsal/aws_plugin/`. The provider is {provider_rules.provider_version()}, "
        f"the SDK pulumi-aws {provider_rules.sdk_version()}, which is a little newer.",
        "",
        f"- **Schema:** read for all {len(types)} types: {len(facts):,} arguments with a rule; {limited} limit their "
        f"values, {forced} replace. {left} {'check' if left == 1 else 'checks'} of the schema's "
        f"{'is' if left == 1 else 'are'} not made here.",
        "- **At preview** the rehearsal refuses what the schema refuses: missing, conflicting and lacking arguments, "
        "lengths, patterns, ranges, enums. It refuses what the provider's code refuses of a plan, and some of what "
        "that refuses only later, or leaves out without a word.",
        "- **State is what AWS answers:** after a creation or an update a resource is read, so what AWS changes by "
        "itself differs at the second `up`. So does what somebody set that the program doesn't give, unless AWS "
        "decides it or it is the provider's default. An argument that no answer has is kept as given, and its drift "
        "isn't seen: the provider doesn't read it either, or an emulator leaves it out. Where an answer would mislead, "
        "the entry has the argument as `unread`.",
        "- **Updates** send what changed, and what the provider sends with it. A write-only argument by itself is no "
        "change.",
        f"- **Behaviour** (what the provider does in code) was {behaviour}, in the parts that the table names."
        f"{lacking if unread() else ''}",
        "",
        "## Types",
        "",
        "`Rules`: arguments with limits, lists with limits of their members, and required ones.",
        "",
        *_types(),
        "",
        "## Defaults that reach AWS from production",
        "",
        "Arguments that the program doesn't give and that the provider sends as its own default.",
        "",
        *_defaults(),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; with --check only say that it is stale, by exit code 1."""
    stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
    if stale and "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    if stale:
        print(f"docs/{PAGE.name} {'is stale: run make tables' if '--check' in sys.argv else 'written'}")
    return int(stale and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
