from tests.policies.judged import Pair, resource

BALANCER = "lb/loadBalancer:LoadBalancer"
TARGET_GROUP = "lb/targetGroup:TargetGroup"

PAIRS = {
    "balancer-deletion-protection": Pair(
        good=resource(BALANCER, enableDeletionProtection=True),
        bad=resource(BALANCER),
        says="enableDeletionProtection is off",
    ),
    "balancer-detects-failures-in-time": Pair(
        good=resource(TARGET_GROUP, healthCheck={"interval": 10.0, "unhealthyThreshold": 3.0}),
        bad=resource(TARGET_GROUP),
        says="30 s × 3 failures; at most 30 s",
    ),
}
