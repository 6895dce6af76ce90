"""EC2 instances that are members of Auto Scaling groups."""

from rehearsal.emulator import account
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.autoscaling.capacity import heal
from rehearsal.emulator.wire import Call, Response


@corrects(
    *("ec2", "TerminateInstances", "StopInstances"),
    see="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html",
)
async def change_state(call: Call) -> Response:
    """Terminate or stop instances; groups replace those that were theirs."""
    response = await account.ask_emulator(call)
    heal(call.region)
    return response
