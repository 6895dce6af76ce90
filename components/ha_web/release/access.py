"""The rights of the provider whose resources a release changes, as far as the program can know them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

KEYS = ("accessKey", "secretKey", "token")


@dataclass(frozen=True)
class Access:
    """Credentials as a provider is configured; what isn't given comes from the environment, as the provider has it."""

    profile: str | None = None
    keys: tuple[str | None, ...] = field(default=(), repr=False)
    """Access key, secret key, session token."""
    roles: Sequence[Mapping[str, Any]] = ()
    """Roles to assume, one after the other."""


def access_of(component: pulumi.Resource) -> "pulumi.Output[Access]":
    """Return the access of the component's provider: an explicit one's, or that of the stack's configuration.

    A provider that another language handed over, or one that assumes a role, doesn't tell how it is configured; the
    environment's credentials are used then, and a release compares the group's ARN before it changes anything.
    """
    provider = component.get_provider("aws:ssm/parameter:Parameter")
    if isinstance(provider, aws.Provider):
        given = pulumi.Output.all(provider.profile, provider.access_key, provider.secret_key, provider.token)
        return pulumi.Output.unsecret(given.apply(lambda got: _chosen(got[0], tuple(got[1:]), ())))
    if provider is not None:
        return pulumi.Output.from_input(Access())
    config = pulumi.Config("aws")
    roles = tuple(config.get_object("assumeRoles") or filter(None, [config.get_object("assumeRole")]))
    return pulumi.Output.from_input(_chosen(config.get("profile"), tuple(config.get(key) for key in KEYS), roles))


def _chosen(profile: str | None, keys: tuple[str | None, ...], roles: Sequence[Mapping[str, Any]]) -> Access:
    """Return the access. Credentials of the environment belong to the endpoint that the environment names."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        return Access()
    return Access(profile, keys if keys and keys[0] else (), roles)
