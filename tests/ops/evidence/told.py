"""What the file says of a stack that was drilled, failed over and restored on trial."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.backup.facts import Facts
from ops.evidence.contents import contents
from ops.evidence.restores import of_jobs, of_journal
from ops.restore.measured import said
from tests.ops.backup.test_verdict import GOOD
from tests.ops.report.told import ENTRY, NOW, STACK, drill, result

ROLE = "arn:aws:iam::123456789012:role/restore"
PLAN = "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:prod_site"
AT = datetime.fromtimestamp(NOW - 86_400, UTC)
JOB: dict[str, Any] = {
    "RecoveryPointArn": "point",
    "SourceResourceArn": "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1",
    "ResourceType": "EFS",
    "IamRoleArn": ROLE,
    "CreationDate": AT,
    "CompletionDate": AT + timedelta(seconds=300),
    "Status": "COMPLETED",
    "ValidationStatus": "SUCCESSFUL",
    "ValidationStatusMessage": "available",
    "CreatedBy": {"RestoreTestingPlanArn": PLAN},
}
TRIAL: dict[str, Any] = {
    "operation": "restore test",
    "who": "ann@laptop",
    "began": NOW - 7200,
    "ended": NOW - 3600,
    "outcome": "done",
    "steps": [
        {"kind": "start", "text": "restore Aurora site-db, as it was 3h ago, as trial", "outcome": "job 1"},
        {"kind": "check", "text": "check Aurora site-db as restored", "outcome": said(1260, "trial available")},
    ],
}
FACTS = replace(GOOD, site=STACK.site, now=NOW)
ASKED = {"by": "arn:aws:sts::123456789012:assumed-role/auditor/ann", "account": "123456789012"}
MEASURED = replace(STACK, objectives={"zone": {"recovery": "2m"}})


def told(
    *drills: dict[str, Any],
    facts: Facts = FACTS,
    jobs: tuple[dict[str, Any], ...] = (JOB,),
    entries: tuple[dict[str, Any], ...] = (TRIAL, TRIAL, ENTRY),
    unread: tuple[str, ...] = (),
    stack: Any = MEASURED,
) -> dict[str, Any]:
    tested = [*of_jobs(jobs, ROLE), *of_journal(entries)]
    return contents(stack, facts, ASKED, tested, entries, drills or (drill(result("zone", 70.0)),), unread, 30)
