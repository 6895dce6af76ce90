"""Where a preview's time goes: processes below this one, told apart by their command lines."""

import subprocess
import sys

import pytest

from bench.processes import Used, Watch, below, memory_of, part_of, processor_of, used_by

BUSY = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("/home/x/bin/pulumi preview --stack prod", "engine"),
        ("python -u -m pulumi.policy 127.0.0.1:1 /work/policies", "policy pack"),
        ("python -m rehearsal.aws_plugin 127.0.0.1:1", "aws plugin"),
        ("/home/x/plugins/pulumi-resource-aws 127.0.0.1:1", "aws plugin"),
        ("python /x/rehearsal/language_host/server.py 127.0.0.1:1", "language host"),
        ("/opt/pulumi-language-python 127.0.0.1:1", "language host"),
        ("python -u /x/rehearsal/language_host/program.py", "program"),
        ("python -u /opt/pulumi-language-python-exec --monitor 127.0.0.1:1", "program"),
        ("python -m rehearsal.emulator.server /x", "emulated AWS"),
        ("git status", "other"),
    ],
)
def test_a_process_is_of_a_part(command: str, part: str) -> None:
    assert part_of(command.split(" ")) == part


def test_processes_below_one_are_found_at_any_depth() -> None:
    assert sorted(below(10, {10: 1, 11: 10, 12: 11, 13: 1, 14: 99})) == [11, 12]


def test_fields_are_read_after_a_name_with_spaces() -> None:
    fields = ["S", "1", *("0" for _ in range(9)), "100", "50"]

    assert processor_of(f"7 (a (b) c) {' '.join(fields)}") == pytest.approx(1.5, rel=0.5)
    assert memory_of("Name:\tx\nVmHWM:\t  2048 kB\n") == 2.0
    assert memory_of("Name:\tx\n") == 0.0


def test_what_ran_before_counts_only_what_it_uses_meanwhile() -> None:
    watch = Watch(seen={7: ("engine", Used(5.0, 10.0))}, before={7: 4.0})

    assert watch.parts() == {"engine": Used(1.0, 10.0)}


def test_the_processor_time_of_a_child_is_seen() -> None:
    found = used_by(lambda: subprocess.run([sys.executable, "-c", BUSY], check=True))

    assert 0.1 < found["other"].processor < 3
    assert found["other"].memory > 1
