"""Passwords of users: the stores' APIs never tell them, so they are read where the servers read them."""

import json
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.live.account import Account


async def passwords(account: Account, region: str) -> dict[str, list[str]]:
    """Return the passwords of each user name that a secret of the region holds.

    ElastiCache and RDS were given them by whoever made the user, and tell nobody; Secrets Manager has the same ones.
    """
    found: dict[str, list[str]] = {}
    for secret in await account.ask_all("secretsmanager", region, "list_secrets", "SecretList"):
        try:
            answer = await account.ask("secretsmanager", region, "get_secret_value", SecretId=secret["ARN"])
        except ClientError:
            continue  # it has no value, or is being deleted
        if user := user_of(answer.get("SecretString", "")):
            found.setdefault(user[0], []).append(user[1])
    return found


def user_of(secret: str) -> tuple[str, str] | None:
    """Return the user name and password that a secret holds; None if it holds something else."""
    try:
        known: Any = json.loads(secret)
        return str(known["username"]), str(known["password"])
    except (ValueError, KeyError, TypeError):
        return None
