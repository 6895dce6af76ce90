"""Network namespaces by system calls: making one, doing something in one. The standard library has them from 3.12 on.

https://man7.org/linux/man-pages/man7/network_namespaces.7.html
"""

import ctypes
import os
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def in_thread(do: Callable[[], T]) -> T:
    """Do something in a thread of its own: what it does to its namespaces holds for nobody else."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(do())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def make_namespace() -> int:
    """Make a network namespace; it lives as long as the file descriptor that is returned, or a process in it."""

    def make() -> int:
        _check(_libc.unshare(CLONE_NEWNET), "unshare")
        return own_namespace()

    return in_thread(make)


def own_namespace() -> int:
    """Open the network namespace of this thread."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def inside(namespace: int, do: Callable[[], T]) -> T:
    """Do something in a network namespace, in a thread of its own. Sockets opened there stay there."""

    def enter() -> T:
        _check(_libc.setns(namespace, CLONE_NEWNET), "setns")
        return do()

    return in_thread(enter)


def write_setting(name: str, value: str) -> None:
    """Write a setting of the network stack of this thread's namespace."""
    with open(f"/proc/sys/net/{name}", "w") as file:  # noqa: PTH123 (a kernel file: no rename, no truncation)
        file.write(value)
