"""A shell that knows what runbooks use of one: variables, `VAR=$(…)`, a pipe into `jq -r`, and the AWS CLI.

The AWS CLI is botocore here, by the CLI's own rules for the names of parameters: the tests need no other program.
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters.html
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore import xform_name
from botocore.validate import ParamValidator

from rehearsal.api_limits import excesses

VARIABLE = re.compile(r"\$(\w+)")
ASSIGNED = re.compile(r"(\w+)=\$\((.*)\)", re.S)
PICKED = re.compile(r"(.*) \| jq -r \.(\w+)", re.S)
FED = re.compile(r"echo (\w+) \| (.*)", re.S)
OURS = ("region", "query", "output")
"""Options of the CLI itself; so are those that begin with `cli-`."""

INTO_A_FILE = ("lambda", "invoke")
"""Operations whose last word is a file for the answer.
https://docs.aws.amazon.com/cli/latest/reference/lambda/invoke.html"""


@dataclass
class Shell:
    """Runs lines with variables; `client` makes a client of AWS: service, Region."""

    client: Callable[[str, str], Any]
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, line: str, fed: str = "") -> str:
        """Return what a line prints."""
        if match := ASSIGNED.fullmatch(line):
            self.variables[match[1]] = self.run(match[2]).strip()
            return ""
        if match := PICKED.fullmatch(line):
            return str(json.loads(self.run(match[1]))[match[2]])
        if match := FED.fullmatch(line):
            return self.run(match[2], match[1])
        program, *words = self.words(line)
        assert program == "aws", line
        return self._storage(words, fed) if words[0] == "s3" else self._aws(words)

    def words(self, line: str) -> list[str]:
        """The words of a line, with the variables' values."""
        return [self.expanded(word) for word in shlex.split(line)]

    def expanded(self, word: str) -> str:
        """A word with its variables' values. Raises KeyError for an unknown one."""
        return VARIABLE.sub(lambda match: self.variables[match[1]], word)

    def _storage(self, words: list[str], fed: str) -> str:
        """`aws s3 rm` of an object, `aws s3 cp` of standard input into one, or of one to standard output."""
        [place] = [word for word in words if word.startswith("s3://")]
        bucket, _, key = place.removeprefix("s3://").partition("/")
        client = self.client("s3", words[words.index("--region") + 1])
        if words[1] == "rm":
            client.delete_object(Bucket=bucket, Key=key)
        elif words[-1] == "-":
            return str(client.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        else:
            client.put_object(Bucket=bucket, Key=key, Body=fed.encode())
        return ""

    def _aws(self, words: list[str]) -> str:
        service, operation, *rest = words
        given = options(rest)
        client = self.client(service, given["region"][0])
        method = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        answer = getattr(client, method)(**parameters(shape, given))
        answer.pop("ResponseMetadata", None)
        found = jmespath.search(given["query"][0], answer) if "query" in given else answer
        if given.get("output") == ["text"]:
            return "\n".join("\t".join(map(str, row)) if isinstance(row, list) else str(row) for row in _rows(found))
        return json.dumps(found, default=str)


def _rows(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def options(words: list[str]) -> dict[str, list[str]]:
    """The options of a command, each with the words behind it."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            found[word.removeprefix("--")] = current = []
        else:
            current.append(word)
    return found


def parameters(shape: Any, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The parameters of an operation that options mean. Raises KeyError for an option that it doesn't have."""
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}
    found = {}
    for option, words in given.items():
        if option in OURS or option.startswith("cli-"):
            continue
        denied = option.startswith("no-") and option not in members
        name, member = members[option.removeprefix("no-") if denied else option]
        found[name] = False if denied else _parameter(member, words)
    return found


def _parameter(member: Any, words: list[str]) -> Any:
    if member.type_name == "boolean":
        return True
    if member.type_name == "list":
        return [_shorthand(word) if member.member.type_name == "structure" else word for word in words]
    [word] = words
    return int(word) if member.type_name in ("integer", "long") else word


def _shorthand(word: str) -> dict[str, Any]:
    """`Key=tag-key,Values=a` as the CLI reads it, where `Values` is a list."""
    pairs = dict(pair.split("=", 1) for pair in word.split(","))
    return {key: [value] if key == "Values" else value for key, value in pairs.items()}


def refused(client: Any, line: str, variables: Mapping[str, str]) -> list[str]:
    """Why AWS would refuse a line's request, by its model of the operation; nobody is asked."""
    program, service, operation, *words = Shell(lambda *_: client, dict(variables)).words(line)
    assert program == "aws", line
    if (service, operation) == INTO_A_FILE:
        words.pop()
    shape = client.meta.service_model.operation_model(
        client.meta.method_to_api_mapping[operation.replace("-", "_")]
    ).input_shape
    request = parameters(shape, options(words))
    report = ParamValidator().validate(request, shape)
    return [
        *(report.generate_report().splitlines() if report.has_errors() else []),
        *(f"{each.path} is {each.value}; it must {each.must}" for each in excesses(request, shape)),
    ]
