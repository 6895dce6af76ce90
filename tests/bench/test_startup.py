import subprocess
import sys
from pathlib import Path

from bench import startup
from rehearsal.home import CHECKOUT


def test_code_is_timed_in_a_python_of_its_own(tmp_path: Path) -> None:
    spent = startup.spent("import time\ntime.sleep(0.2)", tmp_path)

    assert spent.clock >= 0.2
    assert spent.processor < 0.2


def test_only_the_imports_of_a_program_are_taken(tmp_path: Path) -> None:
    program = tmp_path / "__main__.py"
    program.write_text("import json\nfrom os import path as p\nraise SystemExit(1)\n")

    assert startup.imports_of(program) == "import json\nfrom os import path as p"


def test_the_start_of_the_real_program_runs_without_an_engine() -> None:
    values = {
        "domain": "www.example.com",
        "zone": "example.com",
        "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"},
    }

    assert startup.spent(startup.whole(CHECKOUT / "__main__.py", values), CHECKOUT).clock > 0


def test_the_components_import_no_firewall_for_clusters_without_one() -> None:
    code = "import sys, ha_web; print('pulumi_aws.wafv2._inputs' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_the_floor_has_each_class_once() -> None:
    types = ["aws:ec2/vpc:Vpc", "aws:s3/bucket:Bucket", "aws:ec2/vpc:Vpc"]

    assert startup.sdk_of(types) == "import pulumi_aws\npulumi_aws.ec2.Vpc\npulumi_aws.s3.Bucket"
