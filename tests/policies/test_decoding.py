"""Each resource is decoded once, whatever the number of policies."""

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi_policy import policy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from resilience import decoding

NAMES = ("deserialize_properties", "unknown_checking_proxy", "json_format")


@pytest.fixture
def analyzer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """pulumi_policy's module, decoding once; the fixture's end undoes it."""
    for name in NAMES:
        monkeypatch.setattr(policy, name, getattr(policy, name))
    decoding.decode_once()
    return policy


def test_the_pinned_sdk_still_has_the_names_that_are_wrapped() -> None:
    assert [name for name in NAMES if not hasattr(policy, name)] == []


def test_the_same_message_is_decoded_once_and_another_one_again(analyzer: Any) -> None:
    message, other = struct_pb2.Struct(), struct_pb2.Struct()
    message["cidrBlock"] = other["cidrBlock"] = "10.0.0.0/16"
    decode = analyzer.json_format.MessageToDict

    assert decode(message) is decode(message)
    assert decode(message) == json_format.MessageToDict(message)
    assert decode(message) is not decode(other)


def test_secrets_are_kept_apart_for_remedies_and_not_for_checks(analyzer: Any) -> None:
    signed = {"password": {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": "hush"}}

    checked, mended = analyzer.deserialize_properties(signed), analyzer.deserialize_properties(signed, True)

    assert checked["password"] == "hush"
    assert checked is analyzer.deserialize_properties(signed)
    assert checked is not mended


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "KEPT", 2)
    called: list[object] = []

    def same(given: object) -> object:
        called.append(given)
        return given

    once = decoding.Once(same)
    first, second, third = object(), object(), object()

    for given in (first, second, third, third, first):
        assert once(given) is given

    assert called == [first, second, third, first]
