"""So many sites in one VPC: a load balancer and a fleet each, as another project would import them."""

from program.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded, as the README of the components advises

import pulumi
import pulumi_aws as aws
from ha_web import Fleet, LoadBalancer

REGION = "eu-west-1"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
VPC = "vpc-0123456789abcdef0"
PUBLIC = ["subnet-0a00000000000000a", "subnet-0a00000000000000b", "subnet-0a00000000000000c"]
SERVERS = ["subnet-0b00000000000000a", "subnet-0b00000000000000b", "subnet-0b00000000000000c"]
ZONES = aws.get_availability_zones(region=REGION).names
"""Asked for as real programs ask for something before they make resources. It matters: the SDK (3.259, `wait_for_rpcs`)
waits for a program that never called anything in a way that is quadratic in its resources, flat or not."""

for number in range(pulumi.Config().require_int("count")):
    name = f"web-{number:03}"
    balancer = LoadBalancer(
        name,
        {
            "vpc_id": VPC,
            "subnet_ids": PUBLIC,
            "certificate_arn": CERTIFICATE,
            "waf": {"rate_limit": 2000},
            "region": REGION,
        },
    )
    assert balancer.request_count_label  # an application balancer has one
    Fleet(
        name,
        {
            "vpc_id": VPC,
            "subnet_ids": SERVERS,
            "zones": len(ZONES),
            "instance_type": "m7g.large",
            "start_script": "#!/bin/bash\nexec python3 -m http.server 8080\n",
            "load_balancer_security_group_id": balancer.security_group_id,
            "target_group_arns": [balancer.target_group_arn],
            "request_count_label": balancer.request_count_label,
            "region": REGION,
        },
    )
