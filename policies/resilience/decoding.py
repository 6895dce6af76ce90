"""Decode each resource once: pulumi_policy decodes it anew for each policy, with so many most of a pack's time.

It offers no other way in, so three functions that its analyzer calls are wrapped: pure ones, whose results the rules
only read. Where a later version has none of these names, it just decodes as often as it likes.
"""

from collections import OrderedDict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from google.protobuf import json_format
from pulumi_policy import policy as analyzer

KEPT = 5_000
"""Resources whose properties are kept: the engine asks for one after the other, then for the whole stack at once."""


class Once:
    """A function of one object, and switches, that remembers what it made of the latest ones."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.made: OrderedDict[tuple[int, tuple[bool, ...]], tuple[Any, Any]] = OrderedDict()

    def __call__(self, given: Any, *switches: bool) -> Any:
        """The result for this very object, which is kept with it: so no other object can have its identity."""
        key = (id(given), switches)
        if key not in self.made:
            self.made[key] = (given, self.function(given, *switches))
            if len(self.made) > KEPT:
                self.made.popitem(last=False)
        return self.made[key][1]


def decode_once() -> None:
    """Have pulumi_policy's analyzer decode the properties of a resource once for all policies."""
    for name in ("deserialize_properties", "unknown_checking_proxy"):
        if hasattr(analyzer, name):
            setattr(analyzer, name, Once(getattr(analyzer, name)))
    if hasattr(analyzer, "json_format"):
        analyzer.json_format = SimpleNamespace(MessageToDict=Once(json_format.MessageToDict))
