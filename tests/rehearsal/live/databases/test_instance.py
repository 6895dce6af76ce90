"""What an instance leaves behind, and doesn't stumble over."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rehearsal.live.databases.instance import Instance
from rehearsal.live.databases.model import InstanceSpec


def made(folder: Path) -> Instance:
    host: Any = SimpleNamespace()
    spec = InstanceSpec("db-1", "eu-west-1a", "db-1.rds.amazonaws.com", 0)
    instance = Instance(host, host, "eu-west-1", spec, "10.0.0.9", folder, "secret")
    instance._data.mkdir()
    return instance


def test_the_lock_of_a_server_that_was_killed_stops_no_other(tmp_path: Path) -> None:
    instance = made(tmp_path)
    for name in (".s.PGSQL.15432", ".s.PGSQL.15432.lock", "data/postmaster.pid"):
        (tmp_path / name).write_text("278")
    instance._configure("10.0.0.1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
    assert "postmaster.pid" not in [path.name for path in instance._data.iterdir()]


def test_only_who_follows_is_a_standby(tmp_path: Path) -> None:
    instance = made(tmp_path)
    instance._configure("10.0.0.1")
    assert (instance._data / "standby.signal").exists()
    assert "host=10.0.0.1" in (instance._data / "postgresql.auto.conf").read_text()
    instance._configure("")
    assert not (instance._data / "standby.signal").exists()
    assert (instance._data / "postgresql.auto.conf").read_text() == (
        "primary_conninfo = ''\nsynchronous_standby_names = ''\n"
    )
