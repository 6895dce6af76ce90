from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

FUNCTION = "lambda/function:Function"
PERMISSION = "lambda/permission:Permission"
URL = "lambda/functionUrl:FunctionUrl"
EVENTS = "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
CALLED = resource(FUNCTION, "called", name=UNKNOWN)


def inside(*zones: str) -> list[Resource]:
    """A function in a subnet of each zone."""
    subnets = [resource("ec2/subnet:Subnet", f"in-{zone}", availabilityZone=zone) for zone in zones]
    placed: Any = {"subnetIds": [UNKNOWN] * len(zones), "securityGroupIds": [UNKNOWN]}
    return [resource(FUNCTION, links={"vpcConfig": subnets}, vpcConfig=placed), *subnets]


PAIRS = {
    "function-spans-zones": Pair(
        good=inside("eu-west-1a", "eu-west-1b"),
        bad=inside("eu-west-1a"),
        says="in 1 zone(s)",
    ),
    "function-runtime-supported": Pair(
        good=resource(FUNCTION, runtime="python3.13"),
        bad=resource(FUNCTION, runtime="python3.8"),
        says="runtime is python3.8",
    ),
    "function-failure-goes-somewhere": Pair(
        good=[
            CALLED,
            resource(
                EVENTS,
                links={"functionName": [CALLED]},
                functionName=UNKNOWN,
                destinationConfig={"onFailure": {"destination": UNKNOWN}},
            ),
        ],
        bad=resource(FUNCTION),
        says="deadLetterConfig is missing",
    ),
    "function-permission-closed": Pair(
        good=resource(PERMISSION, principal="*", principalOrgId="o-1234567890"),
        bad=resource(PERMISSION, principal="*"),
        says="principal is *",
    ),
    "function-permission-names-its-source": Pair(
        good=resource(PERMISSION, principal="events.amazonaws.com", sourceArn=UNKNOWN),
        bad=resource(PERMISSION, principal="s3.amazonaws.com"),
        says="s3.amazonaws.com may call for any account",
    ),
    "function-url-asks-who-you-are": Pair(
        good=resource(URL, authorizationType="AWS_IAM"),
        bad=resource(URL, authorizationType="NONE"),
        says="authorizationType is NONE",
    ),
    "function-url-origins-named": Pair(
        good=resource(URL, cors={"allowOrigins": ["https://www.example.com"]}),
        bad=resource(URL, cors={"allowOrigins": ["*"]}),
        says="cors.allowOrigins has *",
    ),
    "function-has-its-share": Pair(
        good=resource(FUNCTION, reservedConcurrentExecutions=5.0),
        bad=resource(FUNCTION, reservedConcurrentExecutions=-1.0),
        says="reservedConcurrentExecutions is not set",
    ),
}
