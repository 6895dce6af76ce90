"""The calls: each question is sent side by side with others, and its answer or AWS's refusal becomes a fact."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import explained
from ops.preflight.facts import Asked, Facts, Unanswered
from ops.preflight.look import Look
from ops.preflight.needs import Site
from ops.preflight.questions import QUESTIONS, Question

CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "max_attempts": 4})
"""Seconds. A Region that can't be reached holds up its own questions for at most half a minute, and no others."""
AT_ONCE = 16
"""Requests at a time; Service Quotas takes ten a second, and the SDK waits when it is told to."""

Client = Callable[[str, str], Any]
"""Makes a client from the name of a service and a Region."""


def clients(session: boto3.Session, endpoint_url: str | None = None) -> Client:
    """Return a factory that makes each client once; a session makes one at a time."""

    @cache
    def client(service: str, region: str) -> Any:
        return session.client(service, region_name=region, endpoint_url=endpoint_url, config=CONFIG)

    return client


def is_emulated(client: Client, site: Site) -> bool:
    """Return whether requests go elsewhere than to AWS."""
    host = urlsplit(client("sts", site.regions[0]).meta.endpoint_url).hostname or ""
    return not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"))


def collect(site: Site, client: Client) -> Facts:
    """Ask everything and return what was answered. Raises nothing for what AWS refuses."""
    facts, done, waiting = Facts(), set[str](), list(QUESTIONS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while waiting:
            ready = [question for question in waiting if done.issuperset(question.after)]
            sent = {
                asked: pool.submit(answer, made, question.operation, parameters)
                for question in ready
                for asked, made, parameters in _requests(question, site, facts, client)
            }
            facts.answers |= {asked: future.result() for asked, future in sent.items()}
            done |= {question.name for question in ready}
            waiting = [question for question in waiting if question not in ready]
    return facts


def _requests(
    question: Question, site: Site, facts: Facts, client: Client
) -> Iterator[tuple[Asked, Any, dict[str, Any]]]:
    """Yield what is asked, the client to send it with, and its parameters; nothing where an answer is missing."""
    for place in site.places[:1] if question.once else site.places:
        try:
            requests = question.requests(Look(site, place, facts))
        except Unanswered:
            continue
        made = client(question.service, place.region) if requests else None
        for about, parameters in requests.items():
            yield Asked(question.name, "" if question.once else place.region, about), made, parameters


def answer(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    """Return an operation's output with all its pages, or an `Unanswered` with the reason why there is none."""
    method = xform_name(operation)
    try:
        if client.can_paginate(method) and "MaxItems" not in parameters:
            return client.get_paginator(method).paginate(**parameters).build_full_result()
        return getattr(client, method)(**parameters)
    except ClientError as error:
        told = error.response["Error"]
        return Unanswered(told["Code"], told.get("Message", ""), reason=explained(error))
    except BotoCoreError as error:
        return Unanswered(type(error).__name__.removesuffix("Error"), str(error), reason=explained(error))
