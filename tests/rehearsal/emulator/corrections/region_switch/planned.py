"""A site in two Regions that a plan can switch: a group, a function and a database in each, and the plan's role."""

import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.conftest import Client, Network
from tests.rehearsal.emulator.fleets import IMAGE

LEFT, ACTIVATED = "eu-west-1", "eu-central-1"
ACCOUNT = "123456789012"
PASSWORD = "x" * 20
TARGET = {"targetRegion": ACTIVATED, "action": "activate"}


@dataclass
class Planned:
    """What a plan names; made when it is first asked for."""

    aws: Client
    name: str

    @property
    def arc(self) -> Any:
        """Region switch in the Region that is activated."""
        return self.aws("arc-region-switch", ACTIVATED)

    @cached_property
    def role(self) -> str:
        """ARN of a role that Region switch may take, and that may do everything."""
        return self.make_role("arc-region-switch.amazonaws.com", "*")

    def make_role(self, service: str, action: str | list[str], name: str = "") -> str:
        """Make a role with one statement."""
        iam, name = self.aws("iam"), name or self.name
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        self.allow(action, name)
        return str(arn)

    def allow(self, action: str | list[str], name: str = "") -> None:
        """Let a role do just this."""
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.aws("iam").put_role_policy(RoleName=name or self.name, PolicyName="may", PolicyDocument=policy)

    @cached_property
    def functions(self) -> list[str]:
        """ARNs of a function in each Region."""
        role = self.make_role("lambda.amazonaws.com", "logs:*", f"{self.name}-f")
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as file:
            file.writestr("handler.py", "x = 1")
        given = {"FunctionName": self.name, "Role": role, "Runtime": "python3.13", "Handler": "handler.x"}
        return [
            str(self.aws("lambda", each).create_function(**given, Code={"ZipFile": package.getvalue()})["FunctionArn"])
            for each in (LEFT, ACTIVATED)
        ]

    @cached_property
    def groups(self) -> list[str]:
        """ARNs of a group in each Region: three servers where it is left, one where it is activated."""
        return [self._group(LEFT, 3), self._group(ACTIVATED, 1)]

    def _group(self, region: str, servers: int) -> str:
        def here(service: str, _: str = "") -> Any:
            return self.aws(service, region)

        network = Network(here, self.name)
        image = here("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
        data = {"ImageId": image, "InstanceType": "t4g.small"}
        template = here("ec2").create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=data)
        here("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            MinSize=servers,
            MaxSize=4,
            VPCZoneIdentifier=",".join(network.subnets),
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"},
        )
        return str(self.group(region)["AutoScalingGroupARN"])

    def group(self, region: str = ACTIVATED) -> dict[str, Any]:
        """A Region's group."""
        asked = {"AutoScalingGroupNames": [self.name]}
        found: dict[str, Any] = self.aws("autoscaling", region).describe_auto_scaling_groups(**asked)
        group: dict[str, Any] = found["AutoScalingGroups"][0]
        return group

    @cached_property
    def clusters(self) -> list[str]:
        """ARNs of a global database's clusters, the primary first."""
        given = {"DBClusterIdentifier": self.name, "Engine": "aurora-postgresql", "EngineVersion": "17.7"}
        owner = {"MasterUsername": "web", "MasterUserPassword": PASSWORD}
        primary = self.aws("rds", LEFT).create_db_cluster(**given, **owner)["DBCluster"]["DBClusterArn"]
        world = {"GlobalClusterIdentifier": self.name}
        self.aws("rds", LEFT).create_global_cluster(**world, SourceDBClusterIdentifier=primary)
        secondary = self.aws("rds", ACTIVATED).create_db_cluster(**given, **world)["DBCluster"]["DBClusterArn"]
        instance = {"DBInstanceIdentifier": f"{self.name}-1", "DBClusterIdentifier": self.name}
        for region in (LEFT, ACTIVATED):
            self.aws("rds", region).create_db_instance(
                **instance, Engine="aurora-postgresql", DBInstanceClass="db.r7g.large"
            )
        return [str(primary), str(secondary)]

    @property
    def writer(self) -> str:
        """ARN of the cluster that takes writes."""
        asked = {"GlobalClusterIdentifier": self.name}
        found = self.aws("rds", ACTIVATED).describe_global_clusters(**asked)["GlobalClusters"][0]
        return next(str(each["DBClusterArn"]) for each in found["GlobalClusterMembers"] if each["IsWriter"])

    def capacity(self, name: str = "capacity", **given: Any) -> dict[str, Any]:
        """A step that raises the group."""
        asgs = {"asgs": [{"arn": arn} for arn in self.groups], "timeoutMinutes": 10}
        return step(name, "EC2AutoScaling", ec2AsgCapacityIncreaseConfig={**asgs, **given})

    def invocation(self, name: str = "function", **given: Any) -> dict[str, Any]:
        """A step that invokes the function."""
        lambdas = {"lambdas": [{"arn": arn} for arn in self.functions], "regionToRun": "activatingRegion"}
        minutes = {"retryIntervalMinutes": 1, "timeoutMinutes": 3}
        return step(name, "CustomActionLambda", customActionLambdaConfig={**lambdas, **minutes, **given})

    def database(self, name: str = "database", **given: Any) -> dict[str, Any]:
        """A step that moves the database."""
        known = {"globalClusterIdentifier": self.name, "databaseClusterArns": self.clusters}
        how = {"behavior": "switchoverOnly", "ungraceful": {"ungraceful": "failover"}, "timeoutMinutes": 10}
        return step(name, "AuroraGlobalDatabase", globalAuroraConfig={**known, **how, **given})

    def approval(self, name: str = "approval", role: str = "") -> dict[str, Any]:
        """A step that waits for a person."""
        return step(name, "ManualApproval", executionApprovalConfig={"approvalRole": role or self.role})

    def plan(self, *steps: dict[str, Any], **given: Any) -> str:
        """Make a plan with these steps, whichever Region is activated, and return its ARN."""
        made = self.arc.create_plan(**{**self.settings(*steps), **given})
        return str(made["plan"]["arn"])

    def settings(self, *steps: dict[str, Any]) -> dict[str, Any]:
        """What a plan is made of."""
        return {
            "name": self.name,
            "executionRole": self.role,
            "recoveryApproach": "activePassive",
            "regions": [LEFT, ACTIVATED],
            "primaryRegion": LEFT,
            "workflows": [{"workflowTargetAction": "activate", "steps": [*steps]}],
        }

    def start(self, arn: str, mode: str = "ungraceful") -> dict[str, str]:
        """Start it; return what names the execution."""
        made = self.arc.start_plan_execution(planArn=arn, mode=mode, **TARGET)
        return {"planArn": arn, "executionId": made["executionId"]}

    def state(self, execution: dict[str, str]) -> str:
        """The state of an execution."""
        return str(self.arc.get_plan_execution(**execution)["executionState"])

    def steps(self, execution: dict[str, str]) -> dict[str, str]:
        """The status of each step."""
        return {each["name"]: each["status"] for each in self.arc.get_plan_execution(**execution)["stepStates"]}

    def errors(self, execution: dict[str, str]) -> list[str]:
        """What the events say of errors."""
        return [each["error"] for each in self.arc.list_plan_execution_events(**execution)["items"] if "error" in each]


def step(name: str, kind: str, **configuration: Any) -> dict[str, Any]:
    """A step of a plan."""
    return {"name": name, "executionBlockType": kind, "executionBlockConfiguration": configuration}


def parallel(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """A step that carries out others at once."""
    return step(name, "Parallel", parallelConfig={"steps": [*steps]})
