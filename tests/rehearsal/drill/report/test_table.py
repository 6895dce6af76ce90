from rehearsal.drill.report.table import table
from tests.rehearsal.drill.simulated import drill


def test_the_table_has_a_line_a_scenario_and_says_what_was_missed() -> None:
    lines = table(drill()).splitlines()
    assert len([line for line in lines if line.endswith("  met")]) == 5
    (missed,) = [line for line in lines if line.endswith("  MISSED")]
    assert missed.startswith("The session primary is killed while replicas lag")
    assert any(line.startswith("MISSED  The session primary is killed while replicas lag: age of") for line in lines)
    assert lines[-1].startswith("1 scenario of 6 missed what was promised")
    assert all(len(line) <= 140 for line in lines)
