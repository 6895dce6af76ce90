"""A package schema of some `aws` types, of the installed SDK's classes: Pulumi YAML asks a plugin for it."""

import json
from collections.abc import Iterable
from typing import Any

from rehearsal.plugin import sdk

ANY = {"$ref": "pulumi.json#/Any"}


def schema_of(tokens: Iterable[str]) -> str:
    """The schema, as JSON; any value may be given to a property, for the plugin checks what it gets."""
    return json.dumps(
        {
            "name": "aws",
            "version": sdk.version("aws"),
            "resources": {token: _resource(sdk.resource(token)) for token in tokens},
        }
    )


def _resource(known: sdk.Class) -> dict[str, Any]:
    return {
        "inputProperties": dict.fromkeys(known.arguments, ANY),
        "requiredInputs": sorted(known.required),
        "properties": dict.fromkeys(known.arguments | known.outputs, ANY),
    }
