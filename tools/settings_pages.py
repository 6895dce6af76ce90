"""Write what users and editors read of the settings: the template in Pulumi.yaml, and Pulumi.schema.json."""

import argparse
import json
import sys
import typing
from dataclasses import Field
from pathlib import Path
from typing import Any

import yaml
from ha_web.site.model import Settings
from ha_web.site.reader import MISSING, group_of, is_required, keys_of, kinds_of, values_of

from program.settings.load import NAMESPACE

CHECKOUT = Path(__file__).resolve().parents[1]
PROJECT, SCHEMA = CHECKOUT / "Pulumi.yaml", CHECKOUT / "Pulumi.schema.json"
TEMPLATE = "\n  config:\n"
"""What the settings follow in Pulumi.yaml, to its end."""
PROVIDER = {"aws:region": {"description": "the AWS Region of the provider: the primary's"}}
PLAIN: dict[type, dict[str, Any]] = {
    bool: {"type": ["boolean", "string"], "pattern": "^([Tt]rue|[Ff]alse)$"},
    int: {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"},
    float: {"type": ["number", "string"], "pattern": "^[0-9.]+$"},
    str: {"type": ["string", "number"], "minLength": 1},
}
"""Values without parts: as YAML has them, or as the text that `pulumi config set` writes."""


def pages() -> dict[Path, str]:
    """Return each file's text as it should be."""
    head, found, _ = PROJECT.read_text().partition(TEMPLATE)
    template = yaml.dump({**PROVIDER, **reference()}, Dumper=Plain, allow_unicode=True, sort_keys=False, width=10_000)
    indented = "".join(f"    {line}" if line.strip() else line for line in template.splitlines(keepends=True))
    return {
        PROJECT: f"{head}{found}{indented}",
        SCHEMA: json.dumps(stack_schema(), indent=2, ensure_ascii=False) + "\n",
    }


class Plain(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Plain.add_representer(str, _text)


def reference() -> dict[str, dict[str, Any]]:
    """Return what `Pulumi.yaml` says of each key: its description, a line for each part of a group, the default."""
    found: dict[str, dict[str, Any]] = {}
    kinds = kinds_of(Settings)
    for key, field in keys_of(Settings).items():
        text, group = field.metadata["describe"], group_of(kinds[key])
        for part, inner in keys_of(group).items() if group else ():
            default = "" if inner.default in (None, MISSING) else f" ({_in_yaml(inner.default)})"
            text += f"\n- {part}: {inner.metadata['describe']}{default}"
        found[f"{NAMESPACE}{key}"] = {"description": text, **_default(field)}
    return found


def stack_schema() -> dict[str, Any]:
    """Return the JSON Schema of a stack file. Other namespaces' keys, such as `aws:region`, may be anything."""
    config = group_schema(Settings, NAMESPACE)
    del config["additionalProperties"]
    known = {"enum": [*config["properties"]]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack of ha-web (Pulumi.<stack>.yaml)",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {**config, "propertyNames": {"anyOf": [known, {"not": {"pattern": f"^{NAMESPACE}"}}]}},
        },
    }


def group_schema(settings: type, namespace: str = "") -> dict[str, Any]:
    """Return the schema of the keys that a settings class knows."""
    kinds, fields = kinds_of(settings), keys_of(settings)
    required = [f"{namespace}{key}" for key, field in fields.items() if is_required(field)]
    return {
        "type": "object",
        "properties": {f"{namespace}{key}": _field_schema(field, kinds[key]) for key, field in fields.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _field_schema(field: Field[Any], kind: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"description": field.metadata["describe"], **_default(field)}
    if values := values_of(field.metadata["enum"]):
        return {**about, "enum": [*values]}
    least = field.metadata["minimum"]
    return {**about, **_kind_schema(kind), **({} if least is None else {"minimum": least})}


def _kind_schema(kind: Any) -> dict[str, Any]:
    shape, group = typing.get_origin(kind) or kind, group_of(kind)
    if shape in PLAIN:
        return PLAIN[shape]
    as_text = {
        "type": ["array" if shape is list else "object", "string"],
        "pattern": r"^\[" if shape is list else r"^\{",
    }
    if group:
        return {**group_schema(group), **as_text}
    return {**as_text, "items" if shape is list else "additionalProperties": _kind_schema(typing.get_args(kind)[-1])}


def _default(field: Field[Any]) -> dict[str, Any]:
    return {} if field.default in (None, MISSING) else {"default": field.default}


def _in_yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main(arguments: list[str] | None = None) -> int:
    """Write the files; with --check only say which are stale, by exit code 1."""
    parser = argparse.ArgumentParser(prog="settings_pages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    check = parser.parse_args(arguments).check
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        if not check:
            path.write_text(text)
        print(f"{path.relative_to(CHECKOUT)} {'is stale: run make tables' if check else 'written'}")
    return int(bool(stale) and check)


if __name__ == "__main__":
    sys.exit(main())
