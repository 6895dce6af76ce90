"""Lambda: where the code is, and invocations that the live plane runs. moto executes nothing."""

import asyncio
import base64
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.living import clock, wishes
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/lambda/latest/api/API_"

LONGEST = 900.0
"""Seconds here for an answer: as long as a function may run."""


@corrects("lambda", "GetFunction", see=f"{API}FunctionCodeLocation.html")
async def get(call: Call) -> Response:
    """Say where the code can be downloaded: moto names an address at which nothing is."""
    answer = call.read(await emulators.ask(call))
    code = getattr(_function(call), "code_bytes", b"")
    if code:
        answer["Code"]["Location"] = f"data:application/zip;base64,{base64.b64encode(code).decode()}"
    return call.answer(answer)


@corrects("lambda", "Invoke", see=f"{API}Invoke.html")
async def invoke(call: Call) -> Response:
    """Let whoever runs functions run it, while the living mode is on."""
    function, kind = _function(call), call.parameters.get("InvocationType", "RequestResponse")
    if not clock.on():
        return await emulators.ask(call)
    if kind == "DryRun":
        return Response(204, [], b"")
    payload = call.request.body or b"{}"
    answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def done(report: dict[str, Any]) -> None:
        if not answered.done():
            answered.set_result(report)

    details = {"payload": payload.decode(errors="replace"), "asynchronous": kind == "Event"}
    wishes.want("lambda", "invoke", call.region, function.function_name, done, details)
    if kind == "Event":
        return Response(202, [], b"")
    try:
        report = await asyncio.wait_for(answered, LONGEST)
    except TimeoutError as error:
        raise AwsError("ServiceException", "Nobody ran the function.", 500) from error
    if "throttled" in report:
        raise AwsError("TooManyRequestsException", "Rate Exceeded.", 429)
    headers = [("content-type", "application/json"), ("X-Amz-Executed-Version", "$LATEST")]
    if not report.get("ok", True):
        headers.append(("X-Amz-Function-Error", "Unhandled"))
    return Response(200, headers, str(report.get("payload", "null")).encode())


def _function(call: Call) -> Any:
    name = call.parameters["FunctionName"]
    try:
        return get_backend(ACCOUNT, call.region).get_function(name, call.parameters.get("Qualifier"))
    except UnknownFunctionException as error:
        raise AwsError("ResourceNotFoundException", f"Function not found: {name}", 404) from error
