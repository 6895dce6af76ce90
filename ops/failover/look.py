"""Reads what a failover is planned from: the function's configuration, the standby, both views of the primary."""

import json
import time
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.failover.runtime.clients import Clients
from ha_web.failover.runtime.config import LOCK_KEY, Config, ConfigError, load
from ha_web.failover.runtime.notes import ABSENT, servers_of_primary
from ha_web.failover.runtime.observe import look as views_of
from ha_web.failover.runtime.observe import observe

from ops.core.account import Account
from ops.core.errors import NOT_ASKED, NOT_DONE, OpsError, explained
from ops.core.operate import Operator
from ops.core.stack import Cluster, Stack
from ops.failover.arrival import Dns
from ops.failover.planning import Facts


def standby_of(stack: Stack) -> Cluster:
    """Return the standby. Raises OpsError if the stack has none that takes over."""
    if stack.standby is None or not stack.function:
        strategy = f" (strategy {stack.strategy})" if stack.strategy else ""
        raise OpsError(f"{stack.site}: no region takes over{strategy}; what helps: docs/runbooks/restore.md", NOT_DONE)
    return stack.standby


def clients_in(account: Account, region: str, *, brief: bool = False) -> Clients:
    """Return clients of one region, as the function's code takes them."""
    return lambda service: account.client(service, region, brief=brief)


def config_of(stack: Stack, account: Account) -> Config:
    """Return the failover function's own configuration. Raises OpsError."""
    region = standby_of(stack).region
    try:
        found = account.client("lambda", region).get_function_configuration(FunctionName=stack.function)
        return load(found.get("Environment", {}).get("Variables", {}))
    except (ClientError, BotoCoreError) as error:
        raise OpsError(explained(error, region), NOT_ASKED) from error
    except ConfigError as error:
        raise OpsError(f"{stack.function}: its configuration can't be used: {error}", NOT_ASKED) from None


def sized(config: Config, stack: Stack, account: Account, *, region_lost: bool) -> Config:
    """Return it for as many servers as the primary runs now, where no note tells that: behind Cloudflare."""
    if config.switch is not None or config.capacity is None or region_lost:
        return config
    servers = servers_of_primary(config, clients_in(account, stack.primary.region, brief=True)) or 0
    return replace(config, capacity={**config.capacity, "minimum": max(int(config.capacity["minimum"]), servers)})


def acts_until(config: Config, clients: Clients) -> float:
    """Return until when a run of the function may fail over, in seconds since 1970; 0 if none does."""
    if config.switch is None:
        return 0
    try:
        noted = clients("s3").get_object(Bucket=config.switch["bucket"], Key=LOCK_KEY)["Body"].read()
        until = float(json.loads(noted)["until"])
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return 0
        raise
    except (ValueError, KeyError, TypeError):
        return 0
    return until if until > time.time() else 0


def look(me: Operator, config: Config, dns: Dns) -> Facts:
    """Return the facts. Raises what AWS raises if the standby region doesn't answer at all."""
    clients, lost = clients_in(me.account, config.region), me.options.region_lost
    return Facts(
        config,
        observe(config, clients),
        None if lost else views_of(config),
        0 if me.options.take_over else acts_until(config, clients),
        dns.serving(),
    )
