"""Commands of runbooks that the test on the shared stack leaves out: they change it, or need more. Who runs them."""

import re

OPERATIONS = "tests/engine/test_ops_failover.py"
LEAVING = "tests/engine/test_leaving.py"

ELSEWHERE: dict[str, tuple[str, str]] = {
    # Users go away and back, with each of these under the rights that it asks for.
    "ha-web failover --(region-lost|force)": (OPERATIONS, 'command("failover"'),
    "ha-web switchover": (OPERATIONS, 'command("switchover"'),
    "ha-web failback": (OPERATIONS, 'command("failback"'),
    "ha-web report --out .*": (OPERATIONS, '"report"'),
    "ha-web failback --(give-up-sessions|files-copied)": ("tests/ops/failback/test_command.py", "give_up_sessions"),
    # They leave recovery points in vaults that nobody may empty.
    "ha-web backup start": ("tests/ops/backup/test_command.py", '"start"'),
    "ha-web backup copy": ("tests/ops/backup/test_command.py", '"copy"'),
    "ha-web restore test": ("tests/ops/restore/test_command.py", '"test"'),
    "ha-web restore (apply|serve) .*": ("tests/ops/restore/test_apply.py", 'types("serve", "r1"'),
    "pulumi config set --path 'ha-web:database.keepFirst' false": (
        "tests/components/site/test_arguments.py",
        "keepFirst=False",
    ),
    "pulumi config set --path 'ha-web:storage.showRestored' (true|false)": (
        "tests/components/site/test_arguments.py",
        "storage.show_restored",
    ),
    "aws rds modify-db-cluster .* --no-deletion-protection .*": (
        "tests/rehearsal/emulator/corrections/test_rds.py",
        "DeletionProtection=False",
    ),
    # They write a file whose gaps are the account's, or need somebody who has stolen something.
    "ha-web evidence --out .*": ("tests/ops/evidence/test_command.py", '"--out"'),
    "aws (iam|kms) .*-(key|policy|deletion) .*": ("tests/docs/test_stolen_credentials.py", "type_all(shell"),
    # They change or end the stack.
    "pulumi up( --refresh)?": ("tests/engine/test_lifecycle.py", '"up"'),
    "pulumi preview --refresh --diff": ("tests/engine/test_drift.py", '"--refresh"'),
    "pulumi destroy --continue-on-error": (LEAVING, "the_readmes_commands()"),
    # The function itself, which is only started where the data plane lives.
    'aws lambda invoke .*"plan".*': ("tests/rehearsal/live/functions/test_system.py", '{"action": "plan"}'),
    'aws lambda invoke .*"failover".*': ("rehearsal/drill/scenarios/regions.py", '{"action": "failover"}'),
    # AWS takes it of a secondary only, for which this stack would have to fail over.
    "aws rds modify-db-cluster .* --enable-global-write-forwarding": (
        "tests/components/failover/test_runtime.py",
        '"EnableGlobalWriteForwarding": True',
    ),
    # Of a site with such a plan.
    "aws arc-region-switch start-plan-execution .*": (
        "tests/rehearsal/aws_plugin/services/test_arcregionswitch.py",
        "arcregionswitch",
    ),
}
"""By the whole command as a pattern: a file, and words in it."""


def is_run_here(command: str) -> bool:
    """Whether the test of the runbooks on the shared stack runs a command."""
    return not any(re.fullmatch(pattern, command) for pattern in ELSEWHERE)
