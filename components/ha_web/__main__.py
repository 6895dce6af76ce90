"""Serves the components to every Pulumi language: what `pulumi.run.plugin` runs of a package that loads them lazily."""

import inspect
import sys

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

import ha_web
from ha_web.core.problems import ConfigurationError

COMPONENTS = [
    exported
    for exported in (getattr(ha_web, name) for name in ha_web.__all__)
    if inspect.isclass(exported) and issubclass(exported, pulumi.ComponentResource)
]
VERSION = "0.0.0"
"""The host's own default: without a version, the SDKs that Pulumi generates have none."""


class Components(ComponentProvider):
    """The host of the components, which says what is wrong with arguments as they say it: without a traceback."""

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make a component. Raises InputPropertiesError for arguments that cannot work."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, ConfigurationError):
                raise InputPropertiesError(str(error.inner), errors=[]) from None
            raise


if __name__ == "__main__":
    main(Components(COMPONENTS, "ha-web", version=VERSION), sys.argv[1:])
