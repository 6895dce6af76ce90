"""A whole site over two regions, from another project: clusters, failover, backups and alarms in one resource."""

import pulumi
from ha_web import Failover, Site, Strategy

START = """#!/bin/bash
# SESSION_HOST, SESSION_PORT, SESSION_USER and SESSION_SECRET_ARN are in the environment, DATABASE_HOST and others too.
mkdir -p /srv && echo ok | tee /srv/healthz > /srv/readyz
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
shop = Site(
    "shop",
    {
        "domain": config.get("domain") or "www.example.com",
        "zone": config.get("zone") or "example.com",
        "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"},
        "standby": {"region": "eu-central-1", "cidr": "10.1.0.0/16"},
        "strategy": Strategy.PILOT_LIGHT,
        "failover": Failover.AUTOMATIC,
        "objectives": {"zone": {"recovery": "2m"}, "region": {"recovery": "20m", "data_loss": "1m"}},
        "servers": {"instance_type": "t4g.small"},
        "database": {"instance_class": "db.r7g.large"},
        "application": {"start_script": START, "environment": {"FEATURE": "on"}},
        "notify": ["ops@example.com"],
    },
)

pulumi.export("name", shop.fqdn)
pulumi.export("clusters", shop.clusters)
pulumi.export("recovery", shop.recovery)
pulumi.export("monthly_cost", shop.monthly_cost)
