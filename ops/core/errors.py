"""Why an operation ends: exit codes, and AWS's errors in one line for a person."""

from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)

DONE, NOT_DONE, DOWN, NOT_ASKED, LOCKED, INTERRUPTED = 0, 1, 2, 3, 4, 130

EXIT_CODES: Mapping[int, str] = {
    DONE: "done, or all is well",
    NOT_DONE: "not done, or refused by a precondition; of `status`: degraded",
    DOWN: "of `status`: users are not served; of any command: wrong usage",
    NOT_ASKED: "could not be asked: no such stack, no credentials, the region doesn't answer",
    LOCKED: "somebody else is at work",
    INTERRUPTED: "interrupted; the same command again goes on from there",
}
"""For each page of help."""


class OpsError(Exception):
    """An operation that can't go on, in one line.

    Args:
        text: what, which value, why, and what helps.
        code: the exit code.
    """

    def __init__(self, text: str, code: int = NOT_DONE) -> None:
        super().__init__(text)
        self.code = code


EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
SKEWED = ("RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException")
UNKNOWN_KEYS = ("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure")
THROTTLED = (
    *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled"),
    *("RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "EC2ThrottledException"),
)
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")


def explained(error: ClientError | BotoCoreError, region: str = "") -> str:  # noqa: PLR0911 (a table of answers)
    """Say in one line what an error of AWS means, and what helps."""
    where = f"{region}: " if region else ""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return "there are no AWS credentials in the environment; sign in first"
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError | ReadTimeoutError):
        return f"{where}doesn't answer ({type(error).__name__})"
    if not isinstance(error, ClientError):
        return f"{where}{error}"
    said = error.response["Error"]
    code, message, operation = said["Code"], said.get("Message", ""), error.operation_name
    if code in EXPIRED:
        return "the AWS credentials have expired; sign in again"
    if code in SKEWED:
        return f"AWS refuses the signature of {operation} ({code}): this machine's clock or the secret key is wrong"
    if code in UNKNOWN_KEYS:
        return f"AWS doesn't know these credentials ({code})"
    if code in THROTTLED:
        return f"{where}{operation} is throttled ({code}); wait a minute, then the same command again"
    if code in DENIED:
        _, forbidden, by = message.partition("with an explicit deny")  # no right of one's own helps against that
        helps = f"AWS says: {forbidden}{by}" if forbidden else "`--policy` prints what the command needs"
        return f"{where}these credentials may not call {operation}; {helps}"
    return f"{where}{operation} is refused: {code}: {message}"


def reason_of(error: Exception, region: str = "") -> str:
    """Say in one line why something ended, whatever it was; of what nobody expected, also where."""
    if isinstance(error, OpsError):
        return str(error)
    if isinstance(error, ClientError | BotoCoreError):
        return explained(error, region)
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    where = f" ({last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno})" if last else ""
    return f"{type(error).__name__}: {error}{where}; that is a mistake of this program, please report it"
