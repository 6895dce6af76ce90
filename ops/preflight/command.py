"""Check what a preview can't: whether this account has, allows and offers what the first `pulumi up` of a stack needs.

It only reads. Credentials and profile are those of the environment, as for the AWS CLI.

Exit codes: 0 nothing will fail (what can't be told is shown), 1 something will fail, 2 wrong usage, 3 it could not be
asked: no credentials, nothing was answered, no such stack, wrong settings; 130 interrupted.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence

import boto3

from ops.core.entry import guarded
from ops.core.errors import DONE, NOT_ASKED, NOT_DONE, OpsError
from ops.preflight.check import failures, run
from ops.preflight.checks.every import CHECKS
from ops.preflight.collect import clients, collect, is_emulated
from ops.preflight.dns_lookup import Resolver, ask, look_up
from ops.preflight.facts import Unanswered, why_nothing
from ops.preflight.policy import policy
from ops.preflight.report import as_json, text
from ops.preflight.stack_file import read_site

NO_CREDENTIALS = (
    "no AWS credentials in the environment; sign in (aws sts get-caller-identity shows as whom), "
    "or check against the rehearsal: make preflight STACK=local"
)


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web preflight", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--stack",
        default=os.environ.get("HA_WEB_STACK", "prod"),
        help="whose settings to check, in Pulumi.<stack>.yaml; $HA_WEB_STACK, else prod, by default",
    )
    options.add_argument("--json", action="store_true", help="print the report as JSON")
    options.add_argument("--policy", action="store_true", help="print the IAM policy that this needs, and ask nothing")
    options.add_argument("--endpoint-url", help="ask there instead of AWS; AWS_ENDPOINT_URL does the same")
    return options


def main(arguments: Sequence[str], resolver: Resolver = ask) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return guarded(lambda: _run(options, resolver))


def _run(options: argparse.Namespace, resolver: Resolver) -> int:
    site = read_site(options.stack)
    if options.policy:
        print(json.dumps(policy(site), indent=2))
        return DONE
    session = boto3.Session()
    if session.get_credentials() is None:
        raise OpsError(NO_CREDENTIALS, NOT_ASKED)
    client = clients(session, options.endpoint_url)
    emulated = is_emulated(client, site)
    facts = collect(site, client)
    if reason := why_nothing(facts):
        raise OpsError(reason, NOT_ASKED)
    look_up(site, facts, nowhere if emulated else resolver)
    lines = run(CHECKS, site, facts)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(
        as_json(site, lines, emulated=emulated) if options.json else text(site, lines, emulated=emulated, colour=colour)
    )
    return NOT_DONE if failures(lines) else DONE


def nowhere(_name: str, _kind: str) -> list[str]:
    """Answer for the public DNS, which knows nothing of an emulated account."""
    raise Unanswered("the account is emulated, and the public DNS doesn't know it")
