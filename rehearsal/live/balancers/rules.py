"""The rules of an Application Load Balancer's listener in HAProxy's words. Pure.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rehearsal.live.balancers.model import TargetGroup, weighted

RULE = "txn.rule"
DRAW = "txn.draw"
"""A random number of a forward action with weights."""


def lines(
    rules: Sequence[Mapping[str, Any]], groups: Mapping[str, TargetGroup], fewest: Mapping[str, int], *, https: bool
) -> list[str]:
    """Return what a frontend says for a listener's rules, which come in the order of their priorities.

    Args:
        rules: the rules as DescribeRules has them.
        groups: target groups by ARN.
        fewest: healthy targets, by ARN of the group, below which requests go to all targets.
        https: whether the listener ends TLS.
    """
    chosen, forwarded = [], []
    for number, rule in enumerate(rules, 1):
        tests = [f"{{ {test} }}" for condition in rule.get("Conditions", ()) for test in condition_tests(condition)]
        unless = f"!{{ var({RULE}) -m found }}"
        chosen.append(f"http-request set-var({RULE}) int({number}) if {' '.join([unless, *tests])}")
        this = f"{{ var({RULE}) -m int {number} }}"
        for action in rule["Actions"]:
            if action["Type"] == "forward":
                forwarded += _forward(action, groups, fewest, this)
            else:
                chosen.append(_answer(action, this, https))
    return [*chosen, *forwarded]


def condition_tests(condition: Mapping[str, Any]) -> list[str]:
    """Return the tests of a condition, without braces; one is enough per list of values, all of several hold."""
    name = condition["Field"]
    if name == "query-string":
        pairs = condition.get("QueryStringConfig", {}).get("Values", ())
        # One of several pairs is enough, which HAProxy has no list for: one expression over the whole query.
        return [f"query -m reg {word('|'.join(_pair(pair) for pair in pairs))}"]
    fetch, config = {
        "host-header": ("hdr(host),field(1,:) -m reg -i", "HostHeaderConfig"),
        "path-pattern": ("path -m reg", "PathPatternConfig"),
        "http-request-method": ("method", "HttpRequestMethodConfig"),
        "source-ip": ("src", "SourceIpConfig"),
        "http-header": ("", "HttpHeaderConfig"),
    }[name]
    said = condition.get(config, {})
    if name == "http-header":
        fetch = f"hdr({said['HttpHeaderName']}) -m reg -i"
    values = said.get("Values") or condition.get("Values", ())
    patterns = [_pattern(value) for value in values] if "-m reg" in fetch else list(values)
    patterns += said.get("RegexValues", ())
    return [f"{fetch} {' '.join(word(each) for each in patterns)}"]


def _pattern(value: str) -> str:
    """Return the expression for a value with `*` and `?`, which a backslash makes plain."""
    parts = re.findall(r"\\[*?\\]|[*?]|[^*?\\]+|\\", value)
    signs: dict[str, str] = {"*": ".*", "?": "."}
    return f"^{''.join(signs.get(part) or re.escape(part.removeprefix(chr(92)) or part) for part in parts)}$"


def _pair(pair: Mapping[str, str]) -> str:
    value = _pattern(pair["Value"])[1:-1].replace(".*", "[^&]*")
    key = _pattern(pair["Key"])[1:-1] if pair.get("Key") else "[^=&]*"
    return f"(^|&){key}={value}(&|$)"


def word(text: str) -> str:
    """Return a word of a configuration."""
    return "'" + text.replace("'", "'\\''") + "'"


def _forward(
    action: Mapping[str, Any], groups: Mapping[str, TargetGroup], fewest: Mapping[str, int], this: str
) -> list[str]:
    shares = [(groups[arn], weight) for arn, weight in weighted(action) if arn in groups]
    total = sum(weight for _, weight in shares)
    found = []
    if len(shares) > 1 and total:
        found.append(f"http-request set-var({DRAW}) rand({total}) if {this}")
    below = 0
    for group, weight in shares:
        below += weight
        if not weight and total:
            continue
        share = f" {{ var({DRAW}) -m int lt {below} }}" if len(shares) > 1 and total else ""
        found.append(
            f"use_backend open-{group.name} if {this}{share} {{ nbsrv({group.name}) lt {fewest.get(group.arn, 1)} }}"
        )
        found.append(f"use_backend {group.name} if {this}{share}")
    # http-request lines come before use_backend lines, whatever the order: HAProxy warns otherwise.
    return sorted(found, key=lambda line: not line.startswith("http-request"))


def _answer(action: Mapping[str, Any], this: str, https: bool) -> str:
    """Return the line of an action that the balancer answers by itself."""
    answers: dict[str, Callable[[], str]] = {
        "redirect": lambda: _redirect(action["RedirectConfig"], https),
        "fixed-response": lambda: _fixed(action["FixedResponseConfig"]),
    }
    # Users who have to sign in first can't, here.
    made = answers.get(action["Type"], lambda: "return status 501")
    return f"http-request {made()} if {this}"


def _redirect(said: Mapping[str, str], https: bool) -> str:
    """Return a redirect. Placeholders: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html."""
    protocol, port = said.get("Protocol", "#{protocol}"), said.get("Port", "#{port}")
    host, path, query = said.get("Host", "#{host}"), said.get("Path", "/#{path}"), said.get("Query", "#{query}")
    text = f"{protocol}://{host}:{port}{path}"
    values = {
        "#{protocol}": "https" if https else "http",
        "#{host}": "%[hdr(host),field(1,:)]",
        "#{port}": "%[dst_port]",
        "/#{path}": "%[path]",
        "#{path}": "%[path,regsub(^/,)]",
    }
    for name, value in values.items():
        text = text.replace(name, value)
    asked = "%[query,regsub(^,?)]" if query == "#{query}" else f"?{query}" if query else ""
    if query == "#{query}":
        # A request without a query is sent on without the question mark.
        text = text.replace("%[path]", "%[pathq]") if "%[path]" in text else text + asked
    else:
        text += asked
    return (
        f"redirect location {text.replace('HTTPS', 'https').replace('HTTP:', 'http:')} code {said['StatusCode'][-3:]}"
    )


def _fixed(said: Mapping[str, str]) -> str:
    body = said.get("MessageBody", "")
    kind = f" content-type {word(said['ContentType'])}" if said.get("ContentType") and body else ""
    return f"return status {said['StatusCode']}{kind}" + (f" string {word(body)}" if body else "")
