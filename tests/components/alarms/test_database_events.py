"""Notices of what RDS does to a database."""

from typing import Any, cast

import pytest
from ha_web import ConfigurationError, DatabaseNotice, DatabaseNoticeArgs

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

TOPIC = "arn:aws:sns:eu-west-1:123456789012:notices"
DATABASE = {"cluster_id": "web", "instance_ids": ["web-1", "web-2"], "topic_arn": TOPIC}
SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription"


def notice(**args: Any) -> Made[DatabaseNotice]:
    return make(lambda: DatabaseNotice("primary", cast(DatabaseNoticeArgs, {**DATABASE, **args})))


def test_what_becomes_of_the_cluster_and_of_its_instances_reaches_the_topic() -> None:
    made = notice()
    cluster, instances = made.all(SUBSCRIPTION)

    assert (cluster["sourceType"], cluster["sourceIds"]) == ("db-cluster", ["web"])
    assert {"failover", "failure", "maintenance"} == set(cluster["eventCategories"])
    assert (instances["sourceType"], instances["sourceIds"]) == ("db-instance", ["web-1", "web-2"])
    assert {"configuration change", "failure", "maintenance"} == set(instances["eventCategories"])
    assert cluster["snsTopic"] == instances["snsTopic"] == TOPIC
    assert made.outputs["subscription_names"] == [cluster.state["name"], instances.state["name"]]


def test_without_an_instance_it_would_tell_of_every_database() -> None:
    with pytest.raises(ConfigurationError, match="instance_ids is empty"):
        notice(instance_ids=[])


def test_its_region_reaches_all_of_it() -> None:
    assert_region_reaches_everything(
        lambda region: DatabaseNotice("primary", cast(DatabaseNoticeArgs, {**DATABASE, "region": region}))
    )
