"""Every entry of the emulated plugin is held against the SDK's class and botocore's models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.consumption import consumed
from rehearsal.aws_plugin.calls.encode import as_renamed
from rehearsal.aws_plugin.entry import Attributes, Call, Function, Hook, Members, Read, Tags, Type
from rehearsal.plugin import sdk

TYPES = sorted(registry.types())
FUNCTIONS = sorted(registry.functions())


def steps_of(entry: Type) -> list[Any]:
    return [entry.create, *entry.then, *entry.update, *entry.deletes]


def calls_of(entry: Type) -> Iterator[Call]:
    for step in steps_of(entry):
        if isinstance(step, Members):
            yield from (step.add, step.remove)
        elif isinstance(step, Call):
            yield step


def operations_of(entry: Type | Function) -> Iterator[tuple[str, str]]:
    """Service and name of every operation that an entry names."""
    steps: list[Any] = [entry.read] if isinstance(entry, Function) else [*steps_of(entry), *entry.reads]
    for step in [*steps, *entry.outputs.values()]:
        for each in [step.add, step.remove] if isinstance(step, Members) else [step]:
            if isinstance(each, (Call, Read, Attributes)):
                yield each.service or entry.service, each.operation
    tags = entry.tags if isinstance(entry, Type) else None
    if tags:
        yield from ((tags.service or entry.service, name) for name in (tags.add, tags.remove, tags.read) if name)


def arguments_named_by(entry: Type) -> set[str]:
    """Arguments that an entry names outside of templates."""
    found = {*entry.unwatched, *entry.same}
    found |= {*entry.local, *entry.ordered, *entry.unread, *entry.watched, *entry.computed, *entry.required}
    found |= {*entry.replace_when, *entry.unsent, *(name for names in entry.unannounced.values() for name in names)}
    found |= {*entry.replace_if, *entry.same, *(path.split(".")[0] for path in entry.default)}
    found |= {path.split(".")[0] for path in entry.replace}
    found |= {entry.naming.argument} if entry.naming else set()
    for step in steps_of(entry):
        if isinstance(step, Call):
            found |= {*(step.takes or ()), *step.skip, *step.cleared, *step.nonzero}
            found |= {path.split(".")[0] for path in step.rename}
        elif isinstance(step, Attributes):
            found |= {path.split(".")[0] for path in [*step.keys, *step.cleared]}
        elif isinstance(step, Members):
            found.add(step.argument)
        elif isinstance(step, Hook):
            found |= set(step.takes)
    return found


@pytest.mark.parametrize("token", TYPES)
def test_an_entry_names_only_arguments_and_outputs_that_the_sdk_has(token: str) -> None:
    entry, cls = registry.type_of(token), sdk.resource(token)
    assert arguments_named_by(entry) - set(cls.arguments) == set()
    assert {*entry.outputs, *entry.volatile} - set(cls.outputs) == set()
    assert entry.unannounced.keys() - set(entry.volatile) == set()


@pytest.mark.parametrize("token", [*TYPES, *FUNCTIONS])
def test_an_entry_names_only_operations_that_aws_has(token: str) -> None:
    entry = registry.types().get(token) or registry.function_of(token)
    for service, name in operations_of(entry):
        assert model.operation(service, name).name == name


@pytest.mark.parametrize("token", TYPES)
def test_constants_and_renames_lead_to_members_of_the_request(token: str) -> None:
    entry = registry.type_of(token)
    for call in calls_of(entry):
        shape = model.input_shape(call.service or entry.service, call.operation)
        members = set(shape.members) if shape is not None else set()
        assert set(call.params) - members == set(), call.operation
        if call.into:
            assert model.shape_at(shape, call.into).type_name == "structure"
        for path, to in call.rename.items():
            target = as_renamed(to).path
            if "." not in path or target.startswith("/"):
                assert model.shape_at(shape, target.removeprefix("/")) is not None, (call.operation, path)


@pytest.mark.parametrize("token", TYPES)
def test_every_required_argument_is_told_to_aws(token: str) -> None:
    entry, cls = registry.type_of(token), sdk.resource(token)
    assert {*cls.required, *entry.required} - consumed(entry) == set()


@pytest.mark.parametrize("token", TYPES)
def test_tags_of_a_taggable_type_are_managed(token: str) -> None:
    entry, cls = registry.type_of(token), sdk.resource(token)
    if "tagsAll" in cls.outputs:
        assert isinstance(entry.tags, Tags)


@pytest.mark.parametrize("token", TYPES)
def test_a_type_can_be_read_unless_its_creation_is_only_recorded(token: str) -> None:
    entry = registry.type_of(token)
    only_recorded = isinstance(entry.create, Call) and entry.create.recorded
    assert entry.reads or only_recorded


@pytest.mark.parametrize("token", FUNCTIONS)
def test_a_function_names_only_what_the_sdk_has(token: str) -> None:
    entry, cls = registry.function_of(token), sdk.function(token)
    takes = {*entry.takes, *(entry.read.takes if isinstance(entry.read, Hook) else ()), *entry.rename}
    assert takes - set(cls.arguments) == set()
    assert set(entry.outputs) - set(cls.outputs) == set()


@pytest.mark.parametrize("token", TYPES)
def test_what_an_entry_refuses_is_said_of_arguments_that_the_sdk_has(token: str) -> None:
    for refuse in registry.type_of(token).refuse:
        assert refuse.argument in sdk.resource(token).arguments
        assert refuse.names & set(sdk.resource(token).arguments), refuse.when
