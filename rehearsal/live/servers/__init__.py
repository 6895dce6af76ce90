"""The servers: each running instance of the account is a host that boots with its own user data.

What is not emulated: the kernel, the disk and the memory of a server of its own, security groups, systemd's sandboxing
(users without rights see the same file owner as root does), and container engines.
"""

from rehearsal.live.servers.part import Servers

__all__ = ["Servers"]
