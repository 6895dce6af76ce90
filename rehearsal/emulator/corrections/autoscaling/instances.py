"""EC2 instances that end: what else ends or begins with them."""

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.autoscaling.capacity import heal
from rehearsal.emulator.corrections.ec2.interfaces import delete_interfaces, primary_interfaces
from rehearsal.emulator.wire import Call, Response


@corrects(
    *("ec2", "TerminateInstances", "StopInstances"),
    see="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html",
)
async def change_state(call: Call) -> Response:
    """Terminate or stop instances; groups replace those that were theirs, interfaces go with the terminated."""
    wanted = call.parameters["InstanceIds"] if call.operation == "TerminateInstances" else []
    interfaces = primary_interfaces(call.region, wanted)
    response = await emulators.ask(call)
    if response.status == 200:
        delete_interfaces(call.region, interfaces)
    heal(call.region)
    return response
