"""IAM: what an update of a role doesn't mention, and moto forgets."""

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.wire import Call, Response

KEPT = {"Description": "description", "MaxSessionDuration": "max_session_duration"}
"""Settings of a role, and what moto calls them."""


@corrects("iam", "UpdateRole", see="https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html")
async def update_role(call: Call) -> Response:
    """Keep the setting that isn't given."""
    roles = emulators.moto_models("iam", "global").roles.values()
    role = next((each for each in roles if each.name == call.parameters["RoleName"]), None)
    before = {name: getattr(role, name) for given, name in KEPT.items() if role and given not in call.parameters}
    response = await emulators.ask(call)
    for name, value in before.items():
        setattr(role, name, value)
    return response
