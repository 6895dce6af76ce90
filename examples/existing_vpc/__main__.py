"""A load balancer and a fleet of servers in a VPC that is already there."""

import pulumi
import pulumi_aws as aws
from ha_web import Fleet, LoadBalancer, Protocol

START = """#!/bin/bash
mkdir -p /srv/healthz && echo ok > /srv/healthz/index.html
cat > /etc/systemd/system/web.service <<'END'
[Service]
DynamicUser=yes
WorkingDirectory=/srv
ExecStart=/usr/bin/python3 -m http.server 8080
Restart=always
[Install]
WantedBy=multi-user.target
END
systemctl enable --now web
"""

config = pulumi.Config()
vpc_id = config.require("vpcId")


def subnets(tier: str) -> list[str]:
    """The VPC's subnets that carry this tag."""
    return aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [vpc_id]}], tags={"Tier": tier}).ids


balancer = LoadBalancer(
    "shop",
    {
        "vpc_id": vpc_id,
        "subnet_ids": subnets("public"),
        "protocol": Protocol.HTTP,
        "health_check": {"path": "/healthz/"},
    },
)
fleet = Fleet(
    "shop",
    {
        "vpc_id": vpc_id,
        "subnet_ids": subnets("private"),
        "zones": config.require_int("zones"),
        "instance_type": "t4g.micro",
        "start_script": START,
        "load_balancer_security_group_id": balancer.security_group_id,
        "target_group_arns": [balancer.target_group_arn],
    },
)

pulumi.export("url", pulumi.Output.concat("http://", balancer.dns_name))
pulumi.export("servers", fleet.group_name)
