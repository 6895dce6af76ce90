"""A whole cluster in one region: network, load balancer, servers and shared sessions."""

import pulumi
from ha_web import Protocol, WebCluster

START = """#!/bin/bash
# SESSION_HOST, SESSION_PORT, SESSION_USER and SESSION_SECRET_ARN are in the environment.
mkdir -p /srv && echo ok > /srv/healthz
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

web = WebCluster(
    "shop",
    {
        "network": {"cidr": "10.20.0.0/16"},
        "load_balancer": {"protocol": Protocol.HTTP},
        "fleet": {"instance_type": "t4g.micro", "start_script": START},
        "sessions": {"node_type": "cache.t4g.micro"},
    },
)

pulumi.export("url", pulumi.Output.concat("http://", web.load_balancer.dns_name))
pulumi.export("sessions", web.sessions.primary_endpoint)
