"""The rehearsal's own Pulumi home: plugins, state and environment that no real stack shares."""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rehearsal.cloudflare_plugin import store
from rehearsal.emulator.process import Emulator
from rehearsal.plugin.install import write_launcher
from rehearsal.pulumi_cli import Cli

PLUGINS = ("aws", "cloudflare")
"""The emulated plugins. All are installed: a CLI of the vendor's wants those of every SDK that the program has."""

NO_PROXY = ("NO_PROXY", "no_proxy")
LOOPBACK = ("127.0.0.1", "localhost")

SAVED_AT_THE_END = "PULUMI_SKIP_CHECKPOINTS"

CHECKOUT = Path(__file__).resolve().parent.parent
PASSPHRASE = "rehearsal"
"""Encrypts the rehearsal's secrets, which are generated and worth nothing. Pulumi.local.yaml has its salt."""


@dataclass(frozen=True)
class Home:
    """A folder with a `PULUMI_HOME`, a `file://` backend and the emulator's files."""

    root: Path
    cli: Cli

    @property
    def pulumi_home(self) -> Path:
        """The engine's folder for plugins and workspaces."""
        return self.root / "pulumi-home"

    @property
    def state(self) -> Path:
        """The backend's folder."""
        return self.root / "state"

    @property
    def cloudflare(self) -> Path:
        """The file of the emulated cloudflare plugin."""
        return self.root / store.FILE

    def environment(self, emulator: Emulator) -> dict[str, str]:
        """The environment for `pulumi` and its children.

        Nothing of the user's AWS, Cloudflare or Pulumi login gets in, and every AWS client that honours
        `AWS_ENDPOINT_URL` talks to the emulated AWS, with its key and past any proxy.
        """
        # The last: the SDK is slow to compile anew.
        dropped = ("AWS_", "CLOUDFLARE_", "PULUMI_", "PYTHONDONTWRITEBYTECODE")
        clean = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        path = [str(self.bin), str(Path(sys.executable).parent), clean.get("PATH", "")]
        return {
            **clean,
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": str(self.pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            # Saving the whole state before and after each step takes more than all else of an `up` on the emulated AWS:
            # 22 of 36 s of a processor. It is saved when the engine ends, also after Ctrl-C; not when it is killed.
            SAVED_AT_THE_END: "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            store.ENVIRONMENT: str(self.cloudflare),
            **dict.fromkeys(NO_PROXY, ",".join([*(clean[name] for name in NO_PROXY if clean.get(name)), *LOOPBACK])),
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_ACCESS_KEY_ID": emulator.key,
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    @property
    def bin(self) -> Path:
        """The folder with `pulumi` and, where the CLI has none of its own, our language host."""
        return self.cli.path.parent if self.cli.brings_language_host else self.root / "bin"

    def prepare(self) -> None:
        """Make the folders, the language host and the plugin; what is there already is left alone."""
        self.pulumi_home.mkdir(parents=True, exist_ok=True)
        self.state.mkdir(exist_ok=True)
        if not self.cli.brings_language_host:
            self._link_cli()
        for plugin in PLUGINS:
            self._install_plugin(plugin)

    def _link_cli(self) -> None:
        """Put the built CLI beside a launcher of our language host: the engine looks there first.

        A symbolic link would not do: the engine follows it to the cache.
        """
        self.bin.mkdir(exist_ok=True)
        linked = self.bin / "pulumi"
        if not linked.exists() or not linked.samefile(self.cli.path):
            linked.unlink(missing_ok=True)
            try:
                linked.hardlink_to(self.cli.path)
            except OSError:  # another file system
                shutil.copy2(self.cli.path, linked)
        server = CHECKOUT / "rehearsal" / "language_host" / "server.py"
        write_script(self.bin / "pulumi-language-python", f'exec "{sys.executable}" "{server}" "$@"')

    def _install_plugin(self, name: str) -> None:
        version = "v" + metadata.version(f"pulumi-{name}")
        source = self.root / f"{name}-plugin"
        launcher = write_launcher(source, name)
        installed = self.pulumi_home / "plugins" / f"resource-{name}-{version}" / launcher.name
        if installed.exists() and installed.read_bytes() == launcher.read_bytes():
            return
        subprocess.run(
            [self.cli.path, "plugin", "install", "resource", name, version, "--file", source, "--reinstall"],
            check=True,
            capture_output=True,
            env=self.environment(Emulator(pid=0, port=0)),
        )


def write_script(path: Path, body: str) -> None:
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
