"""Commands of runbooks that the test on the shared stack leaves out: they change it, or need more. Who runs them."""

import re

OPERATIONS = "tests/engine/test_ops_failover.py"
LEAVING = "tests/engine/test_leaving.py"

ELSEWHERE: dict[str, tuple[str, str]] = {
    # Users go away and back, with each of these under the rights that it asks for.
    "ha-web failover --(region-lost|force)": (OPERATIONS, 'command("failover"'),
    "ha-web switchover": (OPERATIONS, 'command("switchover"'),
    "ha-web failback": (OPERATIONS, 'command("failback"'),
    # An `up` each, whose dry runs are typed here; and files, which this stack doesn't have.
    "ha-web restore apply database --to \\S+": ("tests/ops/restore/test_apply.py", 'types("apply", "database"'),
    "ha-web restore serve r1": ("tests/ops/restore/test_apply.py", 'types("serve", "r1"'),
    "ha-web restore apply files .*": ("tests/ops/restore/test_apply.py", 'types("apply", "files"'),
    # They need somebody who has stolen something.
    "aws (iam|kms) .*-(key|policy|deletion) .*": ("tests/docs/test_stolen_credentials.py", "type_all(shell"),
    # They change or end the stack.
    "pulumi up( --refresh)?": ("tests/engine/test_lifecycle.py", '"up"'),
    "pulumi preview --refresh --diff": ("tests/engine/test_drift.py", '"--refresh"'),
    "pulumi destroy --continue-on-error": (LEAVING, "the_readmes_commands()"),
    # The function itself, which is only started where the data plane lives.
    'aws lambda invoke .*"plan".*': ("tests/rehearsal/live/functions/test_system.py", '{"action": "plan"}'),
    'aws lambda invoke .*"failover".*': ("rehearsal/drill/scenarios/regions.py", '{"action": "failover"}'),
    # Of a site with such a plan.
    "aws arc-region-switch start-plan-execution .*": (
        "rehearsal/drill/scenarios/region_switch.py",
        "start_plan_execution",
    ),
}
"""By the whole command as a pattern: a file, and words in it."""


def is_run_here(command: str) -> bool:
    """Whether the test of the runbooks on the shared stack runs a command."""
    return not any(re.fullmatch(pattern, command) for pattern in ELSEWHERE)
