"""ARC zonal shift: zonal autoshift of a resource, with its practice runs."""

from rehearsal.aws_plugin.entry import Call, Read, Type

RESOURCE = {"resourceIdentifier": "{id}"}
PRACTICE = ("allowedWindows", "blockedDates", "blockedWindows", "blockingAlarms", "outcomeAlarms")
NONE: dict[str, list[str]] = {each: [] for each in PRACTICE if each != "outcomeAlarms"}
SWITCH = Call("UpdateZonalAutoshiftConfiguration", RESOURCE, takes=("zonalAutoshiftStatus",))

TYPES = [
    Type(
        "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration",
        "arc-zonal-shift",
        create=Call("CreatePracticeRunConfiguration", {"resourceIdentifier": "{resourceArn}"}, takes=PRACTICE),
        id="arn",
        then=(SWITCH,),
        update=(Call("UpdatePracticeRunConfiguration", RESOURCE, takes=PRACTICE, cleared=NONE), SWITCH),
        read=Read(
            "GetManagedResource",
            RESOURCE,
            "practiceRunConfiguration && @",
            rename={"resourceArn": "arn", **{each: f"practiceRunConfiguration.{each}" for each in PRACTICE}},
        ),
        delete=(
            Call("UpdateZonalAutoshiftConfiguration", {**RESOURCE, "zonalAutoshiftStatus": "DISABLED"}),
            Call("DeletePracticeRunConfiguration", RESOURCE),
        ),
    ),
]
