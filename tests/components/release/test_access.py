"""The credentials of a release are those of the provider, where it tells them."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from ha_web.release.access import Access, access_of
from pulumi.runtime import config

from tests.components.made import make


def access(**options: Any) -> Access:
    def build() -> dict[str, Any]:
        given = {key: make_one() for key, make_one in options.items()}
        component = pulumi.ComponentResource("test:index:C", "c", None, pulumi.ResourceOptions(**given))
        return {"access": access_of(component)}

    found: Access = make(build).outputs["access"]
    return found


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    held: dict[str, str] = {}
    monkeypatch.setattr(config, "CONFIG", held, raising=False)
    monkeypatch.setattr(pulumi.Config, "get", lambda self, key, default=None: held.get(f"{self.name}:{key}", default))
    monkeypatch.setattr(pulumi.Config, "get_object", lambda self, key: held.get(f"{self.name}:{key}"))
    return held


def test_without_any_setting_the_environment_decides_as_for_the_provider() -> None:
    assert access() == Access()


def test_the_stacks_settings_of_the_provider_are_followed(settings: dict[str, Any]) -> None:
    settings["aws:profile"] = "prod"
    settings["aws:assumeRoles"] = [{"roleArn": "arn:aws:iam::123456789012:role/deploy"}]
    assert access() == Access("prod", (), tuple(settings["aws:assumeRoles"]))


def test_keys_of_the_stack_are_used_but_not_shown(settings: dict[str, Any]) -> None:
    settings.update({"aws:accessKey": "AKIA", "aws:secretKey": "hidden"})
    assert access().keys == ("AKIA", "hidden", None)
    assert "hidden" not in repr(access())


def test_keys_of_the_environment_belong_to_the_endpoint_of_the_environment(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.update({"aws:accessKey": "AKIA", "aws:profile": "prod"})
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert access() == Access()


def test_an_explicit_provider_goes_before_the_stacks_settings(settings: dict[str, Any]) -> None:
    settings["aws:profile"] = "prod"
    assert access(providers=lambda: {"aws": aws.Provider("own", profile="other")}).profile == "other"
