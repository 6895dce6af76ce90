"""The environment that the server process gets: the settings of both emulators, nothing of the user's AWS login."""

import os

from rehearsal.emulator import ACCOUNT

MOTO = {
    "MOTO_ACCOUNT_ID": ACCOUNT,
    "MOTO_ENABLE_AMI_VALIDATION": "true",  # an instance of an image that does not exist is refused
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # AWS's own policies exist, and only those
    "MOTO_ACM_VALIDATION_WAIT": "0",  # seconds; the correction of ACM looks at the records instead
}

MINISTACK = {
    "MINISTACK_ACCOUNT_ID": ACCOUNT,
    "BIND_HOST": "127.0.0.1",
    "DOCKER_HOST": "unix:///nonexistent/docker.sock",  # no container engine is ever found
    "SFTP_ENABLED": "0",
    "IOT_MTLS_ENABLED": "0",
    "PERSIST_STATE": "0",
    "MINISTACK_TEST_NO_AUTOSTART": "1",  # no scheduler threads
    "LOG_LEVEL": "WARNING",
    "LAMBDA_EXECUTOR": "docker",  # of which there is none
    "LAMBDA_STRICT": "1",  # and nothing takes its place
}
"""A second fence: ministack's start-up, which would run scripts and open ports, is never run at all, and the server
can't start a process (`guard.forbid_processes`)."""


def environment() -> dict[str, str]:
    """The whole environment for the server process."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_", "MINISTACK_"))}
    return {**mine, **MOTO, **MINISTACK, "AWS_EC2_METADATA_DISABLED": "true"}


def check() -> None:
    """Refuse to go on where the settings are missing: the emulators read them when they are imported."""
    missing = [name for name, value in {**MOTO, **MINISTACK}.items() if os.environ.get(name) != value]
    if missing:
        raise SystemExit(f"rehearsal.emulator.server: {', '.join(missing)} not set; start it by process.start()")
