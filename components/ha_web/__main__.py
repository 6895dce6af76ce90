"""Serves the components to every Pulumi language: what `pulumi.run.plugin` runs of a package that loads them lazily."""

import inspect

import pulumi
from pulumi.provider.experimental.host import component_provider_host

import ha_web

COMPONENTS = [
    exported
    for exported in (getattr(ha_web, name) for name in ha_web.__all__)
    if inspect.isclass(exported) and issubclass(exported, pulumi.ComponentResource)
]

if __name__ == "__main__":
    component_provider_host(COMPONENTS, "ha-web")
