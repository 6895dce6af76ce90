"""Systems Manager: parameters."""

from rehearsal.aws_plugin.entry import Call, Function, Read, Tags, Type

NAME = {"Name": "{id}"}
PLAIN = "[@][?Type!='SecureString'] | [0].Value"
"""Only a parameter that isn't encrypted shows its value in the output that isn't secret."""

TYPES = [
    Type(
        "aws:ssm/parameter:Parameter",
        "ssm",
        create=Call("PutParameter", rename={"insecureValue": "Value"}),
        update=(
            Call(
                "PutParameter",
                {**NAME, "Overwrite": True},
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
        volatile=("version",),
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
