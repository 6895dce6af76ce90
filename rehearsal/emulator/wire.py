"""AWS's wire protocols: from an HTTP request to an operation with parameters, and back.

Parsing and serialising follow botocore's service models (by way of moto's implementation of both directions),
so that a correction reads and writes the names of the API reference.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, parse_qsl
from xml.sax.saxutils import escape

from botocore.awsrequest import HeadersDict
from botocore.exceptions import UnknownServiceError
from botocore.parsers import create_parser
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as ParsedRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import MethodNotAllowed, NotFound

SCOPE = re.compile(r"Credential=([^/,]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
"""The credential scope of Signature Version 4:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""

SERVICE_OF_SIGNING_NAME = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
    "elasticfilesystem": "efs",
    "servicequotas": "service-quotas",
}
"""Signing names that are not botocore's name of the service; the rest are the same."""

RPC = frozenset({"query", "ec2", "json"})
REST = frozenset({"rest-json", "rest-xml"})
"""Protocols whose requests name the operation, and those where method and path say which it is:
https://smithy.io/2.0/aws/protocols/index.html"""

QUEUE = re.compile(r"/\d{12}/[\w.-]+")
"""The path of a queue's address, to which old clients send what they ask of it."""

FORM = "application/x-www-form-urlencoded"
API_OF_CLASSIC_BALANCERS = "2012-06-01"


class AwsError(ServiceException):
    """An error as AWS answers it: `AwsError("InvalidParameterValue", "why")`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """An HTTP request as it arrived. Header names are in lower case; `path` is percent-encoded."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def _signed(self) -> re.Match[str] | None:
        """What the signature says, in the header or in the query of a presigned request."""
        if "authorization" in self.headers:
            return SCOPE.search(self.headers["authorization"])
        return SCOPE.search(f"Credential={dict(parse_qsl(self.query)).get('X-Amz-Credential', '')}")

    @property
    def access_key(self) -> str:
        """The access key that signed; empty where nobody did."""
        return self._signed[1] if self._signed else ""

    @property
    def scope(self) -> tuple[str, str]:
        """Region and signing name; both are empty where nobody signed."""
        return (self._signed[2], self._signed[3]) if self._signed else ("", "")

    @property
    def is_for_the_server(self) -> bool:
        """Whether it asks the rehearsal's own server, and not AWS."""
        return self.path.startswith("/_rehearsal/")

    @cached_property
    def form(self) -> dict[str, str]:
        """The parameters of a query-protocol request."""
        if not self.headers.get("content-type", "").startswith(FORM):
            return {}
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @cached_property
    def parsed(self) -> Any:
        """The request as moto's protocol code takes it."""
        url = f"http://{self.headers.get('host', 'localhost')}{self.path}"
        return ParsedRequest.from_primitives(
            self.method, f"{url}?{self.query}" if self.query else url, self.headers, self.body
        )


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Call:
    """One call of an AWS API operation. `operation` is empty where the model knows none for the request."""

    service: str
    operation: str
    region: str
    request: Request
    uri_labels: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def model(self) -> Any:
        """The operation in botocore's service model."""
        return get_service_model(self.service).operation_model(self.operation)

    @cached_property
    def protocol(self) -> str:
        """The protocol that the client chose, of those that the service speaks."""
        content_type = self.request.headers.get("content-type", "")
        return str(determine_request_protocol(get_service_model(self.service), content_type))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The operation's input, named as in the API reference."""
        request = self.request.parsed
        parsed: dict[str, Any] = PROTOCOL_PARSERS[self.protocol](self.model).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": self.uri_labels,
            }
        )
        return parsed

    def answer(self, result: dict[str, Any] | AwsError) -> Response:
        """The response that carries `result`, an output named as in the API reference, or an error."""
        serializer = get_serializer_class(self.service, self.protocol)(self.model)
        serialized = serializer.serialize(result)
        body = serialized["body"]
        status = result.status if isinstance(result, AwsError) else serialized["status_code"]
        headers = [(name, str(value)) for name, value in serialized["headers"].items()]
        return Response(status, headers, body.encode() if isinstance(body, str) else body)

    def read(self, response: Response) -> dict[str, Any]:
        """The output in a successful response; an unsuccessful one is raised as an `AwsError`."""
        parser = create_parser(self.protocol)
        headers = HeadersDict(response.headers)  # whatever their case
        answer = {"body": response.body, "headers": headers, "status_code": response.status}
        output: dict[str, Any] = parser.parse(answer, self.model.output_shape)
        output.pop("ResponseMetadata", None)
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            error = output["Error"]
            raise AwsError(error["Code"], error["Message"], response.status)
        return output


def identify(request: Request) -> Call:
    """Say which operation of which service a request calls, without reading its parameters.

    What the service's model says of protocols and paths decides, and nothing else, so that a path of one service can't
    be taken for an operation of another.
    """
    region, signing_name = request.scope
    service = SERVICE_OF_SIGNING_NAME.get(signing_name, signing_name)
    if service == "elbv2" and request.form.get("Version") == API_OF_CLASSIC_BALANCERS:
        service = "elb"
    if service == "s3" and request.path.startswith("/v20180820/"):
        service = "s3control"
    if service == "resiliencehub" and request.path.startswith("/v2/"):
        service = "resiliencehubv2"
    try:
        model = get_service_model(service)
    except UnknownServiceError:
        return Call(service, "", region, request)
    operation, labels = _operation(request, service, set(model.metadata.get("protocols") or [model.protocol]))
    known = operation in model.operation_names
    return Call(service, operation if known else "", region, request, labels if known else {})


def _operation(request: Request, service: str, protocols: set[str]) -> tuple[str, dict[str, Any]]:
    """The operation's name, where the protocols have it, and the parts of the path that are parameters."""
    if cbor := re.fullmatch(r"/service/\w+/operation/(\w+)", request.path):
        return (cbor[1] if "smithy-rpc-v2-cbor" in protocols else ""), {}
    if protocols & RPC and (request.path == "/" or (service == "sqs" and QUEUE.fullmatch(request.path))):
        named = parse_qs(request.query).get("Action", [""])[0]
        target = request.headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        return request.form.get("Action") or target or named, {}
    if not protocols & REST:
        return "", {}
    try:
        found, labels = get_service_router(service).match(request.parsed)
    except (NotFound, MethodNotAllowed):
        return "", {}
    return str(found.name), labels


def unknown_operation(call: Call) -> Response:
    """The error for a request that is no operation of the service that it is signed for."""
    what = f"{call.request.method} {call.request.path}"
    error = AwsError("UnknownOperationException", f"{call.service or 'AWS'} has no operation {what}", 404)
    return untyped_error(call.request, error)


def not_emulated(call: Call) -> Response:
    """The error for what nothing here implements, in the form that the client's protocol wants."""
    name = f"{call.service}:{call.operation or call.request.method + ' ' + call.request.path}"
    error = AwsError("NotEmulated", f"The emulated AWS does not have {name}.", 501)
    try:
        return call.answer(error)
    except Exception:  # no model at all for this service: answer in the two general forms
        return untyped_error(call.request, error)


def untyped_error(request: Request, error: AwsError) -> Response:
    """An error for a request whose service has no model: XML for forms, JSON for the rest."""
    if request.headers.get("content-type", "").startswith(FORM):
        body = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        xml = f"<ErrorResponse><Error>{body}</Error></ErrorResponse>"
        return Response(error.status, [("content-type", "text/xml")], xml.encode())
    text = json.dumps({"__type": error.code, "message": error.message})
    return Response(error.status, [("content-type", "application/json")], text.encode())
