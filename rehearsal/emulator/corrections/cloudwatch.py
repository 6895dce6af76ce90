"""CloudWatch: alarms on metric math, of which ministack keeps only the name; who looks at the data in the living mode.

There whoever measures evaluates the alarms, by AWS's clock, and sets their states. ministack looks by the machine's.
"""

from typing import Any

from ministack.services import cloudwatch as store

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.living import clock, metrics
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_"

LOST = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile", "Unit", "ExtendedStatistic")
"""Settings that ministack drops, or describes beside a statistic that nobody gave."""

GIVEN: dict[tuple[str, str], dict[str, Any]] = {}
"""The last request of PutMetricAlarm, by region and name."""


@on_reset
def forget() -> None:
    """Forget the alarms."""
    GIVEN.clear()


@corrects("cloudwatch", "PutMetricAlarm", see=f"{API}PutMetricAlarm.html")
async def put(call: Call) -> Response:
    """Remember the whole alarm."""
    response = await emulators.ask(call)
    if response.status == 200:
        GIVEN[call.region, call.parameters["AlarmName"]] = call.parameters
    return response


@corrects("cloudwatch", "DescribeAlarms", see=f"{API}DescribeAlarms.html")
async def describe(call: Call) -> Response:
    """Describe alarms with what was lost."""
    answer = call.read(await emulators.ask(call))
    for alarm in answer.get("MetricAlarms", []):
        given = GIVEN.get((call.region, alarm["AlarmName"]), {})
        alarm.update({name: given[name] for name in LOST if name in given})
        for added in ("Statistic", "Period"):
            if given and added not in given:
                alarm.pop(added, None)
    return call.answer(answer)


@corrects("cloudwatch", "PutMetricData", see=f"{API}PutMetricData.html")
async def put_data(call: Call) -> Response:
    """Hand the data to the scaling policies, too."""
    response = await emulators.ask(call)
    if response.status == 200 and clock.on():
        for datum in call.parameters.get("MetricData", []):
            metrics.put(call.region, call.parameters["Namespace"], datum)
    return response


_evaluate_all = store._evaluate_all_alarms


def _evaluate_all_at_rest() -> None:
    """Evaluate alarms as ministack does, unless somebody else does."""
    if not clock.on():
        _evaluate_all()


store._evaluate_all_alarms = _evaluate_all_at_rest
