"""Lambda: functions, who may invoke them, and how asynchronous invocations are treated. They are not run here."""

from rehearsal.aws_plugin.calls.archive import zipped
from rehearsal.aws_plugin.entry import As, AutoName, Call, Read, Tags, Type

FUNCTION = {"FunctionName": "{id}"}
ENVIRONMENT = {"environment.variables": "Variables"}
CONFIGURED = (
    *("deadLetterConfig", "description", "environment", "ephemeralStorage", "handler", "kmsKeyArn", "layers"),
    *("loggingConfig", "memorySize", "role", "runtime", "timeout", "tracingConfig"),
)
RESERVED = "reservedConcurrentExecutions"

PUT_INVOKE_CONFIG = Call("PutFunctionEventInvokeConfig", {"FunctionName": "{functionName}"}, takes=None)

TYPES = [
    Type(
        "aws:lambda/function:Function",
        "lambda",
        create=Call(
            "CreateFunction",
            rename={"name": "FunctionName", "code": As("Code.ZipFile", to=zipped), **ENVIRONMENT},
            skip=(RESERVED,),
        ),
        id="FunctionName",
        then=(
            Call(
                "PutFunctionConcurrency",
                FUNCTION,
                takes=(RESERVED,),
                when=f"{{{RESERVED} != `-1` && {RESERVED} != null}}",
            ),
        ),
        update=(
            Call(
                "UpdateFunctionCode",
                FUNCTION,
                rename={"code": As("ZipFile", to=zipped)},
                takes=("code", "architectures"),
                along={"*": ("code",)},
            ),
            Call("UpdateFunctionConfiguration", FUNCTION, rename=ENVIRONMENT, takes=CONFIGURED),
            Call("DeleteFunctionConcurrency", FUNCTION, takes=(RESERVED,), when=f"{{{RESERVED} == null}}"),
        ),
        read=(
            Read("GetFunctionConfiguration", FUNCTION, rename={"name": "FunctionName"}),
            Read("GetFunctionConcurrency", FUNCTION),
        ),
        delete=Call("DeleteFunction", FUNCTION),
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
        volatile=("codeSha256", "lastModified"),
        local=("skipDestroy", "sourceCodeHash"),
        required=("role",),
    ),
    Type(
        "aws:lambda/permission:Permission",
        "lambda",
        create=Call("AddPermission", rename={"function": "FunctionName"}),
        id="{statementId}",
        read=Read(
            "GetPolicy",
            {"FunctionName": "{function}"},
            # a text with the statements, in which the one is looked for by its id
            "contains(Policy, '\"{id}\"') && @ || `null`",
        ),
        delete=Call("RemovePermission", {"FunctionName": "{function}", "StatementId": "{id}"}),
        auto_name=AutoName("statementId", 100),
    ),
    Type(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "lambda",
        create=PUT_INVOKE_CONFIG,
        id="{functionName}",
        update=(PUT_INVOKE_CONFIG,),
        read=Read("GetFunctionEventInvokeConfig", {"FunctionName": "{functionName}"}),
        delete=Call("DeleteFunctionEventInvokeConfig", {"FunctionName": "{functionName}"}),
    ),
]
