"""Who may ask the emulated AWS, and what nobody can have it do."""

import http.client
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import pytest

from rehearsal.emulator import KEY_HEADER, guard
from rehearsal.emulator.process import Emulator
from rehearsal.emulator.wire import Request
from rehearsal.home import CHECKOUT
from tests.conftest import REGION, Client

pytestmark = pytest.mark.xdist_group("emulator-guard")

FUNCTIONS = "/2015-03-31/functions"


def signed(key: str, service: str) -> str:
    """A signature's header. Whether the signature is right is not looked at."""
    scope = f"{key}/20260101/{REGION}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


def ask(
    emulator: Emulator, method: str, path: str, body: bytes | str = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_a_page_cannot_make_a_function(emulator: Emulator) -> None:
    """As it was possible: a POST of text/plain, which a browser sends without asking first."""
    page = {"content_type": "text/plain", "Host": "evil.example", "Origin": "http://evil.example"}
    status, headers, body = ask(emulator, "POST", FUNCTIONS, "{}", **page)
    assert (status, json.loads(body)["__type"]) == (403, "InvalidClientTokenId")
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "bucket.localhost", ""])
def test_a_foreign_host_is_refused_even_with_the_key(emulator: Emulator, host: str) -> None:
    found = ask(emulator, "GET", "/", Host=host, authorization=signed(emulator.key, "s3"))
    assert found[0] == 403
    assert b"Host" in found[2]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_a_request_with_an_origin_is_refused_even_with_the_key(emulator: Emulator, origin: str) -> None:
    found = ask(emulator, "GET", "/", Origin=origin, authorization=signed(emulator.key, "s3"))
    assert found[0] == 403
    assert b"Origin" in found[2]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": signed("", "s3")},
        {"authorization": signed("rehearsal", "s3")},
        {"authorization": signed("123456789012", "s3")},
        {"authorization": "Bearer x"},
        {"authorization": "Credential=x"},
        {"x_rehearsal_emulator": "ministack"},
        {"x_rehearsal_emulator": "moto", "authorization": signed("x", "lambda")},
    ],
)
def test_a_request_without_the_key_is_refused_whatever_it_is(emulator: Emulator, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/"), ("POST", FUNCTIONS), ("OPTIONS", "/"), ("PUT", "/bucket"), ("DELETE", "/x")):
        status, answered, _ = ask(emulator, method, path, **headers)
        assert status == 403, (method, path)
        assert "access-control-allow-origin" not in answered


def test_the_key_counts_where_the_signature_is_only(emulator: Emulator) -> None:
    key = {KEY_HEADER.replace("-", "_"): emulator.key}
    assert ask(emulator, "GET", "/", **key)[0] == 403
    assert ask(emulator, "GET", f"/?key={emulator.key}")[0] == 403
    foreign = f"/?X-Amz-Credential={emulator.key}/20260101/{REGION}/s3/aws4_request"
    assert ask(emulator, "GET", foreign, authorization=signed("x", "s3"))[0] == 403


def test_a_presigned_requests_key_is_in_its_query() -> None:
    def asked(key: str) -> Request:
        query = urlencode({"X-Amz-Credential": f"{key}/20260101/{REGION}/s3/aws4_request"})
        return Request("GET", "/bucket/key", query, {"host": "127.0.0.1:80"}, b"")

    assert guard.refusal(asked("KEY"), "KEY", 80) is None
    assert guard.refusal(asked("OTHER"), "KEY", 80)


@pytest.mark.parametrize(("method", "what"), [("POST", "reset"), ("GET", "identity"), ("GET", "nothing")])
def test_the_servers_own_addresses_are_for_the_key_only(
    emulator: Emulator, aws: Client, unique: str, method: str, what: str
) -> None:
    aws("sqs").create_queue(QueueName=unique)
    for headers in ({}, {KEY_HEADER: "x"}, {"authorization": signed(emulator.key, "s3")}):
        assert ask(emulator, method, f"/_rehearsal/{what}", **headers)[0] == 403
    page = {KEY_HEADER: emulator.key, "Origin": "http://evil.example"}
    assert ask(emulator, method, f"/_rehearsal/{what}", **page)[0] == 403
    assert aws("sqs").get_queue_url(QueueName=unique)["QueueUrl"]  # nothing was reset


@pytest.mark.parametrize(
    ("service", "method", "path", "headers"),
    [
        ("ec2", "POST", FUNCTIONS, {}),
        ("kms", "POST", "/moto-api/reset", {"x_amz_target": "TrentService.CreateKey"}),
        ("sns", "POST", FUNCTIONS, {"content_type": "application/x-www-form-urlencoded"}),
        ("sqs", "GET", "/_ministack/health", {}),
        ("backup", "POST", "/_ministack/reset", {}),
        ("lambda", "GET", "/latest/meta-data/", {}),
        ("lambda", "POST", "/", {"x_amz_target": "AmazonSQS.CreateQueue"}),
        ("sns", "POST", "/", {"x_amz_target": "AWSLambda.CreateFunction"}),
        ("sts", "GET", "/?Action=CreateFunction", {}),
        ("nothing-of-aws", "POST", FUNCTIONS, {}),
        ("execute-api", "POST", "/x", {}),
        ("s3", "PUT", "/_ministack/config", {}),
        ("s3", "GET", "/_ministack/rds/iam-auth", {}),
    ],
)
def test_a_path_that_is_no_operation_of_its_service_is_refused(
    emulator: Emulator, service: str, method: str, path: str, headers: dict[str, str]
) -> None:
    body = "Action=CreateTopic&Name=x" if "content_type" in headers else ""
    found = ask(emulator, method, path, body, authorization=signed(emulator.key, service), **headers)
    assert 400 <= found[0] < 500, found


def test_an_object_whose_key_looks_like_another_services_path_is_an_object(emulator: Emulator, aws: Client) -> None:
    """`/2015-03-31/functions` is Lambda's as well as the key `functions` of a bucket."""
    s3, key = aws("s3"), signed(emulator.key, "s3")
    s3.create_bucket(Bucket="2015-03-31", CreateBucketConfiguration={"LocationConstraint": REGION})
    target = {"x_amz_target": "AWSLambda.CreateFunction", "content_type": "text/plain"}
    assert ask(emulator, "PUT", FUNCTIONS, "kept", authorization=key, **target)[0] == 200
    assert s3.get_object(Bucket="2015-03-31", Key="functions")["Body"].read() == b"kept"
    for path in ("/iceberg/v1/config", "/service/x/operation/Y", "/clusters/x", "/v2/apis"):
        assert ask(emulator, "GET", path, authorization=key)[0] == 404


HANDLER = """
import pathlib
pathlib.Path("{file}").write_text("executed")

def handler(event, context):
    pathlib.Path("{file}").write_text("executed")
    return "executed"
"""


def children(pid: int) -> list[str]:
    """The processes that a process has started."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.split()[0] == str(pid)]


def test_no_function_that_is_made_and_invoked_is_executed(
    emulator: Emulator,
    aws: Client,
    moto_alone: Client,
    ministack_alone: Client,
    unique: str,
    tmp_path: Path,
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", HANDLER.format(file=tmp_path / "file"))
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for name, client in (("account", aws), ("moto", moto_alone), ("ministack", ministack_alone)):
        function = {"FunctionName": f"{unique}-{name}", "Role": role, "Code": {"ZipFile": packed.getvalue()}}
        client("lambda").create_function(**function, Runtime="python3.12", Handler="code.handler")
        answer = client("lambda").invoke(FunctionName=f"{unique}-{name}", Payload=b"{}")
        assert b"executed" not in answer["Payload"].read()
        client("lambda").invoke(FunctionName=f"{unique}-{name}", Payload=b"{}", InvocationType="Event")
    assert children(emulator.pid) == []
    assert not (tmp_path / "file").exists()


FORBIDDEN = """
import os, pty, subprocess
from rehearsal.emulator import guard
guard.forbid_processes()
for start in (
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    os.fork,
    os.forkpty,
    lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: os.spawnlp(os.P_WAIT, "true", "true"),
    lambda: os.execlp("true", "true"),
    lambda: os.popen("true"),
    lambda: pty.spawn(["true"]),
):
    try:
        start()
    except PermissionError:
        print("refused")
    else:
        print("started")
"""


def test_python_refuses_every_way_to_start_a_process() -> None:
    ran = subprocess.run([sys.executable, "-c", FORBIDDEN], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["refused"] * 9
