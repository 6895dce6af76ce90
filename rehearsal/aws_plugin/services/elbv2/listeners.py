"""Elastic Load Balancing v2: listeners, their rules and further certificates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import As, Attributes, Call, Read, Refuse, Type
from rehearsal.aws_plugin.services.elbv2.balancers import TAGS

ACTION = {
    "authenticateCognito": "AuthenticateCognitoConfig",
    "authenticateOidc": "AuthenticateOidcConfig",
    "fixedResponse": "FixedResponseConfig",
    "forward": "ForwardConfig",
    "forward.stickiness": "TargetGroupStickinessConfig",
    "forward.stickiness.duration": "DurationSeconds",
    "forward.targetGroups.arn": "TargetGroupArn",
    "jwtValidation": "JwtValidationConfig",
    "redirect": "RedirectConfig",
}


def actions(argument: str) -> dict[str, str | As]:
    """The renames inside the actions that an argument lists."""
    return {f"{argument}.{path}": target for path, target in ACTION.items()}


BLOCK_OF = {
    "authenticate-cognito": "authenticateCognito",
    "authenticate-oidc": "authenticateOidc",
    "fixed-response": "fixedResponse",
    "jwt-validation": "jwtValidation",
    "redirect": "redirect",
}


def refused_actions(argument: str) -> tuple[Refuse, ...]:
    """What the provider refuses of the actions that an argument lists: one without the block of its type."""
    return (
        *(
            Refuse(argument, f"length({argument}[?type=='{kind}' && !{block}] || `[]`) > `0`", f"{kind} needs {block}")
            for kind, block in BLOCK_OF.items()
        ),
        Refuse(
            argument,
            f"length({argument}[?type=='forward' && !targetGroupArn && !forward] || `[]`) > `0`",
            "forward needs targetGroupArn or forward",
        ),
    )


def header_keys(*headers: str) -> dict[str, str | As]:
    """`routingHttp...` arguments by the keys of the attributes that they set."""
    keys: dict[str, str | As] = {}
    for header in headers:
        camel = re.sub(r"[._](\w)", lambda letter: letter[1].upper(), f"routing.http.{header}")
        keys[camel] = f"routing.http.{header}"
    return keys


MTLS = "request.x_amzn_mtls_clientcert"

ATTRIBUTES: dict[str, str | As] = {
    "tcpIdleTimeoutSeconds": "tcp.idle_timeout.seconds",
    **header_keys(
        f"{MTLS}.header_name",
        *(f"{MTLS}_{part}.header_name" for part in ("issuer", "leaf", "serial_number", "subject", "validity")),
        "request.x_amzn_tls_cipher_suite.header_name",
        "request.x_amzn_tls_version.header_name",
        *(
            f"response.access_control_{part}.header_value"
            for part in (
                "allow_credentials",
                "allow_headers",
                "allow_methods",
                "allow_origin",
                "expose_headers",
                "max_age",
            )
        ),
        "response.content_security_policy.header_value",
        "response.server.enabled",
        "response.strict_transport_security.header_value",
        "response.x_content_type_options.header_value",
        "response.x_frame_options.header_value",
    ),
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html"""

CLEARED: dict[str, Any] = {
    **dict.fromkeys(ATTRIBUTES, ""),
    "tcpIdleTimeoutSeconds": 350,
    "routingHttpResponseServerEnabled": True,
}
"""Values sent for an attribute that the program no longer gives: AWS's own defaults, as documented there."""

MUTUAL = (
    Refuse(
        "mutualAuthentication",
        "mutualAuthentication.mode == 'verify' && !(mutualAuthentication.trustStoreArn)",
        "verify needs trustStoreArn",
    ),
    *(
        Refuse(
            "mutualAuthentication",
            f"mutualAuthentication && mutualAuthentication.mode != 'verify' && mutualAuthentication.{name} != `null`",
            f"{name} is only of verify",
        )
        for name in ("advertiseTrustStoreCaNames", "ignoreClientCertificateExpiry", "trustStoreArn")
    ),
)

LISTENER: dict[str, str | As] = {
    **actions("defaultActions"),
    "certificateArn": "Certificates[0].CertificateArn",
    "alpnPolicy": "AlpnPolicy[0]",
}

FIELDS = {
    "hostHeader": "host-header",
    "httpHeader": "http-header",
    "httpRequestMethod": "http-request-method",
    "pathPattern": "path-pattern",
    "queryStrings": "query-string",
    "sourceIp": "source-ip",
}
"""A condition's block by the field that AWS wants beside it (API_RuleCondition)."""

