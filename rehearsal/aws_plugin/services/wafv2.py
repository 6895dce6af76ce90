"""WAF: web ACLs, what they protect, and where they log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, HookContext, Read, Tags, Type

ACL = {"Name": "{name}", "Scope": "{scope}", "Id": "{id}"}

GONE = ("WAFNonexistentItemException",)


def _bodies(blocks: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {block["key"]: {"Content": block["content"], "ContentType": block["contentType"]} for block in blocks}


def _body_blocks(bodies: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"key": key, "content": b["Content"], "contentType": b["ContentType"]} for key, b in bodies.items()]


def _request_bodies(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """`apiGateway` is `API_GATEWAY` in the API's map."""
    return {
        re.sub(r"([A-Z])", r"_\1", kind).upper(): {"DefaultSizeInspectionLimit": limit["defaultSizeInspectionLimit"]}
        for block in blocks
        for kind, limit in block.items()
    }


def _request_body_blocks(bodies: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            re.sub(r"_(\w)", lambda letter: letter[1].upper(), kind.lower()): {
                "defaultSizeInspectionLimit": body["DefaultSizeInspectionLimit"]
            }
            for kind, body in bodies.items()
        }
    ]


RENAME: dict[str, str | As] = {
    "customResponseBodies": As("CustomResponseBodies", to=_bodies, back=_body_blocks),
    "associationConfig.requestBodies": As("RequestBody", to=_request_bodies, back=_request_body_blocks),
}

IN_PLACE = (
    *("defaultAction", "description", "rules", "visibilityConfig", "dataProtectionConfig", "customResponseBodies"),
    *("captchaConfig", "challengeConfig", "tokenDomains", "associationConfig", "monetizationConfig"),
)


def fresh_lock(context: HookContext) -> Mapping[str, Any]:
    """The lock token as it is now: what the state has is stale if anyone else changed the ACL."""
    token = context.call("GetWebACL", context.request(ACL))["LockToken"]
    context.state["lockToken"] = token
    return {"lockToken": token}


TYPES = [
    Type(
        "aws:wafv2/webAcl:WebAcl",
        "wafv2",
        create=Call("CreateWebACL", rename=RENAME),
        id="Summary.Id",
        update=(
            Hook(fresh_lock, takes=IN_PLACE),
            Call("UpdateWebACL", {**ACL, "LockToken": "{lockToken}"}, rename=RENAME, takes=IN_PLACE, whole=True),
        ),
        read=Read("GetWebACL", ACL, "WebACL"),
        delete=(Hook(fresh_lock), Call("DeleteWebACL", {**ACL, "LockToken": "{lockToken}"})),
        tags=Tags(
            "TagResource",
            "UntagResource",
            {"ResourceARN": "{arn}"},
            read="ListTagsForResource",
            at="TagInfoForResource.TagList",
        ),
        outputs={
            "arn": "ARN",
            "capacity": "Capacity",
            "lockToken": Read("GetWebACL", ACL, "LockToken"),
            "applicationIntegrationUrl": Read("GetWebACL", ACL, "ApplicationIntegrationURL"),
        },
        volatile=("lockToken", "capacity"),
        auto_name=AutoName(maximum=128),
        gone=GONE,
        busy=("WAFAssociatedItemException", "WAFUnavailableEntityException"),
        replace=("scope",),
    ),
    Type(
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "wafv2",
        create=Call("AssociateWebACL", {"WebACLArn": "{webAclArn}", "ResourceArn": "{resourceArn}"}),
        id="{webAclArn},{resourceArn}",
        read=Read("GetWebACLForResource", {"ResourceArn": "{resourceArn}"}, "WebACL", rename={"webAclArn": "ARN"}),
        delete=Call("DisassociateWebACL", {"ResourceArn": "{resourceArn}"}),
        gone=GONE,
    ),
    Type(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "wafv2",
        create=Call("PutLoggingConfiguration", into="LoggingConfiguration"),
        id="{resourceArn}",
        update=(Call("PutLoggingConfiguration", into="LoggingConfiguration"),),
        read=Read("GetLoggingConfiguration", {"ResourceArn": "{resourceArn}"}, "LoggingConfiguration"),
        delete=Call("DeleteLoggingConfiguration", {"ResourceArn": "{resourceArn}"}),
        gone=GONE,
    ),
]
