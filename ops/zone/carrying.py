"""Carries leaving a zone out, and entering it again. Each step may be repeated."""

from dataclasses import dataclass

from botocore.exceptions import ClientError
from ha_web.failover.runtime.apply import Clock

from ops.core.errors import OpsError
from ops.core.operate import Do, Operator
from ops.core.plan import Step
from ops.core.stack import Cluster
from ops.core.waiting import wait_while
from ops.zone import planning
from ops.zone.facts import Facts
from ops.zone.look import look

PATIENCE = 900
"""Seconds for servers to start and to serve."""

EVERY = 5
OVER = ("ConflictException", "ResourceNotFoundException")
"""What ARC says of a shift that has ended meanwhile."""

REPLACED = {"ZonalShiftEnabled": True, "ImpairedZoneHealthCheckBehavior": "ReplaceUnhealthy"}
"""A server that fails with its zone is replaced, in the other zones: a fleet of one server a zone can't do without.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-zonal-shift.html"""


@dataclass
class Carrying:
    """A zone is being left, or entered again."""

    me: Operator
    cluster: Cluster
    """The one whose zone is left; a step that ends a shift names its region."""
    clock: Clock

    def look(self) -> Facts:
        """Return what is known of the region now."""
        return look(self.me.stack, self.me.account, self.cluster)

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            planning.BALANCER: self._users,
            planning.PERMIT: self._permit,
            planning.GROUP: self._begin,
            planning.SERVERS: self._servers,
            planning.END_GROUP: self._end,
            planning.END_BALANCER: self._end,
        }

    def _begin(self, step: Step) -> str:
        client, about = self.me.account.client("arc-zonal-shift", self.cluster.region), step.about
        given = {"expiresIn": about["for"], "comment": about["comment"]}
        if about["shift"]:
            found = client.update_zonal_shift(zonalShiftId=about["shift"], **given)
        else:
            found = client.start_zonal_shift(resourceIdentifier=about["arn"], awayFrom=about["zone"], **given)
        return f"until {planning.clock(found['expiryTime'].timestamp())}"

    def _users(self, step: Step) -> str:
        """Shift the balancer, and see that it holds: an earlier shift of somebody else's would have precedence."""
        until, zone = self._begin(step), step.about["zone"]
        client = self.me.account.client("arc-zonal-shift", self.cluster.region)
        weights = client.get_managed_resource(resourceIdentifier=step.about["arn"])["appliedWeights"]
        if weights.get(zone):
            raise OpsError(f"the shift was begun, and {zone} still has its share of users; `zone show` tells why")
        return f"{until}; open connections end by themselves, within minutes"

    def _permit(self, _step: Step) -> str:
        """Turn zonal shift on for the group. The provider has no argument for it, and leaves it as it is:
        https://github.com/hashicorp/terraform-provider-aws/issues/40271
        """
        self.me.account.client("autoscaling", self.cluster.region).update_auto_scaling_group(
            AutoScalingGroupName=self.cluster.group, AvailabilityZoneImpairmentPolicy=REPLACED
        )
        return ""

    def _servers(self, step: Step) -> str:
        zone, facts = step.about["zone"], self.look()
        if facts.desired < step.about["desired"]:
            self.me.account.client("autoscaling", self.cluster.region).set_desired_capacity(
                AutoScalingGroupName=self.cluster.group, DesiredCapacity=step.about["desired"]
            )

        def lacks() -> str:
            found = self.look()
            number = planning.missing(found.serving, zone, found)
            return f"{number} more servers must serve outside of {zone}" if number else ""

        late = f"{{}}, after {PATIENCE} s; users stay"
        wait_while(lacks, self.clock, self.me.terminal.show, every=EVERY, patience=PATIENCE, late=late.format)
        return f"{sum(count for each, count in self.look().serving.items() if each != zone)} serve"

    def _end(self, step: Step) -> str:
        client = self.me.account.client("arc-zonal-shift", step.about["region"])
        try:
            client.cancel_zonal_shift(zonalShiftId=step.about["shift"])
        except ClientError as error:
            if error.response["Error"]["Code"] not in OVER:
                raise
            return "it had ended"
        return ""
