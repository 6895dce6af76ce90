"""The one account: how a request gets its answer, and how everything in it is forgotten."""

from ministack.app import _reset_all_state
from moto.moto_api._internal.models import moto_api_backend

from rehearsal.emulator import corrections, limits, ministack, moto, resets
from rehearsal.emulator.iam import rights
from rehearsal.emulator.living import changes
from rehearsal.emulator.router import Emulator
from rehearsal.emulator.wire import Request, Response, identify, unknown_operation

ALONE = "x-rehearsal-emulator"
"""A request header that names an emulator: it answers alone, uncorrected. Tests look at what is still wrong so."""


async def answer(request: Request) -> Response:
    """Answer a request as the account would."""
    call = identify(request)
    if not call.operation:
        return unknown_operation(call)
    match request.headers.get(ALONE):
        case Emulator.MOTO:
            return moto.ask(call)
        case Emulator.MINISTACK:
            return await ministack.ask(call)
    if refused := limits.refusal(call) or await rights.refusal(call):
        return call.answer(refused)
    return changes.after(call, await rights.after(call, await corrections.answer(call)))


def reset() -> None:
    """Empty the account: every service, every region."""
    moto_api_backend.reset()
    _reset_all_state()
    for forget in resets.RESETS:
        forget()
