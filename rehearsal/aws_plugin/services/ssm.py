"""Systems Manager: parameters."""

from typing import Any

from rehearsal.aws_plugin.entry import Call, Function, Read, Refuse, Tags, Type

NAME = {"Name": "{id}"}
PLAIN = "[@][?Type!='SecureString'] | [0].Value"
"""Only a parameter that isn't encrypted shows its value in the output that isn't secret."""


def is_downgrade(old: Any, new: Any) -> bool:
    """Whether an advanced parameter is to be a standard one, which Systems Manager refuses."""
    return bool(old == "Advanced" and new == "Standard")


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
]
