import json
from typing import Any

from resilience.resource import Resource

from tests.policies.judged import Pair, resource

ROLE = "iam/role:Role"
ROLE_POLICY = "iam/rolePolicy:RolePolicy"
GITHUB = "token.actions.githubusercontent.com"


def document(**statement: Any) -> str:
    """A policy of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def grants(action: str, on: str, **statement: Any) -> Resource:
    """A role's policy that allows an action on a resource."""
    return resource(ROLE_POLICY, policy=document(Action=action, Resource=on, **statement))


def trusts(principal: Any, **statement: Any) -> Resource:
    """A role that a principal may take on."""
    return resource(ROLE, assumeRolePolicy=document(Action="sts:AssumeRole", Principal=principal, **statement))


def lets_in(service: str, on: str = "*", **condition: Any) -> Resource:
    """A topic's policy that lets a service publish."""
    statement = document(Principal={"Service": service}, Action="sns:Publish", Resource=on, Condition=condition)
    return resource("sns/topicPolicy:TopicPolicy", policy=statement)


PROVIDER = {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"}

PAIRS = {
    "policy-not-everything": Pair(
        good=grants("s3:GetObject", "arn:aws:s3:::site/*"), bad=grants("*", "*"), says="allows Action * on Resource *"
    ),
    "policy-not-whole-services": Pair(
        good=grants("ec2:Describe*", "*"), bad=grants("ec2:*", "*"), says="policy allows ec2:* on Resource *"
    ),
    "policy-passes-named-roles": Pair(
        good=grants("iam:PassRole", "arn:aws:iam::123456789012:role/servers"),
        bad=grants("iam:PassRole", "*"),
        says="iam:PassRole on Resource *",
    ),
    "policy-decrypts-with-named-keys": Pair(
        good=grants("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/1"),
        bad=grants("kms:Decrypt", "arn:aws:kms:*:123456789012:key/*"),
        says="name the keys",
    ),
    "role-not-for-everybody": Pair(
        good=trusts({"Service": "ec2.amazonaws.com"}), bad=trusts({"AWS": "*"}), says="trusts Principal *"
    ),
    "role-names-the-workload": Pair(
        good=trusts(PROVIDER, Condition={"StringLike": {f"{GITHUB}:sub": "repo:owner/site:*"}}),
        bad=trusts(PROVIDER, Condition={"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}),
        says=f"trusts all of {GITHUB}",
    ),
    "service-acts-for-its-account": Pair(
        good=lets_in("cloudwatch.amazonaws.com", StringEqualsIfExists={"aws:SourceAccount": "123456789012"}),
        bad=lets_in("cloudwatch.amazonaws.com"),
        says="policy lets cloudwatch.amazonaws.com in for any account",
    ),
    "policy-not-administrator": Pair(
        good=resource(ROLE, managedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        bad=resource(
            "iam/rolePolicyAttachment:RolePolicyAttachment", policyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        ),
        says="policyArn is arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    "user-rights-come-from-groups": Pair(
        good=resource("iam/policyAttachment:PolicyAttachment", roles=["servers"]),
        bad=resource("iam/userPolicyAttachment:UserPolicyAttachment", user="ci"),
        says="gives a policy to a user",
    ),
    "user-has-no-access-key": Pair(
        good=resource(ROLE), bad=resource("iam/accessKey:AccessKey", user="ci"), says="never ends"
    ),
    "role-has-boundary": Pair(
        good=resource(ROLE, permissionsBoundary="arn:aws:iam::123456789012:policy/boundary"),
        bad=resource(ROLE),
        says="permissionsBoundary is missing",
        config={"boundary": "*"},
    ),
}
