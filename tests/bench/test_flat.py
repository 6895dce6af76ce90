"""The flat program does what the recorded one did: shown by recording the flat one, too."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from bench.flat import record, write
from bench.flat.recorder import Recording, plain


class Site(pulumi.ComponentResource):
    """A small component with every kind of reference that ours have."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Site", name)
        child = pulumi.ResourceOptions(parent=self)
        zones = aws.get_availability_zones(region="eu-west-1").zone_ids
        vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.0.0.0/16", region="eu-west-1", tags={"aB": "c"}, opts=child)
        self.subnets = [
            aws.ec2.Subnet(f"{name}-{zone}", vpc_id=vpc.id, availability_zone_id=zone, opts=child) for zone in zones
        ]
        bucket = aws.s3.Bucket(f"{name}-logs", opts=pulumi.ResourceOptions(parent=self, protect=True))
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=pulumi.Output.json_dumps({"Resource": [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")]}),
            opts=child,
        )
        template = aws.ec2.LaunchTemplate(f"{name}-template", metadata_options={"http_tokens": "required"}, opts=child)
        aws.autoscaling.Group(
            f"{name}-group",
            min_size=3,
            max_size=9,
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            vpc_zone_identifiers=[subnet.id for subnet in self.subnets],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket], ignore_changes=["desired_capacity"]),
        )
        aws.ssm.Parameter(
            f"{name}-account",
            type="SecureString",
            value=pulumi.Output.secret("s3cret"),
            description=vpc.arn.apply(lambda arn: arn.split(":")[4]),
            opts=child,
        )
        self.register_outputs({})


def answer(token: str, args: dict[str, Any]) -> dict[str, Any]:
    assert token == "aws:index/getAvailabilityZones:getAvailabilityZones"
    return {"zoneIds": ["euw1-az1", "euw1-az2"], "names": ["eu-west-1a", "eu-west-1b"], **args}


def recorded() -> Recording:
    return record(lambda: Site("web"), answer, region="eu-west-1")


def replayed(source: str) -> Recording:
    return record(lambda: exec(compile(source, "flat.py", "exec"), {}), answer, region="eu-west-1")


def shown(recording: Recording) -> dict[tuple[str, str], Any]:
    """Resources by type and name, with each placeholder told as the resource and output that it stands for."""
    names = {resource.urn: resource.name for resource in recording.resources}

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: told(item) for key, item in value.items()}
        if isinstance(value, list):
            return [told(item) for item in value]
        parts = recording.tokens.parts(str(value))
        return "".join(part if isinstance(part, str) else names[part.urn] + part.path for part in parts)

    return {
        (r.type, r.name): (
            told(plain(r.inputs)),
            r.options,
            {names[urn] for urns in r.sources.values() for urn in urns},
            {names[urn] for urn in r.after},
        )
        for r in recording.resources
    }


def test_the_flat_program_registers_the_same_types_names_inputs_references_and_options() -> None:
    original = recorded()

    flat = replayed(write(original))

    assert shown(flat) == shown(original)
    assert len(original.resources) == 8
    assert (original.components, flat.components) == (1, 0)


def test_the_flat_program_makes_no_component_and_says_each_constructor_once() -> None:
    source = write(recorded())

    calls = Counter(line.split(" = ")[1] for line in source.splitlines() if line.startswith("r"))
    assert calls == {
        "aws.ec2.Vpc(": 1,
        "aws.ec2.Subnet(": 2,
        "aws.s3.Bucket(": 1,
        "aws.s3.BucketPolicy(": 1,
        "aws.ec2.LaunchTemplate(": 1,
        "aws.autoscaling.Group(": 1,
        "aws.ssm.Parameter(": 1,
    }
    assert "ComponentResource" not in source


def test_an_arn_inside_a_policy_stays_a_reference() -> None:
    [policy] = [line for line in write(recorded()).splitlines() if line.strip().startswith("policy=")]

    assert policy.count(".arn") == 2
    assert "zq" not in policy


def test_a_number_inside_a_text_stays_a_reference() -> None:
    assert ".latest_version" in write(recorded())


def test_what_a_program_computed_from_an_output_waits_for_that_output() -> None:
    source = write(recorded())

    [variable] = [line.split(" = ")[0] for line in source.splitlines() if "aws.ec2.Vpc(" in line]
    assert f"description=after('123456789012', {variable}.id)" in source


def test_a_secret_stays_secret() -> None:
    assert "value=pulumi.Output.secret('s3cret')" in write(recorded())


def test_functions_are_called_once_each_with_their_arguments() -> None:
    def build() -> None:
        Site("one")
        Site("two")

    source = write(record(build, answer, region="eu-west-1"))

    assert source.count("aws.get_availability_zones(region='eu-west-1')") == 1


def test_two_components_with_a_child_of_the_same_name_cannot_be_flat() -> None:
    class Twice(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("test:index:Twice", name)
            aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(parent=self))

    with pytest.raises(ValueError, match='aws:ec2/vpc:Vpc "vpc" is made twice'):
        write(record(lambda: (Twice("a"), Twice("b")), answer, region="eu-west-1"))


def test_an_error_of_the_program_comes_out_as_it_is() -> None:
    def build() -> None:
        raise LookupError("no such zone")

    with pytest.raises(LookupError, match="no such zone"):
        record(build, answer, region="eu-west-1")


def test_a_program_is_recorded_with_the_config_of_its_stack(tmp_path: Path) -> None:
    # in a process of its own: it has global state, as every program has
    import subprocess
    import sys

    (tmp_path / "__main__.py").write_text(
        "import pulumi, pulumi_aws as aws\n"
        "size = pulumi.Config('shop').require_object('sizes')['disk']\n"
        "aws.ebs.Volume('disk', size=size, availability_zone='eu-west-1a')\n"
    )
    script = (
        "import json, sys; from pathlib import Path; from bench.flat import record_program\n"
        "config = {'aws:region': 'eu-west-1', 'shop:sizes': {'disk': 40}}\n"
        "made = record_program(Path(sys.argv[1]), config, lambda token, args: {}, 'shop', 'prod')\n"
        "print(json.dumps([[r.type, r.name, r.inputs] for r in made.resources]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)

    inputs = {"availabilityZone": "eu-west-1a", "size": 40.0}
    assert json.loads(done.stdout) == [["aws:ebs/volume:Volume", "disk", inputs]]


def test_a_function_about_a_resource_is_asked_again_and_an_archive_is_packed_again() -> None:
    def build() -> None:
        subnet = aws.ec2.Subnet("s", vpc_id="vpc-1", cidr_block="10.0.0.0/24")
        zone = aws.ec2.get_subnet_output(id=subnet.id).availability_zone
        aws.ebs.Volume("v", availability_zone=zone, size=1)
        code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("x = 1")})
        aws.lambda_.Function("f", role="arn:role", code=code, handler="index.x", runtime="python3.13")

    source = write(record(build, answer, region="eu-west-1"))

    assert "aws.ec2.get_subnet_output(id=r0.id)" in source
    assert "pulumi.AssetArchive({'index.py': pulumi.StringAsset('x = 1')})" in source
    assert {resource.name for resource in replayed(source).resources} == {"s", "v", "f"}
