"""KMS: the period of rotation, which moto forgets, replicas, which it mixes up with their primary, and their ids."""

import re
import uuid
from copy import deepcopy

from moto.kms import models
from moto.kms.responses import KmsResponse

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/kms/latest/APIReference/API_"

DEFAULT_PERIOD = 365
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""

PERIODS: dict[str, int] = {}
"""Days, by the ARN of the key."""


MULTI_REGION = re.compile("mrk-[0-9a-f]{32}")
"""A multi-Region key's id, which has no dashes but one:
https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"""

_validate = KmsResponse._validate_cmk_id


def _key_id(multi_region: bool = False) -> str:
    return f"mrk-{uuid.uuid4().hex}" if multi_region else str(uuid.uuid4())


def _validate_key(self: KmsResponse, key_id: str) -> None:
    """Have moto find a multi-Region key by its id, which it takes for none, as it does by its ARN."""
    _validate(self, self._display_arn(key_id) if MULTI_REGION.fullmatch(key_id) else key_id)


models.generate_key_id = _key_id  # type: ignore[attr-defined]  # where moto looks for it
KmsResponse._validate_cmk_id = _validate_key  # type: ignore[method-assign]  # it calls what was there


@on_reset
def forget() -> None:
    """Forget the periods."""
    PERIODS.clear()


def arn_of(call: Call) -> str:
    """The ARN of the key that a call names in one way or another."""
    return str(client("kms", call.region).describe_key(KeyId=call.parameters["KeyId"])["KeyMetadata"]["Arn"])


@corrects("kms", "EnableKeyRotation", see=f"{API}EnableKeyRotation.html")
async def enable(call: Call) -> Response:
    """Remember the period."""
    response = await emulators.ask(call)
    if response.status == 200:
        PERIODS[arn_of(call)] = call.parameters.get("RotationPeriodInDays", DEFAULT_PERIOD)
    return response


@corrects("kms", "GetKeyRotationStatus", see=f"{API}GetKeyRotationStatus.html")
async def status(call: Call) -> Response:
    """Tell the period with the status."""
    answer = call.read(await emulators.ask(call))
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = PERIODS.get(arn_of(call), DEFAULT_PERIOD)
    return call.answer(answer)


@corrects("kms", "ReplicateKey", see=f"{API}ReplicateKey.html")
async def replicate(call: Call) -> Response:
    """Give the replica settings of its own: moto has both keys share theirs, so that both are called replicas."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer, region = call.read(response), call.parameters["ReplicaRegion"]
    name = answer["ReplicaKeyMetadata"]["KeyId"]
    primary = moto_models("kms", call.region).keys[name]
    replica = moto_models("kms", region).keys[name]
    replica.multi_region_configuration = deepcopy(primary.multi_region_configuration)
    replica.multi_region_configuration["MultiRegionKeyType"] = "REPLICA"
    primary.multi_region_configuration["MultiRegionKeyType"] = "PRIMARY"
    replica.description = call.parameters.get("Description", "")
    if policy := call.parameters.get("Policy"):
        replica.policy = policy
    metadata = client("kms", region).describe_key(KeyId=name)["KeyMetadata"]
    return call.answer({**answer, "ReplicaKeyMetadata": metadata})
