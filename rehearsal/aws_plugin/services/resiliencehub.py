"""Resilience Hub, the next generation: policies, services, where their resources are, what is asserted of them.

The ids of what belongs to a service are `<ARN of the service>,<its own id>`, as `pulumi import` takes them.
"""

from rehearsal.aws_plugin.entry import Call, Read, Tags, Type

SERVICE = "resiliencehubv2"
TOKEN = {"clientToken": "{unique}"}
TARGETS = ("availabilitySlo", "dataRecovery", "multiAz", "multiRegion")
TAGS = Tags("TagResource", "UntagResource", {"resourceArn": "{id}"})
OF_SERVICE = {"serviceArn": "{serviceArn}"}
SOURCE = {**OF_SERVICE, "inputSourceId": "{inputSourceId}"}
ASSERTION = {**OF_SERVICE, "assertionId": "{assertionId}"}

TYPES = [
    Type(
        "aws:resiliencehub/v2Policy:V2Policy",
        SERVICE,
        create=Call("CreatePolicy", TOKEN),
        id="policy.policyArn",
        update=(
            Call(
                "UpdatePolicy",
                {"policyArn": "{id}"},
                # Targets are taken away by empty ones, as the provider does it.
                cleared={"description": "", **{each: {} for each in TARGETS}},
            ),
        ),
        read=Read("GetPolicy", {"policyArn": "{id}"}, "policy"),
        delete=Call("DeletePolicy", {"policyArn": "{id}"}),
        tags=TAGS,
        outputs={"arn": "policyArn"},
    ),
    Type(
        "aws:resiliencehub/v2Service:V2Service",
        SERVICE,
        create=Call("CreateService", TOKEN),
        id="service.serviceArn",
        update=(Call("UpdateService", {"serviceArn": "{id}"}, cleared={"description": "", "associatedSystems": []}),),
        read=Read(
            "GetService",
            {"serviceArn": "{id}"},
            "service",
            # While it begins to discover, it is on: the provider takes it so.
            rename={
                "dependencyDiscovery": "dependencyDiscovery.status && (dependencyDiscovery.status == 'DISABLED' "
                "&& 'DISABLED' || 'ENABLED')"
            },
        ),
        delete=Call("DeleteService", {"serviceArn": "{id}"}),
        tags=TAGS,
        outputs={"arn": "serviceArn"},
    ),
    Type(
        "aws:resiliencehub/v2InputSource:V2InputSource",
        SERVICE,
        create=Call("CreateInputSource", TOKEN),
        id="{serviceArn},{answer.inputSourceId}",
        read=Read(
            "ListInputSources",
            OF_SERVICE,
            "inputSourceSummaries[?ends_with('{id}', inputSourceId)] | [0]",
            rename={"resourceConfiguration": "@"},
        ),
        delete=Call("DeleteInputSource", SOURCE),
    ),
    Type(
        "aws:resiliencehub/v2Assertion:V2Assertion",
        SERVICE,
        create=Call("CreateAssertion", TOKEN),
        id="{serviceArn},{answer.assertion.assertionId}",
        update=(Call("UpdateAssertion", ASSERTION),),
        read=Read("ListAssertions", OF_SERVICE, "assertions[?ends_with('{id}', assertionId)] | [0]"),
        delete=Call("DeleteAssertion", ASSERTION),
    ),
]
