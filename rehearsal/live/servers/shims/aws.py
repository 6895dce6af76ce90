#!/usr/bin/env python3
"""The AWS CLI's calls that a server makes at its boot. Standard library only, as it starts often.

Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

METADATA = "http://169.254.169.254/latest"
TIMEOUT = 60
"""Seconds: the CLI's own limits for connecting and reading."""

JSON_CALLS = {
    ("secretsmanager", "get-secret-value"): ("secretsmanager.GetSecretValue", "1.1", {"--secret-id": "SecretId"}),
    ("ssm", "get-parameter"): ("AmazonSSM.GetParameter", "1.1", {"--name": "Name"}),
    ("ecr", "get-login-password"): ("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "1.1", {}),
}


def main(words: list[str]) -> None:
    """Make the call and print what the CLI would."""
    service, call, *rest = words
    options, plain = split(rest)
    region = options.get("--region") or os.environ.get("AWS_REGION", "us-east-1")
    if (service, call) == ("s3api", "get-object"):
        path = "/{}/{}".format(options["--bucket"], urllib.parse.quote(options["--key"]))
        query = {"versionId": options["--version-id"]} if "--version-id" in options else {}
        Path(plain[0]).write_bytes(ask("s3", region, "GET", path, query, {}, b""))
        print("{}")
        return
    if (service, call) not in JSON_CALLS:
        raise SystemExit(f"aws: the live rehearsal's servers have no {service} {call}")
    target, version, names = JSON_CALLS[service, call]
    body: dict[str, object] = {names[name]: value for name, value in options.items() if name in names}
    if "--with-decryption" in options:
        body["WithDecryption"] = True
    headers = {"x-amz-target": target, "content-type": "application/x-amz-json-" + version}
    found = json.loads(ask(service, region, "POST", "/", {}, headers, json.dumps(body).encode()))
    if service == "ecr":
        print(base64.b64decode(found["authorizationData"][0]["authorizationToken"]).decode().partition(":")[2])
    else:
        print(json.dumps(found, indent=4))


def split(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the options and what isn't one."""
    options: dict[str, str] = {}
    plain: list[str] = []
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--with-decryption":
            options[word] = ""
        elif word.startswith("--"):
            options[word] = words.pop(0)
        else:
            plain.append(word)
    return options, plain


def credentials() -> tuple[str, str, str]:
    """Return access key, secret key and token: of the environment, or of the server's role."""
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return (
            os.environ["AWS_ACCESS_KEY_ID"],
            os.environ["AWS_SECRET_ACCESS_KEY"],
            os.environ.get("AWS_SESSION_TOKEN", ""),
        )
    asked = urllib.request.Request(
        METADATA + "/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    )
    token = urllib.request.urlopen(asked, timeout=5).read().decode()
    role = _metadata(token, "iam/security-credentials/").strip()
    found = json.loads(_metadata(token, "iam/security-credentials/" + role))
    return found["AccessKeyId"], found["SecretAccessKey"], found["Token"]


def _metadata(token: str, path: str) -> str:
    asked = urllib.request.Request(METADATA + "/meta-data/" + path, headers={"X-aws-ec2-metadata-token": token})
    text: bytes = urllib.request.urlopen(asked, timeout=5).read()
    return text.decode()


def ask(
    service: str, region: str, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> bytes:
    """Make a signed call and return the answer's body."""
    key, secret, token = credentials()
    endpoint = os.environ["AWS_ENDPOINT_URL"].rstrip("/")
    host = urllib.parse.urlsplit(endpoint).netloc
    now = time.gmtime()
    stamp, day = time.strftime("%Y%m%dT%H%M%SZ", now), time.strftime("%Y%m%d", now)
    digest = hashlib.sha256(body).hexdigest()
    signed = {**headers, "host": host, "x-amz-date": stamp, "x-amz-content-sha256": digest}
    if token:
        signed["x-amz-security-token"] = token
    names = sorted(signed)
    text = urllib.parse.urlencode(sorted(query.items()))
    canonical = "\n".join(
        [method, path, text, *(f"{name}:{signed[name]}" for name in names), "", ";".join(names), digest]
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    told = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    made = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request", told):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    signed["authorization"] = "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}".format(
        key, scope, ";".join(names), made.hex()
    )
    del signed["host"]
    url = endpoint + path + ("?" + text if text else "")
    asked = urllib.request.Request(url, data=body if method == "POST" else None, method=method, headers=signed)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    answer: bytes = opener.open(asked, timeout=TIMEOUT).read()
    return answer


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except urllib.error.HTTPError as error:
        sys.exit("aws: {} {}".format(error.code, error.read()[:500].decode(errors="replace")))
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"aws: {type(error).__name__}: {error}")
