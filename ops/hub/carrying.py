"""Tells Resilience Hub what is declared, and has it judge."""

from dataclasses import dataclass
from typing import Any

from ha_web.resilience_hub.declaration import STACK_TAG, Declaration

from ops.core.errors import OpsError
from ops.core.operate import Do, Operator
from ops.core.plan import Step
from ops.core.policy import calls
from ops.hub.look import SERVICE, client_of
from ops.hub.planning import ASSERTION, ASSESS, POLICY, SOURCE, Known
from ops.hub.planning import SERVICE as SERVICE_STEP

OPERATES = {"s3": "get_object put_object delete_object"}
DECLARING = (
    *calls(
        {
            SERVICE: "create_policy update_policy create_service update_service create_input_source create_assertion "
            "update_assertion tag_resource",
            **OPERATES,
        }
    ),
    *calls({"iam": "pass_role"}),
)
ASSESSING = calls({SERVICE: "start_failure_mode_assessment", **OPERATES})


@dataclass
class Carrying:
    """A declaration under way: what a step makes, the next ones use."""

    me: Operator
    wanted: Declaration
    known: Known
    tag: str
    role: str

    def __post_init__(self) -> None:
        self.policy_arn = self.known.policy_arn
        self.service_arn = str(self.known.service.get("serviceArn", ""))

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        steps = {POLICY: self._policy, SERVICE_STEP: self._service, SOURCE: self._source, ASSERTION: self._assertion}
        return {**steps, ASSESS: self._assess}

    @property
    def _client(self) -> Any:
        return client_of(self.me)

    def _policy(self, _step: Step) -> str:
        if self.policy_arn:
            self._client.update_policy(policyArn=self.policy_arn, **self.wanted.policy)
            return ""
        made = self._client.create_policy(name=self.wanted.name, tags=self._tags, **self.wanted.policy)
        self.policy_arn = made["policy"]["policyArn"]
        return str(self.policy_arn)

    def _service(self, _step: Step) -> str:
        both = {"policyArn": self.policy_arn, "regions": [*self.wanted.regions]}
        if self.service_arn:
            self._client.update_service(serviceArn=self.service_arn, **both)
            return ""
        model = {"invokerRoleName": self.role}
        made = self._client.create_service(name=self.wanted.name, permissionModel=model, tags=self._tags, **both)
        self.service_arn = made["service"]["serviceArn"]
        return str(self.service_arn)

    def _source(self, _step: Step) -> str:
        where = {"resourceTags": [{"key": STACK_TAG, "values": [self.tag]}]}
        self._client.create_input_source(serviceArn=self.service_arn, resourceConfiguration=where)
        return ""

    def _assertion(self, step: Step) -> str:
        failure = step.about["failure"]
        text, there = self.wanted.assertions[failure], self.known.assertions.get(failure)
        if there:
            self._client.update_assertion(serviceArn=self.service_arn, assertionId=there["assertionId"], text=text)
        else:
            self._client.create_assertion(serviceArn=self.service_arn, text=text)
        return ""

    def _assess(self, _step: Step) -> str:
        made = self._client.start_failure_mode_assessment(serviceArn=self.service_arn)
        if made.get("assessmentStatus") == "FAILED":
            raise OpsError("the assessment failed at once: see the service in Resilience Hub's console")
        return f"{made['assessmentId']}: `ha-web hub show` has its judgement when it has ended"

    @property
    def _tags(self) -> dict[str, str]:
        return {STACK_TAG: self.tag}
