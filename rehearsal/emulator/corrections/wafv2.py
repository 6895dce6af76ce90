"""WAF: a web ACL is associated with balancers that exist, and is not deleted while it is."""

from botocore.exceptions import ClientError

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, listed, moto_models
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/waf/latest/APIReference/API_"


OPTIONAL = {
    "AssociationConfig": "association_config",
    "CaptchaConfig": "captcha_config",
    "ChallengeConfig": "challenge_config",
    "CustomResponseBodies": "custom_response_bodies",
    "Description": "description",
    "Rules": "rules",
    "TokenDomains": "token_domains",
}
"""Settings that a web ACL may lack, and moto's names for them."""


@corrects("wafv2", "AssociateWebACL", see=f"{API}AssociateWebACL.html")
async def associate(call: Call) -> Response:
    """Refuse a balancer that does not exist, or one that cannot have a web ACL."""
    arn = call.parameters["ResourceArn"]
    if ":loadbalancer/" in arn:
        try:
            found = client("elbv2", call.region).describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
        except ClientError as error:
            raise AwsError("WAFNonexistentItemException", f"The resource {arn} does not exist.") from error
        if found[0]["Type"] != "application":
            raise AwsError("WAFInvalidParameterException", f"The resource {arn} is not an Application Load Balancer.")
    return await emulators.ask(call)


@corrects("wafv2", "DeleteWebACL", see=f"{API}DeleteWebACL.html")
async def delete(call: Call) -> Response:
    """Refuse a web ACL that a balancer still has."""
    waf = client("wafv2", call.region)
    for balancer in listed("elbv2", call.region, "describe_load_balancers", "LoadBalancers"):
        held = waf.get_web_acl_for_resource(ResourceArn=balancer["LoadBalancerArn"]).get("WebACL")
        if held and held["Id"] == call.parameters["Id"]:
            raise AwsError(
                "WAFAssociatedItemException",
                f"AWS WAF couldn't delete {held['Name']}: {balancer['LoadBalancerName']} is associated with it.",
            )
    return await emulators.ask(call)


@corrects("wafv2", "UpdateWebACL", see=f"{API}UpdateWebACL.html")
async def update(call: Call) -> Response:
    """An update is the whole web ACL: what it doesn't mention is gone, where moto keeps it."""
    response = await emulators.ask(call)
    if response.status == 200:
        where = "global" if call.parameters["Scope"] == "CLOUDFRONT" else call.region
        acl = moto_models("wafv2", where).get_web_acl(None, call.parameters["Name"], call.parameters["Id"])
        for member, attribute in OPTIONAL.items():
            if not call.parameters.get(member):
                setattr(acl, attribute, [] if member == "Rules" else "" if member == "Description" else None)
    return response


@corrects("wafv2", "PutLoggingConfiguration", see=f"{API}PutLoggingConfiguration.html")
async def log(call: Call) -> Response:
    """Refuse a destination that doesn't exist, or whose name doesn't begin as WAF asks."""
    for arn in call.parameters["LoggingConfiguration"]["LogDestinationConfigs"]:
        name = arn.split(":")[-1] if ":log-group:" in arn else arn.split(":")[-1].removeprefix("deliverystream/")
        if not name.startswith("aws-waf-logs-"):
            raise AwsError("WAFInvalidParameterException", f"{name} does not begin with aws-waf-logs-")
        if ":log-group:" in arn:
            groups = client("logs", call.region).describe_log_groups(logGroupNamePrefix=name)["logGroups"]
            if not any(group["logGroupName"] == name for group in groups):
                raise AwsError("WAFLogDestinationPermissionIssueException", f"The log group {name} does not exist.")
    return await emulators.ask(call)
