"""Checks that a standby region has what a failover needs."""

from dataclasses import replace

from ha_web.recovery.readiness import MADE, RegionFacts, readiness_problems, region_of_arn

KEY = "arn:aws:kms:{}:123456789012:key/mrk-1"
SECRET = "arn:aws:secretsmanager:{}:123456789012:secret:web-AbCdEf"
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/1"


def region(name: str, setting: str) -> RegionFacts:
    return RegionFacts(
        name,
        setting,
        keys={"sessions": KEY.format(name)},
        secrets={"sessions": MADE},
        certificates={"site": CERTIFICATE.format(name)},
    )


PRIMARY, STANDBY = region("eu-west-1", "primary"), region("eu-central-1", "standby")


def test_two_regions_that_each_have_their_own_lack_nothing() -> None:
    assert readiness_problems(PRIMARY, STANDBY) == []
    assert readiness_problems(RegionFacts("eu-west-1", "primary"), RegionFacts("eu-central-1", "standby")) == []


def test_a_certificate_for_the_primary_alone_is_told() -> None:
    assert readiness_problems(PRIMARY, replace(STANDBY, certificates={})) == [
        "standby.certificates.site is missing; primary has a certificate for it in eu-west-1 only, and eu-central-1 "
        "needs its own before a failover: request one in eu-central-1 and give its ARN, or let the program request both"
    ]


def test_a_key_of_another_region_is_told() -> None:
    arn = KEY.format("eu-west-1")
    assert readiness_problems(PRIMARY, replace(STANDBY, keys={"sessions": arn})) == [
        f'standby.keys.sessions is "{arn}", a key of eu-west-1; eu-central-1 cannot use it: '
        "give the ARN of its replica in eu-central-1 (multi-region key), or of another key there"
    ]


def test_a_secret_that_was_not_replicated_is_told() -> None:
    arn = SECRET.format("eu-west-1")
    (problem,) = readiness_problems(PRIMARY, replace(STANDBY, secrets={"sessions": arn}))
    assert problem.endswith("replicate the secret to eu-central-1 and give the replica's ARN")


def test_what_is_wrong_in_the_primary_is_told_too() -> None:
    (problem,) = readiness_problems(replace(PRIMARY, keys={"sessions": KEY.format("us-east-1")}), STANDBY)
    assert problem.startswith("primary.keys.sessions is ")


def test_everything_is_told_at_once() -> None:
    bare = RegionFacts("eu-central-1", "standby")
    assert len(readiness_problems(replace(PRIMARY, image="ami-0123456789abcdef0"), bare)) == 4


def test_an_image_that_only_the_primary_has_is_told() -> None:
    here = replace(PRIMARY, image="ami-0123456789abcdef0")
    assert readiness_problems(here, STANDBY) == [
        'standby.image is missing; "ami-0123456789abcdef0" is an image of eu-west-1, and eu-central-1 could start no '
        "server from it: copy it (ImageCopy), or name an SSM parameter that each region has"
    ]
    (same,) = readiness_problems(here, replace(STANDBY, image="ami-0123456789abcdef0"))
    assert same.startswith('standby.image is "ami-0123456789abcdef0", an image of eu-west-1; ids differ')


def test_an_image_that_is_copied_or_named_by_a_parameter_is_ready() -> None:
    here = replace(PRIMARY, image="ami-0123456789abcdef0")
    assert readiness_problems(here, replace(STANDBY, image_is_copied=True)) == []
    assert readiness_problems(here, replace(STANDBY, image="ami-0ffffffffffffffff")) == []
    assert readiness_problems(replace(PRIMARY, image="/shop/image"), STANDBY) == []


def test_the_region_of_an_arn_is_its_fourth_part() -> None:
    assert region_of_arn(KEY.format("eu-west-1")) == "eu-west-1"
    assert region_of_arn("arn:aws:iam::123456789012:role/x") is None
    assert region_of_arn(MADE) is None
