"""Secrets Manager: the keys of replicas, for which moto always gives AWS's own."""

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import moto_models
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_"


@corrects("secretsmanager", "CreateSecret", "ReplicateSecretToRegions", see=f"{API}ReplicationStatusType.html")
async def replicate(call: Call) -> Response:
    """Remember the key of each replica."""
    response = await emulators.ask(call)
    keys = {each["Region"]: each.get("KmsKeyId") for each in call.parameters.get("AddReplicaRegions", [])}
    if response.status != 200 or not keys:
        return response
    answer = call.read(response)
    secret = moto_models("secretsmanager", call.region).describe_secret(answer["ARN"])
    for replica in secret.replicas:
        replica.config["KmsKeyId"] = keys.get(replica.region) or replica.config["KmsKeyId"]
    return call.answer({**answer, "ReplicationStatus": [replica.config for replica in secret.replicas]})
