"""Whether this machine lets a user make namespaces."""

import os
import shutil
import subprocess

NEEDED = ("unshare", "nsenter", "mount", "pivot_root")
"""Of util-linux, which each Linux distribution has."""

TRY = ("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc", "true")


def why_not() -> str:
    """Return why network namespaces can't be made here, or nothing if they can."""
    if os.uname().sysname != "Linux":
        return "the live rehearsal needs Linux: its zones and servers are network namespaces"
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if missing := [name for name in NEEDED if shutil.which(name, path=path) is None]:
        return f"the live rehearsal needs {', '.join(missing)} of util-linux on PATH"
    tried = subprocess.run(TRY, capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    reason = (tried.stderr or "no reason given").strip().splitlines()[-1]
    return (
        f"the live rehearsal needs user namespaces, which this machine refuses ({reason}); on Ubuntu "
        "`sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows them, in a container its seccomp profile"
    )
