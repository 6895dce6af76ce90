"""Installs what images are baked with, outside of the servers' network: package registries are there.

One JSON object a line each way, over a Unix socket: `{"key": ..., "script": ..., "environment": {...}}` is answered by
`{"folder": ...}`, the content, or `{"error": ...}`.
"""

import asyncio
import contextlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from rehearsal.live.servers.tree import Tree, environment, mount_script, prepare

SECONDS = 600.0
"""An installation may take so long."""

CACHE = Path("~/.cache/ha-web/images")

SETTINGS = ("PIP_", "NPM_CONFIG_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
"""What of this machine's environment an installation needs to find its registries."""

PIP_FILES = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf")
USER_PIP_FILES = ("~/.config/pip/pip.conf", "~/.pip/pip.conf")

BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")

LEFT_OUT = ("etc/ha-web", "etc/resolv.conf", "etc/hosts", "etc/hostname", "etc/ssl", "etc/pki", "tmp", "run", "root",
            "dev", "proc", "sys", ".outside")  # fmt: skip
"""What an image doesn't keep: it is each server's own, or this machine's."""


class BakeError(RuntimeError):
    """The installation failed; the message ends with its last lines."""


class Baker:
    """Bakes each content once."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = (cache or CACHE).expanduser()
        self._turns: dict[str, asyncio.Lock] = {}

    async def bake(self, key: str, script: str, variables: Mapping[str, str]) -> Path:
        """Return the folder with what a script installs. Raises BakeError."""
        async with self._turns.setdefault(key, asyncio.Lock()):
            kept = self._cache / key
            if not (kept / "disk").is_dir():
                work = self._cache / f"{key}.{os.getpid()}"
                shutil.rmtree(work, ignore_errors=True)
                try:
                    await self._install(work, script, variables)
                    _clean(work / "disk")
                    (work / "script").write_text(script)
                    for name in ("root", "work", "empty", "tools", "local-sbin"):
                        shutil.rmtree(work / name, ignore_errors=True)
                    work.rename(kept)
                except OSError:
                    if not (kept / "disk").is_dir():  # somebody else was quicker otherwise
                        raise
                finally:
                    shutil.rmtree(work, ignore_errors=True)
            return kept / "disk"

    async def _install(self, work: Path, script: str, variables: Mapping[str, str]) -> None:
        tree = Tree(work)
        bundle = next((Path(name) for name in BUNDLES if Path(name).is_file()), Path(os.devnull))
        prepare(tree, "image", bundle, "127.0.0.1")
        shutil.copyfile("/etc/resolv.conf", tree.disk / "etc/resolv.conf")
        _registries(tree.disk)
        (tree.disk / "tmp" / "script").write_text(script)
        env = {name: value for name, value in os.environ.items() if name.startswith(SETTINGS)}
        env |= environment({"HOME": "/root", "HA_WEB_REHEARSAL_BAKES": "1", **variables})
        root = shlex.quote(str(tree.root))
        shell = (
            f"{mount_script(tree)}\ncd {root} && mkdir -p .outside && pivot_root . .outside && "
            "umount -l /.outside && cd / && exec /bin/bash /tmp/script"
        )
        made = await asyncio.create_subprocess_exec(
            *("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"),
            *("sh", "-c", shell),
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(made.communicate(), SECONDS)
        except TimeoutError:
            made.kill()
            raise BakeError(f"an image's installation took more than {SECONDS:g} s") from None
        if made.returncode:
            lines = output.decode(errors="replace").strip().splitlines()
            raise BakeError(f"an image's installation failed: {' | '.join(lines[-5:])}")


def _registries(disk: Path) -> None:
    """Copy where this machine's pip looks for packages."""
    for name in PIP_FILES:
        if Path(name).is_file():
            (disk / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, disk / name.lstrip("/"))
    for name in USER_PIP_FILES:
        file = Path(name).expanduser()
        if file.is_file():
            there = disk / "root" / name.removeprefix("~/")
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)


def _clean(disk: Path) -> None:
    for name in (*LEFT_OUT, *(each.lstrip("/") for each in PIP_FILES)):
        path = disk / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


async def serve(socket: Path, baker: Baker | None = None) -> asyncio.Server:
    """Answer whoever asks at a Unix socket."""
    known = baker or Baker()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            asked = json.loads(await reader.readuntil(b"\n"))
            try:
                folder = await known.bake(asked["key"], asked["script"], asked["environment"])
                answer = {"folder": str(folder)}
            except (BakeError, OSError) as error:
                answer = {"error": str(error)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    socket.unlink(missing_ok=True)
    return await asyncio.start_unix_server(connected, str(socket), limit=1 << 22)


async def ask(socket: Path, key: str, script: str, variables: Mapping[str, str]) -> Path:
    """Have something baked by whoever serves the socket. Raises BakeError."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket), limit=1 << 22)
    except OSError as error:
        raise BakeError(f"nobody bakes images at {socket}: {error}") from None
    try:
        writer.write(json.dumps({"key": key, "script": script, "environment": dict(variables)}).encode() + b"\n")
        await writer.drain()
        answer = json.loads(await asyncio.wait_for(reader.readuntil(b"\n"), SECONDS + 30))
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
        raise BakeError(f"no answer from whoever bakes images: {error}") from None
    finally:
        writer.close()
    if "error" in answer:
        raise BakeError(answer["error"])
    return Path(answer["folder"])


async def _main(socket: Path) -> None:
    async with await serve(socket) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
