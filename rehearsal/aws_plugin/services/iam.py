"""IAM: roles, policies and instance profiles."""

from rehearsal.aws_plugin.entry import AutoName, Call, Hook, HookContext, Members, Read, Tags, Type

PATH = {"path": "/"}
POLICY = {"PolicyArn": "{id}"}
PROFILE = {"InstanceProfileName": "{id}"}
ROLE = {"RoleName": "{id}"}
INLINE = {"RoleName": "{role}", "PolicyName": "{name}"}
PUT_INLINE = Call("PutRolePolicy", INLINE, rename={"policy": "PolicyDocument"})
VERSIONS = 5
"""A managed policy has at most 5 versions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""


def _delete_versions(context: HookContext, keep: int) -> None:
    """Delete the oldest versions that aren't the default one, until `keep` are left."""
    versions = context.call("ListPolicyVersions", {"PolicyArn": context.id})["Versions"]
    others = sorted((each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"])
    for each in others[: max(0, len(versions) - keep)]:
        context.call("DeletePolicyVersion", {"PolicyArn": context.id, "VersionId": each["VersionId"]})


def _make_room(context: HookContext) -> None:
    _delete_versions(context, VERSIONS - 1)


def _delete_old_versions(context: HookContext) -> None:
    _delete_versions(context, 1)


def _free(context: HookContext) -> None:
    """Take a role out of what has it, and from it the policies that are known of it, or with force all of them."""
    role = {"RoleName": context.id}
    for profile in context.call("ListInstanceProfilesForRole", role).get("InstanceProfiles", []):
        name = {"InstanceProfileName": profile["InstanceProfileName"]}
        context.call("RemoveRoleFromInstanceProfile", {**name, **role})
    forced = context.args.get("forceDetachPolicies") is True
    if forced or context.state.get("managedPolicyArns"):
        for policy in context.call("ListAttachedRolePolicies", role).get("AttachedPolicies", []):
            context.call("DetachRolePolicy", {**role, "PolicyArn": policy["PolicyArn"]})
    if forced:
        for inline in context.call("ListRolePolicies", role).get("PolicyNames", []):
            context.call("DeleteRolePolicy", {**role, "PolicyName": inline})


MANAGED = Members(
    "managedPolicyArns",
    Call("AttachRolePolicy", {**ROLE, "PolicyArn": "{item}"}),
    Call("DetachRolePolicy", {**ROLE, "PolicyArn": "{item}"}),
    each=True,
)

TYPES = [
    Type(
        "aws:iam/role:Role",
        "iam",
        create=Call("CreateRole", rename={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}),
        then=(MANAGED,),
        update=(
            Call("UpdateAssumeRolePolicy", ROLE, rename={"assumeRolePolicy": "PolicyDocument"}),
            Call("UpdateRoleDescription", ROLE, takes=("description",), cleared={"description": ""}),
            Call("UpdateRole", ROLE, takes=("maxSessionDuration",), cleared={"maxSessionDuration": 3600}),
            Call("PutRolePermissionsBoundary", ROLE, takes=("permissionsBoundary",), when="{permissionsBoundary}"),
            Call("DeleteRolePermissionsBoundary", ROLE, takes=("permissionsBoundary",), when="{!permissionsBoundary}"),
            MANAGED,
        ),
        id="Role.RoleName",
        read=(
            Read(
                "GetRole",
                ROLE,
                "Role",
                rename={
                    "name": "RoleName",
                    "uniqueId": "RoleId",
                    "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
                },
            ),
            Read("ListAttachedRolePolicies", ROLE, rename={"managedPolicyArns": "AttachedPolicies[].PolicyArn"}),
        ),
        delete=(Hook(_free), Call("DeleteRole", ROLE)),
        tags=Tags("TagRole", "UntagRole", ROLE, read="ListRoleTags"),
        auto_name=AutoName("name", 64),
        local=("forceDetachPolicies",),
        default=PATH,
    ),
    Type(
        "aws:iam/rolePolicy:RolePolicy",
        "iam",
        create=PUT_INLINE,
        update=(PUT_INLINE,),
        id="{role}:{name}",
        read=Read(
            "GetRolePolicy", INLINE, rename={"policy": "PolicyDocument", "name": "PolicyName", "role": "RoleName"}
        ),
        delete=Call("DeleteRolePolicy", INLINE),
        auto_name=AutoName("name", 128),
    ),
    Type(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "iam",
        create=Call("AttachRolePolicy", {"RoleName": "{role}", "PolicyArn": "{policyArn}"}),
        id="{role}/{policyArn}",
        read=Read(
            "ListAttachedRolePolicies",
            {"RoleName": "{role}"},
            "AttachedPolicies[?PolicyArn=='{policyArn}'] | [0]",
        ),
        delete=Call("DetachRolePolicy", {"RoleName": "{role}", "PolicyArn": "{policyArn}"}),
    ),
    Type(
        "aws:iam/policy:Policy",
        "iam",
        create=Call("CreatePolicy", rename={"name": "PolicyName", "policy": "PolicyDocument"}),
        update=(
            Hook(_make_room, ("policy",)),
            Call("CreatePolicyVersion", {**POLICY, "SetAsDefault": True}, rename={"policy": "PolicyDocument"}),
        ),
        id="Policy.Arn",
        read=(
            Read("GetPolicy", POLICY, "Policy", rename={"name": "PolicyName"}),
            Read(
                "GetPolicyVersion",
                {**POLICY, "VersionId": "{found.DefaultVersionId}"},
                rename={"policy": "PolicyVersion.Document"},
            ),
        ),
        delete=(Hook(_delete_old_versions), Call("DeletePolicy", POLICY)),
        tags=Tags("TagPolicy", "UntagPolicy", POLICY, read="ListPolicyTags"),
        auto_name=AutoName("name", 128),
        local=("delayAfterPolicyCreationInMs",),
        default=PATH,
    ),
    Type(
        "aws:iam/instanceProfile:InstanceProfile",
        "iam",
        create=Call("CreateInstanceProfile", rename={"name": "InstanceProfileName"}),
        then=(
            Members(
                "role",
                Call("AddRoleToInstanceProfile", {**PROFILE, "RoleName": "{item}"}),
                Call("RemoveRoleFromInstanceProfile", {**PROFILE, "RoleName": "{item}"}),
                each=True,
            ),
        ),
        id="InstanceProfile.InstanceProfileName",
        read=Read(
            "GetInstanceProfile",
            PROFILE,
            "InstanceProfile",
            rename={"name": "InstanceProfileName", "uniqueId": "InstanceProfileId", "role": "Roles[0].RoleName"},
        ),
        delete=(
            Call("RemoveRoleFromInstanceProfile", {**PROFILE, "RoleName": "{role}"}, when="{role}"),
            Call("DeleteInstanceProfile", PROFILE),
        ),
        tags=Tags("TagInstanceProfile", "UntagInstanceProfile", PROFILE),
        auto_name=AutoName("name", 128),
        default=PATH,
    ),
]
