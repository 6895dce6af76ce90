"""An Application Load Balancer's rules in HAProxy's words; the order of priorities holds between all actions."""

import re
from typing import Any

import pytest

from rehearsal.live.balancers.rules import condition_tests, lines
from tests.rehearsal.live.balancers.sample import API, FORWARD, GROUPS, REDIRECT, WEB, rule

PATH = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}


def written(*rules: dict[str, Any], https: bool = False) -> list[str]:
    return lines(rules, GROUPS, {WEB: 1, API: 1}, https=https)


@pytest.mark.parametrize(
    ("condition", "test"),
    [
        ({"Field": "path-pattern", "Values": ["/api/*", "/x?"]}, r"path -m reg '^/api/.*$' '^/x.$'"),
        (
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com"]}},
            r"hdr(host),field(1,:) -m reg -i '^.*\.example\.com$'",
        ),
        ({"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}}, "method 'GET'"),
        ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}, "src '10.0.0.0/8'"),
        (
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-A", "Values": ["it's*"]}},
            r"hdr(X-A) -m reg -i '^it'\''s.*$'",
        ),
        (
            {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "1"}]}},
            "query -m reg '(^|&)v=1(&|$)'",
        ),
    ],
)
def test_conditions(condition: dict[str, Any], test: str) -> None:
    assert condition_tests(condition) == [test]


def test_a_star_that_a_backslash_makes_plain() -> None:
    [test] = condition_tests({"Field": "path-pattern", "Values": [r"/a\*b"]})
    pattern = test.split("'")[1]
    assert re.search(pattern, "/a*b")
    assert not re.search(pattern, "/axb")


def test_the_first_rule_that_fits_is_taken_whatever_its_action() -> None:
    said = written(rule(PATH, Type="forward", TargetGroupArn=API), REDIRECT)
    assert said[:3] == [
        "http-request set-var(txn.rule) int(1) if !{ var(txn.rule) -m found } { path -m reg '^/api/.*$' }",
        "http-request set-var(txn.rule) int(2) if !{ var(txn.rule) -m found }",
        "http-request redirect location https://%[hdr(host),field(1,:)]:443%[pathq] code 301 if "
        "{ var(txn.rule) -m int 2 }",
    ]
    assert said[-1] == "use_backend api if { var(txn.rule) -m int 1 }"


def test_a_redirect_elsewhere() -> None:
    to = {"Host": "new.example.com", "Path": "/moved", "Query": "a=1", "StatusCode": "HTTP_302"}
    [*_, said] = written(rule(priority="default", Type="redirect", RedirectConfig=to), https=True)
    assert "redirect location https://new.example.com:%[dst_port]/moved?a=1 code 302 " in said


def test_a_fixed_response() -> None:
    shut = {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "it's shut"}
    [*_, said] = written(rule(priority="default", Type="fixed-response", FixedResponseConfig=shut))
    assert r"http-request return status 503 content-type 'text/plain' string 'it'\''s shut' if" in said


def test_weights_share_out_requests() -> None:
    shares = [{"TargetGroupArn": WEB, "Weight": 1}, {"TargetGroupArn": API, "Weight": 9}]
    said = written(rule(priority="default", Type="forward", ForwardConfig={"TargetGroups": shares}))
    assert "http-request set-var(txn.draw) rand(10) if { var(txn.rule) -m int 1 }" in said
    assert "use_backend web if { var(txn.rule) -m int 1 } { var(txn.draw) -m int lt 1 }" in said
    assert "use_backend api if { var(txn.rule) -m int 1 } { var(txn.draw) -m int lt 10 }" in said


def test_signing_in_is_not_here() -> None:
    said = written(rule(PATH, Type="authenticate-oidc"), FORWARD)
    assert "http-request return status 501 if { var(txn.rule) -m int 1 }" in said
