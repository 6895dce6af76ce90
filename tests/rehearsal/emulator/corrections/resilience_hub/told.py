"""A role that Resilience Hub can take, and what is made with it."""

import json
from typing import Any

from tests.conftest import Client

READS = "arn:aws:iam::aws:policy/AWSResilienceHubV2AssessmentExecutionPolicy"


def role(aws: Client, name: str, *, service: str = "resiliencehub", path: str = "/", reads: bool = True) -> str:
    """Make a role, and return its name as the hub wants it: with its path."""
    iam = aws("iam")
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    if reads:
        iam.attach_role_policy(RoleName=name, PolicyArn=READS)
    return f"{path}{name}".lstrip("/")


def service(aws: Client, name: str, named: str, **given: Any) -> str:
    """Make a service, and return its ARN."""
    model = {"invokerRoleName": named}
    hub = aws("resiliencehubv2")
    made = hub.create_service(name=name, regions=["eu-west-1"], permissionModel=model, **given)
    return str(made["service"]["serviceArn"])
