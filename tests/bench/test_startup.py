import subprocess
import sys
from pathlib import Path

from bench import startup
from rehearsal.home import CHECKOUT


def test_code_is_timed_in_a_python_of_its_own(tmp_path: Path) -> None:
    spent = startup.spent("import time\ntime.sleep(0.2)", tmp_path)

    assert spent.clock >= 0.2
    assert spent.processor < 0.2


def test_a_program_is_taken_up_to_its_last_import(tmp_path: Path) -> None:
    program = tmp_path / "__main__.py"
    program.write_text("import gc\ngc.collect()\nfrom os import path as p\nraise SystemExit(1)\n")

    assert startup.imports_of(program) == "import gc\ngc.collect()\nfrom os import path as p"


def test_the_start_of_the_real_program_runs_without_an_engine() -> None:
    values = {
        "domain": "www.example.com",
        "zone": "example.com",
        "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"},
    }

    assert startup.spent(startup.whole(CHECKOUT / "__main__.py", values), CHECKOUT).clock > 0


SERVICES = {
    *("acm", "autoscaling", "backup", "cloudwatch", "ec2", "elasticache", "iam", "kms", "lb", "route53", "s3"),
    *("secretsmanager", "sns"),
}
"""What every cluster needs. Firewall, database and shared files are loaded by who asks for them: wafv2 takes 0.3 s."""


def test_the_components_import_the_services_that_every_cluster_needs_and_no_other() -> None:
    code = "\n".join(
        [
            "import sys",
            "from ha_web import *",
            "print(*(m for m in sys.modules if m.startswith('pulumi_aws.') and m.endswith('._inputs')))",
        ]
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = {module.split(".")[1] for module in done.stdout.split()}
    assert loaded - {"_inputs"} == SERVICES  # the SDK's own, of no service


def test_the_floor_has_each_class_once() -> None:
    types = ["aws:ec2/vpc:Vpc", "aws:s3/bucket:Bucket", "aws:ec2/vpc:Vpc"]

    assert startup.sdk_of(types).splitlines() == [
        "from program.gc_threshold import raise_threshold",
        "raise_threshold()",
        "import pulumi_aws",
        "pulumi_aws.ec2.Vpc",
        "pulumi_aws.s3.Bucket",
    ]
