"""Reads what a failover is planned from: the function's configuration, the standby, both views of the primary."""

import json
import time
from dataclasses import replace
from typing import Any

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
    if stack.standby is None or not (stack.function or stack.switch):
        strategy = f" (strategy {stack.strategy})" if stack.strategy else ""
        raise OpsError(f"{stack.site}: no region takes over{strategy}; what helps: docs/runbooks/restore.md", NOT_DONE)
    return stack.standby


def clients_in(account: Account, region: str, *, brief: bool = False) -> Clients:
    """Return clients of one region, as the function's code takes them."""
    return lambda service: account.client(service, region, brief=brief)


def function_of(stack: Stack, account: Account) -> str:
    """Return the name of the failover function, or the ARN of the one that sends users in the stack's plan of ARC
    Region switch: its configuration is the same. Raises OpsError.
    """
    region = standby_of(stack).region
    if stack.function:
        return stack.function
    plans = account.client("arc-region-switch", region)
    try:
        for plan in plans.list_plans_in_region()["plans"]:
            workflows = plans.get_plan_in_region(arn=plan["arn"])["plan"]["workflows"]
            found = _sender(workflows, region)
            if found and (_config(found, account, region).switch or {}).get("bucket") == stack.switch:
                return found
    except (ClientError, BotoCoreError) as error:
        raise OpsError(explained(error, region), NOT_ASKED) from error
    raise OpsError(f"{stack.site}: no plan of ARC Region switch in {region} moves the switch {stack.switch}", NOT_ASKED)


def _sender(workflows: list[dict[str, Any]], region: str) -> str:
    """Return the ARN of the function that is invoked last when a region is activated; empty without one."""
    for workflow in workflows:
        if workflow.get("workflowTargetRegion") == region and workflow.get("steps"):
            block = workflow["steps"][-1]["executionBlockConfiguration"].get("customActionLambdaConfig", {})
            arns = [str(each["arn"]) for each in block.get("lambdas", [])]
            return next((arn for arn in arns if arn.split(":")[3] == region), "")
    return ""


def config_of(stack: Stack, account: Account, function: str = "") -> Config:
    """Return the failover function's own configuration. Raises OpsError; where a plan fails over, unless told which
    function of it is meant.
    """
    region = standby_of(stack).region
    if not (function or stack.function):
        raise OpsError(
            f"{stack.site}: a plan of ARC Region switch takes over, and a person starts it: `aws arc-region-switch "
            f"list-plans-in-region --region {region}` has its ARN, docs/runbooks/failover.md, step 5, the command",
            NOT_DONE,
        )
    return _config(function or stack.function, account, region)


def _config(function: str, account: Account, region: str) -> Config:
    try:
        found = account.client("lambda", region).get_function_configuration(FunctionName=function)
        return load(found.get("Environment", {}).get("Variables", {}))
    except (ClientError, BotoCoreError) as error:
        raise OpsError(explained(error, region), NOT_ASKED) from error
    except ConfigError as error:
        raise OpsError(f"{function}: its configuration can't be used: {error}", NOT_ASKED) from None


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