CONFIGS = {
    "hostHeader": "HostHeaderConfig",
    "httpHeader": "HttpHeaderConfig",
    "httpRequestMethod": "HttpRequestMethodConfig",
    "pathPattern": "PathPatternConfig",
    "queryStrings": "QueryStringConfig",
    "sourceIp": "SourceIpConfig",
}


def _conditions(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A condition a block: AWS has one kind in each, and its name beside it."""
    return [
        {"Field": FIELDS[kind], CONFIGS[kind]: {"Values": block} if isinstance(block, list) else block}
        for condition in conditions
        for kind, block in condition.items()
        if block is not None
    ]


def _camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key[:1].lower() + key[1:]: _camel(each) for key, each in value.items() if each not in (None, [])}
    return [_camel(each) for each in value] if isinstance(value, list) else value


def _blocks(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for condition in conditions:
        kind = next(name for name, field in FIELDS.items() if field == condition["Field"])
        block = _camel(condition.get(CONFIGS[kind]) or {"Values": condition.get("Values", [])})
        found.append({kind: block["values"] if kind == "queryStrings" else block})
    return found


RULE: dict[str, str | As] = {**actions("actions"), "conditions": As("Conditions", to=_conditions, back=_blocks)}

CERTIFICATE = {"ListenerArn": "{listenerArn}", "Certificates": [{"CertificateArn": "{certificateArn}"}]}

TYPES = [
    Type(
        "aws:lb/listener:Listener",
        "elbv2",
        refuse=(*refused_actions("defaultActions"), *MUTUAL),
        create=Call("CreateListener", rename=LISTENER),
        id="Listeners[0].ListenerArn",
        then=(
            Attributes(
                "ModifyListenerAttributes",
                {"ListenerArn": "{id}"},
                keys=ATTRIBUTES,
                cleared=CLEARED,
                read=Read("DescribeListenerAttributes", {"ListenerArn": "{id}"}, "Attributes"),
            ),
        ),
        update=(
            Call(
                "ModifyListener",
                {"ListenerArn": "{id}"},
                rename=LISTENER,
                along={"*": ("alpnPolicy", "certificateArn", "port", "protocol", "sslPolicy")},
                cleared={"alpnPolicy": None, "certificateArn": None},  # neither is ever taken back
            ),
        ),
        read=Read(
            "DescribeListeners",
            {"ListenerArns": ["{id}"]},
            "Listeners[0]",
            rename={"alpnPolicy": "AlpnPolicy[0]"},
        ),
        delete=Call("DeleteListener", {"ListenerArn": "{id}"}),
        tags=TAGS,
        outputs={"arn": "ListenerArn"},
        computed=("sslPolicy", "port", "protocol", "tcpIdleTimeoutSeconds"),
    ),
    Type(
        "aws:lb/listenerRule:ListenerRule",
        "elbv2",
        refuse=refused_actions("actions"),
        create=Call("CreateRule", rename=RULE),
        id="Rules[0].RuleArn",
        update=(
            Call(
                "SetRulePriorities",
                {"RulePriorities": [{"RuleArn": "{id}"}]},
                rename={"priority": "RulePriorities[0].Priority"},
                takes=("priority",),
            ),
            Call(
                "ModifyRule",
                {"RuleArn": "{id}", "ResetTransforms": "{old.transforms && !transforms || `null`}"},
                rename=RULE,
                takes=("actions", "conditions", "transforms"),
                cleared={"transforms": None},
            ),
        ),
        read=Read("DescribeRules", {"RuleArns": ["{id}"]}, "Rules[0]", rename={"priority": "Priority"}),
        delete=Call("DeleteRule", {"RuleArn": "{id}"}),
        tags=TAGS,
        outputs={"arn": "RuleArn"},
        required=("priority",),
    ),
    Type(
        "aws:lb/listenerCertificate:ListenerCertificate",
        "elbv2",
        create=Call("AddListenerCertificates", CERTIFICATE),
        id="{listenerArn}_{certificateArn}",
        read=Read(
            "DescribeListenerCertificates",
            {"ListenerArn": "{listenerArn}"},
            "Certificates[?CertificateArn=='{certificateArn}'] | [0]",
        ),
        delete=Call("RemoveListenerCertificates", CERTIFICATE),
    ),
]
