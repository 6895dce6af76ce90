"""Systems Manager: parameters."""

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import Call, Function, Hook, HookContext, Read, Refuse, Tags, Type

NAME = {"Name": "{id}"}
PLAIN = "[@][?Type!='SecureString'] | [0].Value"
"""Only a parameter that isn't encrypted shows its value in the output that isn't secret."""


def is_downgrade(old: Any, new: Any) -> bool:
    """Whether an advanced parameter is to be a standard one, which Systems Manager refuses."""
    return bool(old == "Advanced" and new == "Standard")


def by_path(context: HookContext) -> Mapping[str, Any]:
    """All parameters under a path, as lists side by side; none is an answer, too."""
    args = context.args
    request = {
        "Path": args["path"],
        "Recursive": bool(args.get("recursive")),
        "WithDecryption": args.get("withDecryption") is not False,
    }
    found: list[dict[str, Any]] = []
    while True:
        answer = context.call("GetParametersByPath", request)
        found += answer["Parameters"]
        if not answer.get("NextToken"):
            break
        request["NextToken"] = answer["NextToken"]
    columns = {"arns": "ARN", "names": "Name", "types": "Type", "values": "Value"}
    return {"id": args["path"], **{name: [each[key] for each in found] for name, key in columns.items()}}


TYPES = [
    Type(
        "aws:ssm/parameter:Parameter",
        "ssm",
        refuse=(Refuse("insecureValue", "type == 'SecureString' && insecureValue", "not of a SecureString"),),
        create=Call("PutParameter", rename={"insecureValue": "Value"}),
        update=(
            Call(
                "PutParameter",
                {**NAME, "Overwrite": "{overwrite != `false`}"},
                rename={"insecureValue": "Value"},
                skip=("dataType",),
                cleared={"description": ""},
            ),
        ),
        id="{name}",
        read=(
            Read("GetParameter", {**NAME, "WithDecryption": True}, "Parameter", rename={"insecureValue": PLAIN}),
            Read("DescribeParameters", {"ParameterFilters": [{"Key": "Name", "Values": ["{id}"]}]}, "Parameters[0]"),
        ),
        delete=Call("DeleteParameter", NAME),
        tags=Tags(
            "AddTagsToResource",
            "RemoveTagsFromResource",
            {"ResourceType": "Parameter", "ResourceId": "{id}"},
            read="ListTagsForResource",
        ),
        auto_name="name",
        local=("overwrite",),
        replace_if={"tier": is_downgrade},
        same={"tier": "old.tier && tier == 'Intelligent-Tiering'"},
        volatile=("version",),
        unannounced={"version": ("allowedPattern", "keyId", "overwrite", "tags", "tier", "type")},
    ),
]

FUNCTIONS = [
    Function(
        "aws:ssm/getParameter:getParameter",
        "ssm",
        Read("GetParameter", {"WithDecryption": "{withDecryption == `null` || withDecryption}"}, "Parameter"),
        id="{name}",
        outputs={"insecureValue": PLAIN},
    ),
    Function(
        "aws:ssm/getParametersByPath:getParametersByPath", "ssm", Hook(by_path, ("path", "recursive", "withDecryption"))
    ),
]
