"""ARC Region switch: plans."""

from rehearsal.aws_plugin.entry import AutoName, Call, Read, Tags, Type

STEP = "workflows.steps"
BLOCKS = {
    "customActionLambdaConfigs": "customActionLambdaConfig",
    "ec2AsgCapacityIncreaseConfigs": "ec2AsgCapacityIncreaseConfig",
    "executionApprovalConfigs": "executionApprovalConfig",
    "globalAuroraConfigs": "globalAuroraConfig",
    "route53HealthCheckConfigs": "route53HealthCheckConfig",
}
"""The kinds of steps that the rehearsal knows; others are refused."""

PLAN = {
    f"{STEP}.parallelConfigs": "executionBlockConfiguration.parallelConfig",
    **{
        f"{step}.{block}": f"executionBlockConfiguration.{member}"
        for step in (STEP, f"{STEP}.parallelConfigs.steps")
        for block, member in BLOCKS.items()
    },
    **{
        f"{step}.{block}.ungracefuls": "ungraceful"
        for step in (STEP, f"{STEP}.parallelConfigs.steps")
        for block in ("customActionLambdaConfigs", "globalAuroraConfigs")
    },
    "reportConfigurations": "reportConfiguration",
}
TYPES = [
    Type(
        "aws:arcregionswitch/plan:Plan",
        "arc-region-switch",
        create=Call("CreatePlan", rename=PLAN),
        id="plan.arn",
        update=(
            Call(
                "UpdatePlan",
                {"arn": "{id}"},
                rename=PLAN,
                takes=(
                    *("associatedAlarms", "description", "executionRole", "recoveryTimeObjectiveMinutes"),
                    *("reportConfigurations", "triggers", "workflows"),
                ),
                whole=True,
                always=True,  # for tags, too
            ),
        ),
        read=Read("GetPlan", {"arn": "{id}"}, "plan"),
        delete=Call("DeletePlan", {"arn": "{id}"}),
        tags=Tags("TagResource", "UntagResource", {"arn": "{id}"}, "ListTagsForResource", at="resourceTags"),
        outputs={"arn": "arn"},
        auto_name=AutoName("name", 32),
        ordered=("workflows",),
        local=("timeouts",),
    ),
]
