"""Resources put up by the emulated plugin without the engine: what it would ask for, in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.provider.lifecycle import Lifecycle
from rehearsal.emulator.process import Emulator
from rehearsal.plugin.difference import Difference
from tests.conftest import REGION

IGNORED = {"aws:rds/cluster:Cluster": ("globalClusterIdentifier", "replicationSourceIdentifier")}
"""Arguments whose changes a program ignores, as the components do: AWS moves them in a failover."""


@cache
def clients_of(emulator: Emulator) -> Clients:
    """The plugin's clients, made once a process as by the plugin itself."""
    return Clients(emulator.endpoint, emulator.key, REGION)


@dataclass
class Resource:
    """A resource of the program: its former inputs, id and state, as the engine would keep them."""

    lifecycle: Lifecycle
    token: str
    name: str
    inputs: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    def checked(self, args: dict[str, Any]) -> dict[str, Any]:
        """The arguments with the provider's own; a test fails if they are refused."""
        inputs, failures = self.lifecycle.check(self.token, self.name, args, self.inputs, b"seed")
        assert failures == []
        return inputs

    def refusals(self, args: dict[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with arguments."""
        return self.lifecycle.check(self.token, self.name, args, self.inputs, b"seed")[1]

    def create(self, args: dict[str, Any]) -> Resource:
        """Put it up."""
        self.inputs = self.checked(args)
        self.lifecycle.create(self.token, self.name, self.inputs, preview=True)
        self.id, self.state = self.lifecycle.create(self.token, self.name, self.inputs, preview=False)
        return self

    def difference(self, args: dict[str, Any]) -> Difference:
        """What an update to these arguments would do."""
        return self.lifecycle.diff(self.token, self.inputs, self._olds(), self.checked(args))

    def _olds(self) -> dict[str, Any]:
        """The state as the engine sends it: without what the program ignores."""
        return {name: value for name, value in self.state.items() if name not in IGNORED.get(self.token, ())}

    def changes(self, **changed: Any) -> dict[str, str]:
        """Paths that an update of some arguments would change, and how; None removes one."""
        return self.difference(self._with(changed)).inputs

    def _with(self, changed: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in self.inputs.items() if name != "__defaults"}
        for name in self.inputs.get("__defaults", []):
            given.pop(name)
        return {name: value for name, value in {**given, **changed}.items() if value is not None}

    def update(self, **changed: Any) -> dict[str, str]:
        """Change some arguments in place; the paths that differed."""
        news = self.checked(self._with(changed))
        found = self.lifecycle.diff(self.token, self.inputs, self._olds(), news)
        assert not found.replaces, found.replaces
        given = (self.token, self.name, self.id, self.inputs, self._olds(), news)
        self.lifecycle.update(*given, preview=True)
        self.state = self.lifecycle.update(*given, preview=False)
        self.inputs = news
        return found.inputs

    def read(self) -> dict[str, str] | None:
        """What drifted: paths by which AWS differs from the program; None if it's gone."""
        found = self.lifecycle.read(self.token, self.name, self.id, self.inputs, self.state)
        if found is None:
            return None
        inputs, state = found
        kept = {name: value for name, value in self.state.items() if name in self.inputs}
        self.state = {**state, **kept}
        return self.lifecycle.diff(self.token, inputs, state, self.inputs).inputs

    def delete(self) -> None:
        """Take it down."""
        self.lifecycle.delete(self.token, self.name, self.id, self.inputs, self.state)

    def gone(self) -> bool:
        """Whether AWS doesn't have it any more."""
        return self.lifecycle.read(self.token, self.name, self.id, self.inputs, self.state) is None

    def settled(self) -> bool:
        """Whether a second `up`, with and without a refresh, would change nothing."""
        again = self.difference(self._with({}))
        return (again.inputs, again.outputs, self.read()) == ({}, {}, {})


@dataclass
class Program:
    """Makes resources of one region."""

    emulator: Emulator
    default_tags: dict[str, str] = field(default_factory=dict)

    def resource(self, token: str, name: str = "it") -> Resource:
        """One that isn't put up yet."""
        return Resource(Lifecycle(clients_of(self.emulator), REGION, self.default_tags), token, name)

    def up(self, token: str, name: str = "it", /, **args: Any) -> Resource:
        """One that is put up; `changes` of it start from here."""
        return self.resource(token, name).create(args)
