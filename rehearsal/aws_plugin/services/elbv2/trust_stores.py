"""Elastic Load Balancing v2: trust stores. No emulator has them, nor a listener's mutual authentication."""

from rehearsal.aws_plugin.entry import AutoName, Call, Tags, Type

ARN = "arn:{partition}:elasticloadbalancing:{region}:{account}:truststore/{name}"

TYPES = [
    Type(
        "aws:lb/trustStore:TrustStore",
        "elbv2",
        create=Call("CreateTrustStore", recorded=True),
        id=f"{ARN}/{{unique}}",
        update=(Call("ModifyTrustStore", {"TrustStoreArn": "{id}"}, whole=True, recorded=True),),
        delete=Call("DeleteTrustStore", {"TrustStoreArn": "{id}"}, recorded=True),
        tags=Tags("AddTags", "RemoveTags", {"ResourceArns": ["{id}"]}, recorded=True),
        auto_name=AutoName(maximum=32),
        outputs={"arn": "{id}"},
    )
]
