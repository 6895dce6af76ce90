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


def test_the_balancers_tls_ends_on_the_server_until_the_application_has_stopped(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    from dataclasses import replace
    from ha_web.application.server import tls
    from rehearsal.live.authority import Authority
    from rehearsal.live.balancers.running import Running
    from rehearsal.live.balancers.slots import Slots
    from tests.rehearsal.live.balancers.sample import GROUPS, WEB, balancer, node, target

    host, tree, manager, said = await stand(fabric, folder)
    certificate = Authority(Path(folder) / "authority").certificate("ha-web")
    files = {
        "/etc/systemd/system/ha-web-app.service": "[Service]\\nWorkingDirectory=/srv\\nKillMode=mixed\\nExecStart="
            "/bin/bash -c 'python3 -m http.server 8080 & trap \\"curl -skw %%{http_code} -o /dev/null "
            "https://127.0.0.1:8443/healthz >/srv/last; exit\\" TERM; wait'\\n".replace("%%", "%"),
        "/etc/systemd/system/ha-web-tls.service": tls.unit(),
        tls.CONFIGURATION: tls.configuration(8443, 8080, "http/1.1"),
        tls.CERTIFICATE: certificate.combined.read_text(),
        "/srv/healthz": "well",
    }
    for name, text in files.items():
        tree.at(name).parent.mkdir(parents=True, exist_ok=True)
        tree.at(name).write_text(text)
    done = await shell(host, tree, "dnf install -y -q haproxy && systemctl restart ha-web-app ha-web-tls")

    users = await fabric.add_host("users", ["192.0.2.100"], EDGE)
    lb = await fabric.add_host("lb", ["203.0.113.1"], Place("eu-west-1", "eu-west-1a"))
    web = replace(GROUPS[WEB], protocol="HTTPS", port=8443, check=replace(GROUPS[WEB].check, protocol="HTTPS"))
    of = replace(node(balancer()), address="203.0.113.1", groups={**GROUPS, WEB: web})
    running = Running(lb, Path(folder) / "lb", of, lambda seconds: seconds / 10)
    (Path(folder) / "lb").mkdir()
    await running.apply(of, {WEB: [replace(target(1), address="10.0.0.1", port=8443)]})
    view = None
    for _ in range(100):
        await running.look()
        view = running.views(WEB).get("i-1:8443")
        if view and view[0] == "healthy":
            break
        await asyncio.sleep(0.1)
    reader, writer = await users.connect("203.0.113.1", 8000)
    writer.write(b"GET /healthz HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
    answer = (await reader.read(-1)).decode()
    await manager.shut_down(lambda seconds: seconds)
    last = tree.at("/srv/last").read_text() if tree.at("/srv/last").exists() else "none"
    await manager.aclose()
    return {"done": done, "view": view, "answer": answer.split("\\r\\n")[0], "body": answer[-4:], "last": last}
""",
    )
    assert found["done"] == [0, ""]
    assert found["view"][0] == "healthy"
    assert (found["answer"].split()[1], found["body"]) == ("200", "well")
    assert found["last"] == "200"
