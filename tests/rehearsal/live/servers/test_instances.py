"""What the account says of its instances, and whom to boot and stop."""

import base64
import gzip
from typing import Any

from rehearsal.live.servers.instances import Instance, changes, instances, user_data

SAID: dict[str, Any] = {
    "InstanceId": "i-1",
    "State": {"Name": "running"},
    "Placement": {"AvailabilityZone": "eu-west-1a"},
    "PrivateIpAddress": "10.0.0.4",
    "ImageId": "ami-1",
    "InstanceType": "t4g.small",
    "IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/web"},
    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"},
    "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "web"}],
}


def made(name: str, state: str = "running", address: str = "10.0.0.4") -> Instance:
    return Instance(name, "eu-west-1", "eu-west-1a", address, state, "ami-1")


def test_an_instance_is_read() -> None:
    [found] = instances("eu-west-1", [{"Instances": [SAID]}])
    assert (found.id, found.zone, found.address, found.group) == ("i-1", "eu-west-1a", "10.0.0.4", "web")
    assert found.profile == "arn:aws:iam::1:instance-profile/web"
    assert (found.metadata, found.token_required, found.hop_limit) == (True, True, 1)
    assert found.runs


def test_only_those_that_run_and_have_an_address_have_a_host() -> None:
    assert made("i", "pending").runs
    assert not made("i", "terminated").runs
    assert not made("i", "stopped").runs
    assert not made("i", address="").runs


def test_user_data_may_be_compressed() -> None:
    script = "#!/bin/bash\necho é\n"
    for content in (script.encode(), gzip.compress(script.encode())):
        assert user_data(base64.b64encode(content).decode()) == script
    assert user_data("") == ""


def test_who_is_new_boots_and_who_is_gone_stops() -> None:
    todo = changes([made("i-1"), made("i-2"), made("i-3", "shutting-down")], ["i-2", "i-3", "i-4"])
    assert [each.id for each in todo.boot] == ["i-1"]
    assert todo.stop == ("i-3", "i-4")


def test_a_host_that_was_lost_does_not_come_back() -> None:
    assert changes([made("i-1")], ["i-1"]) == changes([], [])
