"""The file system of a server: its own disk over the image's content, with the programs of this machine.

An overlay where the kernel lets us (https://docs.kernel.org/filesystems/overlayfs.html), a copy otherwise.
"""

import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rehearsal.live.programs import MissingProgramError, haproxy

SHIMS = Path(__file__).parent / "shims"

TOOLS = "/run/rehearsal"
"""Folder of the stand-ins and of the service manager's socket, as a server sees it."""

COMMANDS = {"manager": ("systemctl", "journalctl", "mount", "mountpoint", "amazon-cloudwatch-agent-ctl")}
"""Stand-ins that have several names."""

PYTHONS = ("python3", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14")
"""Names by which applications ask for Python; all are the one that runs the rehearsal."""

MACHINE = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
FOLDERS = ("dev", "etc", "opt", "proc", "root", "run", "srv", "sys", "tmp", "var/cache", "var/lib", "var/log",
           "var/tmp")  # fmt: skip
LINKED = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime")
"""What this machine's programs need of its /etc."""

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
CERTIFICATE_LINKS = ("etc/pki/tls/certs/ca-bundle.crt", "etc/pki/tls/cert.pem", "etc/ssl/cert.pem")

_PYTHON = """\
#!/bin/bash
# An image is baked: what comes after the installation is left to the server's boot.
if [ -n "${{HA_WEB_REHEARSAL_BAKES:-}}" ] && [[ " $* " == *" ha_web_server start "* ]]; then exit 0; fi
if [[ " $* " == *" -m pip "* ]]; then export PYTHONPATH={tools}/python; fi
exec {python} "$@"
"""


@dataclass(frozen=True)
class Tree:
    """The folders of a server's file system."""

    folder: Path
    image: Path | None = None
    """Folder with the image's content."""

    @property
    def root(self) -> Path:
        """What the server sees as /, once it is mounted."""
        return self.folder / "root"

    @property
    def disk(self) -> Path:
        """What the server wrote itself."""
        return self.folder / "disk"

    @property
    def tools(self) -> Path:
        """What the server sees as /run/rehearsal."""
        return self.folder / "tools"

    def at(self, path: str) -> Path:
        """Return where a path of the server is."""
        return self.root / path.lstrip("/")


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return what every process of a server has in its environment besides what it was told."""
    return {
        "PATH": f"{TOOLS}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "SSL_CERT_FILE": CERTIFICATES,
        "AWS_CA_BUNDLE": CERTIFICATES,
        **extra,
    }


def prepare(tree: Tree, hostname: str, bundle: Path, resolver: str) -> None:
    """Write what a server has from the start, besides the image's content."""
    for name in FOLDERS:
        (tree.disk / name).mkdir(parents=True, exist_ok=True)
    for folder in (tree.root, tree.folder / "work", tree.folder / "local-sbin"):
        folder.mkdir(parents=True, exist_ok=True)
    for path in MACHINE:
        _like(path, tree.disk)
    files = {
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/sbin/nologin\n",
        "etc/group": "root:x:0:\nnogroup:x:65534:\n",
        "etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {hostname}\n",
        "etc/hostname": f"{hostname}\n",
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        "etc/resolv.conf": f"nameserver {resolver}\noptions timeout:5 attempts:2\n",
        "etc/os-release": 'NAME="ha-web rehearsal"\nID=rehearsal\nID_LIKE=amzn\n',
    }
    for name, text in files.items():
        if not (tree.image and (tree.image / name).exists() and name in ("etc/passwd", "etc/group")):
            (tree.disk / name).write_text(text)
    certificates = tree.disk / CERTIFICATES.lstrip("/")
    certificates.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(bundle, certificates)
    for name in CERTIFICATE_LINKS:
        link = tree.disk / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(CERTIFICATES)
    write_tools(tree.tools)


def _like(path: str, disk: Path) -> None:
    """Make a folder, or the very link, of this machine's root."""
    here, there = Path(path), disk / path.lstrip("/")
    if here.is_symlink() and not there.is_symlink():
        there.symlink_to(here.readlink())
    elif here.is_dir() and not here.is_symlink():
        there.mkdir(exist_ok=True)


def write_tools(folder: Path) -> None:
    """Write the stand-ins, first on the server's PATH, and pip, which some Pythons don't have."""
    programs = folder / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    for shim in SHIMS.iterdir():
        if shim.suffix == ".md" or not shim.is_file():
            continue
        for name in COMMANDS.get(shim.name, (shim.stem,)):
            shutil.copyfile(shim, programs / name)
            (programs / name).chmod(0o755)
    (programs / "aws").write_text(f'#!/bin/bash\nexec {shlex.quote(base_python())} -IS {TOOLS}/bin/aws.py "$@"\n')
    shutil.copyfile(SHIMS / "aws.py", programs / "aws.py")
    for name in PYTHONS:
        text = _PYTHON.format(tools=TOOLS, python=shlex.quote(base_python()))
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (folder / "python").mkdir(exist_ok=True)
    _write_haproxy(folder)


def _write_haproxy(folder: Path) -> None:
    """Write the command that runs the wheel's HAProxy, which the server sees under another path; one on PATH stays."""
    if _wheel() is None:
        return
    at = f"{TOOLS}/haproxy"
    (folder / "bin" / "haproxy").write_text(f'#!/bin/bash\nLD_LIBRARY_PATH={at}/lib exec {at}/haproxy "$@"\n')
    (folder / "bin" / "haproxy").chmod(0o755)


@cache
def _wheel() -> Path | None:
    """Return the folder of the wheel's HAProxy, if it is from one."""
    try:
        program, environment = haproxy()
    except MissingProgramError:
        return None
    return program.parent if environment else None


def base_python() -> str:
    """Return the interpreter outside of any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


@cache
def tools_digest() -> str:
    """Return a digest of what the content of an image depends on besides its script."""
    content = [base_python(), sys.version, *(each.read_text() for each in sorted(SHIMS.iterdir()) if each.is_file())]
    return hashlib.sha256("\0".join(content).encode()).hexdigest()


def mount_script(tree: Tree) -> str:
    """Return the shell script that puts the tree together at `root`: run by root of a user and mount namespace."""
    root, quoted = tree.root, shlex.quote
    lower = [str(tree.image)] if tree.image else []
    lower.append(str(tree.folder / "empty"))
    options = f"lowerdir={':'.join(lower)},upperdir={tree.disk},workdir={tree.folder / 'work'},userxattr"
    lines = ["set -e", f"mkdir -p {quoted(str(tree.folder / 'empty'))}"]
    copy = f"cp -a --no-clobber {quoted(str(tree.image))}/. {quoted(str(tree.disk))}/ && " if tree.image else ""
    lines.append(
        f"mount -t overlay overlay -o {quoted(options)} {quoted(str(root))} 2>/dev/null || "
        f"{{ {copy}mount --bind {quoted(str(tree.disk))} {quoted(str(root))}; }}"
    )
    for path in MACHINE:
        if Path(path).is_dir() and not Path(path).is_symlink():
            lines += _bind(path, root, read_only=True)
    for path in ("/proc", "/dev", "/sys"):
        lines += _bind(path, root, recursive=True)
    for path in LINKED:
        if Path(path).exists():
            lines += _bind(os.path.realpath(path), root, at=path, read_only=True)
    prefix = str(Path(base_python()).parent.parent)
    if not prefix.startswith("/usr"):
        lines += _bind(prefix, root, read_only=True)
    lines += _bind(str(tree.tools), root, at=TOOLS)
    pip = _pip()
    if pip:
        lines += _bind(pip, root, at=f"{TOOLS}/python/pip", read_only=True)
    if _wheel() is not None:
        lines += _bind(str(_wheel()), root, at=f"{TOOLS}/haproxy", read_only=True)
    if Path("/usr/local/sbin").is_dir():
        lines += _bind(str(tree.folder / "local-sbin"), root, at="/usr/local/sbin")
    return "\n".join([*lines, ""])


def _pip() -> str:
    """Return the folder of pip in this environment, if it has one."""
    found = next((Path(each) / "pip" for each in sys.path if each and (Path(each) / "pip").is_dir()), None)
    return str(found) if found else ""


def _bind(path: str, root: Path, at: str = "", *, read_only: bool = False, recursive: bool = False) -> list[str]:
    there = shlex.quote(str(root / (at or path).lstrip("/")))
    here = shlex.quote(path)
    made = f"mkdir -p {there}" if Path(path).is_dir() else f"mkdir -p $(dirname {there}) && touch {there}"
    lines = [
        f"[ -e {there} ] || {{ {made}; }}",
        f"mount {'--rbind' if recursive or read_only else '--bind'} {here} {there}",
    ]
    if read_only:
        # Not everywhere may a mount be remounted; the machine's own rights hold then.
        lines.append(f"mount -o remount,bind,ro {there} 2>/dev/null || true")
    return lines


def unmount_script(tree: Tree) -> str:
    """Return the shell command that takes the tree apart."""
    return f"umount -R -l {shlex.quote(str(tree.root))}"
