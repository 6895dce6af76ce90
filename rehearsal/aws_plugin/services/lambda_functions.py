"""Lambda: functions, who may invoke them, and how asynchronous invocations are treated. They are not run here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.archive import zipped
from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Refuse, Tags, Type

FUNCTION = {"FunctionName": "{id}"}
ENVIRONMENT = {"environment.variables": "Variables"}
CONFIGURED = (
    *("deadLetterConfig", "description", "environment", "ephemeralStorage", "handler", "kmsKeyArn", "layers"),
    *("loggingConfig", "memorySize", "role", "runtime", "timeout", "tracingConfig", "vpcConfig"),
)
CLEARED = {
    "deadLetterConfig": {"targetArn": ""},
    "description": "",
    "environment": {"variables": {}},
    "kmsKeyArn": "",
    "memorySize": 128,
    "timeout": 3,
    "vpcConfig": {"securityGroupIds": [], "subnetIds": []},
}
"""Values sent for a setting that the program no longer gives, as by the real provider."""

RESERVED = "reservedConcurrentExecutions"

PUT_CONCURRENCY = Call(
    "PutFunctionConcurrency", FUNCTION, takes=(RESERVED,), when=f"{{{RESERVED} != `-1` && {RESERVED} != null}}"
)

INVOKED = {"FunctionName": "{functionName}", "Qualifier": "{qualifier}"}
PUT_INVOKE_CONFIG = Call("PutFunctionEventInvokeConfig", INVOKED)

CONDITIONS = {
    "eventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "functionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "principalOrgId": ("StringEquals", "aws:PrincipalOrgID"),
    "sourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "sourceArn": ("ArnLike", "AWS:SourceArn"),
}
"""Arguments of a permission by the conditions of its statement."""


def read_permission(context: HookContext) -> Mapping[str, Any] | None:
    """The statement of the function's policy that is the permission."""
    which = context.request({"FunctionName": "{function}", "Qualifier": "{qualifier}"})
    policy = json.loads(context.call("GetPolicy", which)["Policy"])
    found = next((each for each in policy["Statement"] if each.get("Sid") == context.id), None)
    if found is None:
        return None
    principal = found["Principal"]
    if isinstance(principal, dict):
        principal = principal.get("AWS") or principal.get("Service")
    state = {"action": found["Action"], "principal": principal, "statementId": found["Sid"]}
    conditions = found.get("Condition") or {}
    values = {name: conditions.get(test, {}).get(key) for name, (test, key) in CONDITIONS.items()}
    return state | {name: value or "" for name, value in values.items() if value or context.args.get(name)}


TYPES = [
    Type(
        "aws:lambda/function:Function",
        "lambda",
        refuse=(
            Refuse("handler", "(packageType || 'Zip') == 'Zip' && !handler", "is required of a zip file"),
            Refuse("runtime", "(packageType || 'Zip') == 'Zip' && !runtime", "is required of a zip file"),
        ),
        create=Call(
            "CreateFunction",
            rename={"name": "FunctionName", "code": As("Code.ZipFile", to=zipped), **ENVIRONMENT},
            skip=(RESERVED,),
            wait="function_active_v2",
            waits={"FunctionName": "{answer.FunctionName}"},
        ),
        id="FunctionName",
        then=(PUT_CONCURRENCY,),
        update=(
            Call(
                "UpdateFunctionConfiguration",
                FUNCTION,
                rename=ENVIRONMENT,
                takes=CONFIGURED,
                cleared=CLEARED,
                along={"kmsKeyArn": ("environment",)},
                wait="function_updated_v2",
                waits=FUNCTION,
            ),
            Call(
                "UpdateFunctionCode",
                FUNCTION,
                rename={"code": As("ZipFile", to=zipped)},
                takes=("code", "architectures", "sourceCodeHash"),
                along={"*": ("code",)},
                wait="function_updated_v2",
                waits=FUNCTION,
            ),
            PUT_CONCURRENCY,
            Call(
                "DeleteFunctionConcurrency",
                FUNCTION,
                takes=(RESERVED,),
                when=f"{{{RESERVED} == null || {RESERVED} == `-1`}}",
            ),
        ),
        read=(
            Read("GetFunctionConfiguration", FUNCTION, rename={"name": "FunctionName"}),
            Read("GetFunctionConcurrency", FUNCTION, rename={RESERVED: "ReservedConcurrentExecutions || `-1`"}),
        ),
        delete=Call("DeleteFunction", FUNCTION, when="{!skipDestroy}"),
        tags=Tags("TagResource", "UntagResource", {"Resource": "{arn}"}, read="ListTags"),
        outputs={
            "arn": "FunctionArn",
            "codeSha256": "CodeSha256",
            "lastModified": "LastModified",
            "version": "Version",
            "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
        },
        auto_name=AutoName("name", 64),
        unread=("code",),
        same={"snapStart": "!snapStart && old.snapStart.applyOn == 'None'"},
        volatile=("codeSha256", "lastModified"),
        unannounced=dict.fromkeys(("codeSha256", "lastModified"), (*CONFIGURED, RESERVED, "tags")),
        local=("skipDestroy", "sourceCodeHash"),
        required=("role",),
    ),
    Type(
        "aws:lambda/permission:Permission",
        "lambda",
        create=Call("AddPermission", rename={"function": "FunctionName"}),
        id="{statementId}",
        read=Hook(read_permission),
        delete=Call(
            "RemovePermission", {"FunctionName": "{function}", "StatementId": "{id}", "Qualifier": "{qualifier}"}
        ),
        auto_name=AutoName("statementId", 100),
    ),
    Type(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "lambda",
        create=PUT_INVOKE_CONFIG,
        id="{qualifier && join(':', [functionName, qualifier]) || functionName}",
        update=(PUT_INVOKE_CONFIG,),
        read=Read("GetFunctionEventInvokeConfig", INVOKED),
        delete=Call("DeleteFunctionEventInvokeConfig", INVOKED),
    ),
]
