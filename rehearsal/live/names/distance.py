"""How far AWS Regions are from each other, coarsely: enough to say which of two is nearer to a user."""

PLACES: dict[str, tuple[float, float]] = {
    "us-east-1": (38.9, -77.4),
    "us-east-2": (40.0, -83.0),
    "us-west-1": (37.4, -121.9),
    "us-west-2": (45.8, -119.7),
    "ca-central-1": (45.5, -73.6),
    "sa-east-1": (-23.5, -46.6),
    "eu-west-1": (53.3, -6.3),
    "eu-west-2": (51.5, -0.1),
    "eu-west-3": (48.9, 2.4),
    "eu-central-1": (50.1, 8.7),
    "eu-central-2": (47.4, 8.5),
    "eu-north-1": (59.3, 18.1),
    "eu-south-1": (45.5, 9.2),
    "eu-south-2": (41.6, -0.9),
    "me-south-1": (26.1, 50.6),
    "me-central-1": (24.5, 54.4),
    "af-south-1": (-33.9, 18.4),
    "ap-south-1": (19.1, 72.9),
    "ap-southeast-1": (1.3, 103.8),
    "ap-southeast-2": (-33.9, 151.2),
    "ap-northeast-1": (35.7, 139.7),
    "ap-northeast-2": (37.6, 127.0),
    "ap-northeast-3": (34.7, 135.5),
    "ap-east-1": (22.3, 114.2),
}
"""Latitude and longitude of the place that a Region is named for:
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
Route 53 measures latency; nothing here can, so distance stands for it."""

FAR = 1e9


def distance(one: str, other: str) -> float:
    """Return a number that is smaller for nearer Regions; 0 for the same one, FAR where one is not known."""
    if one == other:
        return 0.0
    if one not in PLACES or other not in PLACES:
        return FAR
    (north, east), (other_north, other_east) = PLACES[one], PLACES[other]
    round_the_world = abs(east - other_east)
    return (north - other_north) ** 2 + min(round_the_world, 360 - round_the_world) ** 2
