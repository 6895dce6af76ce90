"""Resource Groups Tagging: one view over both emulators. Tags of alarms are not in it."""

from collections.abc import Iterator
from typing import Any

from ministack.services import rds as ministack_rds

from rehearsal.emulator import ACCOUNT, emulators, ministack, moto
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.router import Emulator, emulator_for
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_"

SERVICE = "resourcegroupstaggingapi"


@corrects(SERVICE, "GetResources", see=f"{API}GetResources.html")
async def get_resources(call: Call) -> Response:
    """List the tagged resources of both emulators, all on one page."""
    given = {key: v for key, v in call.parameters.items() if key not in ("PaginationToken", "ResourcesPerPage")}
    wanted = given.get("ResourceARNList"), given.get("ResourceTypeFilters"), given.get("TagFilters", [])
    found: dict[str, list[dict[str, str]]] = {}
    for ask in (_moto, ministack.ask):
        token = ""
        while True:
            page_call = emulators.request_for(SERVICE, "GetResources", call.region, **given, PaginationToken=token)
            page = page_call.read(await ask(page_call))
            found |= {r["ResourceARN"]: r["Tags"] for r in page.get("ResourceTagMappingList", []) if r["Tags"]}
            if not (token := page.get("PaginationToken", "")):
                break
    found |= {arn: tags for arn, tags in overlooked(call.region) if matches(arn, tags, *wanted)}
    mappings = [{"ResourceARN": arn, "Tags": found[arn]} for arn in sorted(found)]
    return call.answer({"PaginationToken": "", "ResourceTagMappingList": mappings})


async def _moto(call: Call) -> Response:
    return moto.ask(call)


def overlooked(region: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Tagged resources that neither emulator lists: launch templates, web ACLs, what RDS has."""
    for template in listed("ec2", region, "describe_launch_templates", "LaunchTemplates", MaxResults=1_000_000):
        if template.get("Tags"):
            yield f"arn:aws:ec2:{region}:{ACCOUNT}:launch-template/{template['LaunchTemplateId']}", template["Tags"]
    waf = client("wafv2", region)
    for acl in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]:
        tags = waf.list_tags_for_resource(ResourceARN=acl["ARN"])["TagInfoForResource"]["TagList"]
        if tags:
            yield acl["ARN"], tags
    for arn, tags in ministack_rds._tags.items():
        if tags and arn.split(":")[3] in (region, ""):
            yield arn, tags


def matches(
    arn: str, tags: list[dict[str, str]], arns: list[str] | None, types: list[str] | None, filters: list[dict[str, Any]]
) -> bool:
    """Tell whether a resource passes the filters of GetResources."""
    held = {tag["Key"]: tag["Value"] for tag in tags}
    _, _, service, _, _, rest = arn.split(":", 5)
    if arns and arn not in arns:
        return False
    if types and not any(service == t.split(":")[0] and rest.startswith(t.partition(":")[2]) for t in types):
        return False
    return all(f["Key"] in held and (not f.get("Values") or held[f["Key"]] in f["Values"]) for f in filters)


@corrects(SERVICE, "TagResources", "UntagResources", see=f"{API}TagResources.html")
async def tag_resources(call: Call) -> Response:
    """Give each resource to the emulator that has it."""
    failed: dict[str, Any] = {}
    given = {key: value for key, value in call.parameters.items() if key != "ResourceARNList"}
    for arn in call.parameters["ResourceARNList"]:
        one = emulators.request_for(SERVICE, call.operation, call.region, ResourceARNList=[arn], **given)
        answer = one.read(await ministack.ask(one) if is_ministacks(arn) else moto.ask(one))
        failed |= answer.get("FailedResourcesMap", {})
    return call.answer({"FailedResourcesMap": failed})


def is_ministacks(arn: str) -> bool:
    """Tell whether ministack has the resource."""
    service = arn.split(":")[2]
    return ":backup-plan:" in arn or emulator_for(service, "") is Emulator.MINISTACK
