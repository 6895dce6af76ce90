"""The server's logs, sent to CloudWatch Logs: a server that was replaced leaves them there.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
"""

from __future__ import annotations

import json

from .machine import at, ran, say, write

APPLICATION = "/var/log/ha-web/application.log"
BOOT = "/var/log/cloud-init-output.log"
CONTROL = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
CONFIGURATION = "/etc/ha-web/logs.json"

_ROTATION = f"""\
{APPLICATION} {{
    size 50M
    rotate 2
    missingok
    notifempty
    copytruncate
}}
"""
"""systemd holds the file open, so it is emptied in place; it opens it to append, so it goes on at the start."""


def send(group: str, region: str) -> bool:
    """Have the agent send the logs of boot and application to this log group; return whether there is an agent.

    A log group that can't be reached keeps no server from serving: the agent tries by itself, and this doesn't wait.
    """
    if not group:
        return False
    if not at(CONTROL).exists():
        say(f"logs stay on this server: it has no {CONTROL}")
        return False
    at(APPLICATION).parent.mkdir(parents=True, exist_ok=True)
    write(at("/etc/logrotate.d/ha-web"), _ROTATION)
    write(at(CONFIGURATION), json.dumps(configuration(group, region), indent=1) + "\n")
    command = (CONTROL, "-a", "fetch-config", "-m", "ec2", "-s", "-c", f"file:{CONFIGURATION}")
    if not ran(str(at(command[0])), *command[1:]):
        say(f"logs stay on this server: {CONTROL} failed")
        return False
    return True


def configuration(group: str, region: str) -> dict[str, object]:
    """Return the agent's configuration: a stream for each server and log."""
    files = {"boot": BOOT, "application": APPLICATION}
    return {
        "agent": {"region": region, "run_as_user": "root"},
        "logs": {
            "logs_collected": {
                "files": {
                    "collect_list": [
                        {"file_path": path, "log_group_name": group, "log_stream_name": f"{{instance_id}}/{log}"}
                        for log, path in files.items()
                    ]
                }
            }
        },
    }


def last_lines(sent: bool, service: str, count: int = 40) -> None:
    """Write the application's last lines to the log of the boot."""
    if sent:
        ran("tail", "-n", str(count), str(at(APPLICATION)))
    else:
        ran("journalctl", "-u", service, "-n", str(count), "--no-pager")
