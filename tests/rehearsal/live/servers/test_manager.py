"""A server of its own: the commands of its boot reach its service manager, which keeps units running and stops them."""

from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.live.conftest import Inside

SCENE = '''
import os, shutil, subprocess
from rehearsal.live.servers.manager import Manager
from rehearsal.live.servers.tree import Tree, environment, mount_script, prepare

UNIT = """\\
[Service]
User=ha-web
ExecStart=/bin/bash -c 'id -un >who; trap "echo asked >>said; exit 0" TERM; echo run >>said; \\\\
while true; do sleep 0.1; done'
WorkingDirectory=/srv
EnvironmentFile=-/etc/app/missing
Restart=always
RestartSec=0.2
TimeoutStopSec=5
KillMode=mixed
StandardOutput=append:/var/log/app.log
StateDirectory=app
"""

async def stand(fabric, folder):
    """A server that has booted nothing yet."""
    host = await fabric.add_host("i-1", ["10.0.0.1"], Place("eu-west-1", "eu-west-1a"))
    tree = Tree(Path(folder) / "i-1")
    bundle = Path(folder) / "bundle.pem"
    bundle.write_text("authorities")
    prepare(tree, "ip-10-0-0-1", bundle, "169.254.169.253")
    subprocess.run(["sh", "-c", mount_script(tree)], check=True)
    said = []

    async def mount(system, point, where):
        if system != "fs-1":
            raise LookupError(f"{system}: no such file system")
        said.append([system, point, str(where.relative_to(tree.root))])

    manager = Manager(host, tree, {"EXTRA": "1"}, mount, said.append, said.append)
    await manager.listen()
    return host, tree, manager, said

async def shell(host, tree, script):
    """Run a script as root of the server; return its exit code and output."""
    log = tree.folder / "shell.log"
    log.unlink(missing_ok=True)
    process = await host.start(["/bin/bash", "-c", script], env=environment({}), root=tree.root, log=log)
    return [await process.wait(), log.read_text()]

async def until(test, seconds=10):
    for _ in range(int(seconds / 0.05)):
        if test():
            return True
        await asyncio.sleep(0.05)
    return False
'''


def run(inside: Inside, folder: Path, body: str) -> Any:
    return inside(SCENE + body, folder=str(folder))


def test_a_unit_is_started_kept_running_and_asked_to_end(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    host, tree, manager, said = await stand(fabric, folder)
    file = tree.at("/etc/systemd/system/app.service")
    file.parent.mkdir(parents=True)
    file.write_text(UNIT)
    start = await shell(host, tree, "set -e; useradd --system ha-web; systemctl daemon-reload; "
                        "systemctl enable app; systemctl restart app; systemctl is-active app")
    lines = tree.at("/srv/said")
    await until(lambda: lines.exists() and "run" in lines.read_text())
    who = tree.at("/srv/who").read_text().strip()
    first = manager.services["app.service"].process.pid
    manager.services["app.service"].process.kill()
    again = await until(lambda: lines.read_text().count("run") == 2)
    second = manager.services["app.service"].process.pid
    stop = await shell(host, tree, "systemctl disable --now app; systemctl is-active app")
    none = await shell(host, tree, "systemctl start nothing")
    await asyncio.sleep(0.5)
    await manager.aclose()
    return {"start": start, "who": who, "again": again, "other": first != second, "stop": stop, "none": none,
            "lines": lines.read_text().split(), "said": said, "state": tree.at("/var/lib/app").is_dir()}
""",
    )
    assert found["start"] == [0, "active\n"]
    assert found["who"] == "ha-web"
    assert found["again"]
    assert found["other"]
    assert found["stop"] == [1, "inactive\n"]
    assert found["none"] == [1, "systemctl: Unit nothing.service not found.\n"]
    assert found["lines"] == ["run", "run", "asked"]
    assert found["said"] == ["app.service ended with -9"]
    assert found["state"]


def test_what_a_server_sees(inside: Inside, tmp_path: Path) -> None:
    [code, output] = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    host, tree, manager, said = await stand(fabric, folder)
    return await shell(host, tree, '''
        cat /etc/ssl/certs/ca-certificates.crt; echo
        cat /etc/resolv.conf | head -1
        python3.12 -c 'import sys; print(sys.version_info >= (3, 11))'
        touch /usr/harm 2>/dev/null || echo "the machine's programs are not written to"
        touch /usr/local/sbin/mine && echo "its own are"
        ls /work /home 2>/dev/null | wc -l
    ''')
""",
    )
    assert output.splitlines() == [
        "authorities",
        "nameserver 169.254.169.253",
        "True",
        "the machine's programs are not written to",
        "its own are",
        "0",
    ]
    assert code == 0
    assert not Path("/usr/harm").exists()
    assert not Path("/usr/local/sbin/mine").exists()


@pytest.mark.parametrize(("system", "code"), [("fs-1", 0), ("fs-2", 1)])
def test_the_file_system_in_the_table_is_mounted(system: str, code: int, inside: Inside, tmp_path: Path) -> None:
    found = inside(
        SCENE
        + """
async def test(fabric, folder, system):
    host, tree, manager, said = await stand(fabric, folder)
    tree.at("/etc/fstab").write_text(f"{system}:/ /srv/files efs _netdev,tls,iam,accesspoint=fsap-1 0 0\\\\n")
    before = await shell(host, tree, "mountpoint -q /srv/files")
    mounted = await shell(host, tree, "mount /srv/files")
    after = await shell(host, tree, "mountpoint -q /srv/files")
    return {"before": before[0], "mounted": mounted, "after": after[0], "said": said}
""",
        folder=str(tmp_path),
        system=system,
    )
    assert found["before"] == 1
    assert found["mounted"][0] == code
    assert found["after"] == code
    assert found["said"] == ([["fs-1", "fsap-1", "srv/files"]] if code == 0 else [])


def test_the_agent_of_the_logs_is_told_its_configuration(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    host, tree, manager, said = await stand(fabric, folder)
    done = await shell(host, tree, "dnf install -y -q amazon-cloudwatch-agent logrotate && "
        "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -s -c file:/etc/logs.json")
    missing = await shell(host, tree, "dnf install -y a-package-that-is-nowhere")
    return {"done": done, "said": said, "missing": missing}
""",
    )
    assert found["done"][0] == 0
    assert found["said"] == ["/etc/logs.json"]
    assert found["missing"][0] == 1
    assert "a-package-that-is-nowhere" in found["missing"][1]
