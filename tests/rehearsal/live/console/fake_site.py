"""The simulated site: two regions of three zones, what stands in them, and what users see of it."""

import hashlib
import random
from collections import Counter
from typing import Any

REGIONS = {"eu-west-1": "primary", "eu-central-1": "standby"}
SITE = "www.example.com"
BALANCED = "HAProxy in place of an Application Load Balancer: 503 where AWS answers 502 or 504. No WAF, no access logs."


def zones(region: str) -> list[str]:
    return [f"{region}{letter}" for letter in "abc"]


class Site:
    """What the account has, and what is broken."""

    def __init__(self, now: float) -> None:
        self.made = 0
        self.now = now
        self.serving = "eu-west-1"
        self.seen_by_dns = "eu-west-1"
        self.cut: set[str] = set()
        self.slow: dict[str, float] = {}
        self.stuck = ""
        """Why the sessions or the database don't take writes."""
        self.servers: list[dict[str, Any]] = []
        self.refresh: dict[str, str] = {}
        self.nodes = {region: self._nodes(region, "sessions", 3) for region in REGIONS}
        self.instances = {region: self._nodes(region, "database", 2) for region in REGIONS}
        self.primary = {"sessions": "eu-west-1", "database": "eu-west-1"}
        self.checks = {"primary-answers": "healthy", "switch": "healthy", "calculated": "healthy"}
        self.alarms = {f"{role}-unhealthy-servers": "OK" for role in REGIONS.values()}
        self.alarms |= {"primary-sessions-lag": "OK", "site-failover-errors": "OK", "primary-5xx": "OK"}
        self.function = {"running": False, "invocations": 214, "errors": 0, "said": "primary answers: nothing to do"}
        for region in REGIONS:
            for zone in zones(region):
                self.add_server(region, zone, "running", "healthy")

    def _nodes(self, region: str, kind: str, count: int) -> list[dict[str, Any]]:
        first = ("primary", "writer")[kind == "database"]
        rest = ("replica", "reader")[kind == "database"]
        return [
            {
                "id": f"{REGIONS[region]}-{kind}-{number + 1}",
                "zone": zone,
                "address": f"10.{list(REGIONS).index(region)}.{128 + 8 * number}.{5 if kind == 'database' else 4}",
                "role": first if number == 0 else rest,
                "state": "available",
            }
            for number, zone in enumerate(zones(region)[:count])
        ]

    def add_server(self, region: str, zone: str, state: str, health: str, version: str = "3f9c2a1") -> dict[str, Any]:
        self.made += 1
        number = list(REGIONS).index(region)
        server = {
            "id": "i-" + hashlib.sha256(b"%d" % self.made).hexdigest()[:17],
            "region": region,
            "zone": zone,
            "address": f"10.{number}.{64 + 8 * 'abc'.index(zone[-1])}.{3 + self.made}",
            "type": "t4g.small",
            "image": "ami-bbf8e8342c520c4a0",
            "version": version,
            "state": state,
            "lifecycle": "InService" if state == "running" else "Pending",
            "health": health,
            "since": self.now,
            "memory": 61_000_000 + 1_700_000 * self.made,
        }
        self.servers.append(server)
        return server

    def out(self, region: str, zone: str) -> bool:
        return region in self.cut or zone in self.cut

    def second(self, at: int, rate: float, dice: random.Random) -> dict[str, Any]:
        """What users saw in one second."""
        self.now = at
        sent = round(rate * dice.uniform(0.94, 1.06))
        region = self.seen_by_dns
        targets = [s for s in self.servers if s["region"] == region and s["health"] in ("healthy", "draining")]
        errors: Counter[str] = Counter()
        by_zone: Counter[str] = Counter()
        by_server: Counter[str] = Counter()
        waiting = 0
        for _ in range(sent):
            target = dice.choice(targets) if targets else None
            if target is None:
                errors["503"] += 1
            elif self.out(region, target["zone"]) or target["state"] == "frozen":
                errors["timeout"] += 1
            elif target["state"] == "lost":
                errors["refused"] += 1
            elif self.stuck and dice.random() < 0.97:
                waiting += 1
                errors["503"] += dice.random() < 0.25
            else:
                by_zone[target["zone"]] += 1
                by_server[target["id"]] += 1
        slow = 1000 * max([self.slow.get(zone, 0) for zone in by_zone], default=0)
        hangs = 9000 if errors["timeout"] else 5200 if waiting else 0
        return {
            "at": at,
            "sent": sent,
            "ok": by_zone.total(),
            "errors": {kind: count for kind, count in errors.items() if count},
            "p50": dice.uniform(2.6, 3.4) + (slow / 3 if slow else 0) + (1800 if waiting else 0),
            "p99": dice.uniform(7, 13) + 2 * slow + hangs * dice.uniform(0.85, 1.1),
            "zones": dict(by_zone),
            "servers": dict(by_server),
            "back": 0,
        }

    def describe(self, dice: random.Random) -> dict[str, Any]:
        return {
            "account": {
                "site": SITE,
                "url": "https://127.0.0.1:8443",
                "regions": [{"name": name, "role": role, "zones": zones(name)} for name, role in REGIONS.items()],
            },
            "network": {"cut": sorted(self.cut), "slow": self.slow},
            "parts": {
                "servers": self._servers(dice),
                "balancers": {"balancers": [self._balancer(region) for region in REGIONS], "simulated": BALANCED},
                "stores": {
                    "stores": [self._data(region, "sessions", dice) for region in REGIONS],
                    "simulated": "Valkey with TLS ended in front of it; AWS publishes no time to detect: 5 s assumed.",
                },
                "databases": {
                    "databases": [self._data(region, "database", dice) for region in REGIONS],
                    "simulated": "PostgreSQL with streaming replication in place of Aurora's shared storage.",
                },
                "names": self._names(),
                "functions": self._functions(),
                "watch": {
                    "alarms": [
                        {"name": n, "region": "eu-west-1", "state": s, "reason": ""} for n, s in self.alarms.items()
                    ],
                },
            },
        }

    def _servers(self, dice: random.Random) -> dict[str, Any]:
        for server in self.servers:
            busy = server["region"] == self.seen_by_dns and server["health"] == "healthy"
            server["cpu"] = dice.uniform(0.13, 0.19) if busy else dice.uniform(0, 0.02)
        groups = [
            {"name": f"{role}-group", "region": region, "desired": 3, "minimum": 3, "maximum": 12}
            | ({"refresh": self.refresh[region]} if region in self.refresh else {})
            for region, role in REGIONS.items()
        ]
        simulated = "Instances are processes in namespaces of this machine: its one kernel, its two cores."
        return {"servers": self.servers, "groups": groups, "simulated": simulated}

    def _balancer(self, region: str) -> dict[str, Any]:
        nodes = []
        for number, zone in enumerate(zones(region)):
            there = [s for s in self.servers if s["zone"] == zone]
            healthy = sum(s["health"] == "healthy" for s in there)
            state = "serving" if healthy and not self.out(region, zone) else "no healthy target"
            address = f"203.0.113.{10 + number + 10 * list(REGIONS).index(region)}"
            nodes.append({"zone": zone, "address": address, "state": state, "healthy": healthy, "targets": len(there)})
        return {
            "name": f"{REGIONS[region]}-lb",
            "region": region,
            "dns": f"{REGIONS[region]}-lb-1.{region}.elb.amazonaws.com",
            "nodes": nodes,
        }

    def _data(self, region: str, kind: str, dice: random.Random) -> dict[str, Any]:
        nodes = (self.nodes if kind == "sessions" else self.instances)[region]
        first = self.primary[kind] == region
        for node in nodes:
            follows = node["state"] == "available" and not (first and node["role"] in ("primary", "writer"))
            node["lag"] = dice.uniform(0.001, 0.02) + (0 if first else 0.08) if follows else None
        able = any(n["role"] in ("primary", "writer") and n["state"] == "available" for n in nodes)
        return {
            "id": f"{REGIONS[region]}-{kind}",
            "region": region,
            "engine": "Valkey 9.1" if kind == "sessions" else "PostgreSQL 18.6",
            "role": "primary" if first else "secondary",
            "status": "available" if able else "modifying",
            "writes": first and able and region not in self.cut,
            ("nodes" if kind == "sessions" else "instances"): nodes,
        }

    def _names(self) -> dict[str, Any]:
        serving = self.seen_by_dns
        last = list(REGIONS).index(serving)
        records = [
            {
                "name": f"ha-web-failover.{SITE}",
                "type": "A",
                "routing": f"failover {word}",
                "target": f"{REGIONS[region]}-lb-1.{region}.elb.amazonaws.com",
                "healthy": region == "eu-central-1" or self.checks["calculated"] == "healthy",
                "chosen": region == serving,
                **({"check": "calculated"} if word == "PRIMARY" else {}),
            }
            for region, word in zip(REGIONS, ("PRIMARY", "SECONDARY"), strict=True)
        ]
        answer = [f"203.0.113.{10 + number + 10 * last}" for number in range(3)]
        return {
            "records": [
                {"name": SITE, "type": "A", "routing": "alias", "target": f"ha-web-failover.{SITE}", "chosen": True},
                *records,
            ],
            "answers": [{"name": SITE, "type": "A", "answer": answer, "ttl": 60, "leads_to": serving}],
            "checks": [
                {"id": "primary-answers", "what": "HTTPS /healthz of primary-lb-1.eu-west-1.elb.amazonaws.com"}
                | self._check("primary-answers"),
                {
                    "id": "switch",
                    "what": "HTTPS /standby-serves of site-switch.s3.eu-central-1.amazonaws.com",
                    "inverted": True,
                }
                | self._check("switch"),
                {"id": "calculated", "what": "2 of 2 checks"} | self._check("calculated"),
            ],
            "simulated": "Route 53's checkers: 16 vantage points, all on this machine.",
        }

    def _check(self, name: str) -> dict[str, Any]:
        healthy = self.checks[name] == "healthy"
        return {"status": self.checks[name], "healthy_checkers": 16 if healthy else 0, "checkers": 16}

    def _functions(self) -> dict[str, Any]:
        function = {
            "name": "site-failover",
            "region": "eu-central-1",
            "schedule": "rate(1 minute)",
            "running": self.function["running"],
            "invocations": self.function["invocations"],
            "errors": self.function["errors"],
            "last_at": self.now - 4,
            "last_ok": True,
            "last_said": self.function["said"],
        }
        switch = {"bucket": "site-switch", "region": "eu-central-1", "object": "standby-serves"}
        return {
            "functions": [function],
            "switch": switch | {"set": self.checks["switch"] != "healthy"},
            "simulated": "Lambda's start and memory limits.",
        }
