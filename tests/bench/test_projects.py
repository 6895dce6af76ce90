from pathlib import Path

from bench import projects, startup
from rehearsal.home import CHECKOUT


def test_the_parts_are_the_program_without_its_site(tmp_path: Path) -> None:
    whole, parts = projects.site(tmp_path / "site"), projects.parts(tmp_path / "parts")

    differing = {
        path.relative_to(whole).as_posix()
        for path in whole.rglob("*")
        if path.is_file() and path.read_bytes() != (parts / path.relative_to(whole)).read_bytes()
    }
    assert differing == {"__main__.py"}


def test_the_program_of_the_parts_is_one() -> None:
    values = {
        "domain": "www.example.com",
        "zone": "example.com",
        "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"},
    }

    assert startup.spent(startup.whole(projects.PARTS, values), CHECKOUT).clock > 0
