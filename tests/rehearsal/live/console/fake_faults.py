"""What breaks the simulated site, and how it recovers, in the order and about the times that the plane shows."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.rehearsal.live.console.fake_site import REGIONS, Site, zones


class Record(Protocol):
    """Where what happens is noted."""

    def note(self, kind: str, text: str, **fields: Any) -> None: ...


class Stage(Protocol):
    """What a fault needs of the lab."""

    site: Site

    @property
    def events(self) -> Record: ...

    def later(self, seconds: float, what: Callable[[], None]) -> None: ...


def do(lab: Stage, request: Mapping[str, Any]) -> Mapping[str, Any]:
    if request["do"] == "heal":
        return heal(lab)
    if request["do"] == "release":
        return release(lab, request["region"])
    what, region = request["what"], request["region"]
    if "instance" in request:
        return server(lab, what, request["instance"])
    if "zone" in request:
        return zone(lab, what, region, request["zone"])
    if what in ("kill-session-primary", "freeze-session-primary", "kill-database-writer"):
        return primary(lab, what, region)
    return cut_region(lab, region) if what == "cut-region" else {"ok": False, "error": f"{what}: not simulated here"}


def fault(lab: Stage, text: str, **fields: Any) -> Mapping[str, Any]:
    lab.events.note("fault", text, level="bad", **fields)
    return {"ok": True, "target": text}


def server(lab: Stage, what: str, instance: str) -> Mapping[str, Any]:
    found = next((s for s in lab.site.servers if s["id"] == instance), None)
    if found is None:
        return {"ok": False, "error": f"no instance {instance}"}
    where = {"region": found["region"], "zone": found["zone"]}
    found["state"] = "lost" if what == "kill-server" else "frozen"
    answer = fault(lab, f"{found['zone']}: server {instance[:10]} {'killed' if what == 'kill-server' else 'frozen'}")

    def unhealthy() -> None:
        found["health"] = "unhealthy"
        lab.events.note("target", f"{found['zone']}: target {instance[:10]} unhealthy, 2 checks failed", **where)

    def replaced() -> None:
        if found in lab.site.servers:
            lab.site.servers.remove(found)
        made = lab.site.add_server(where["region"], where["zone"], "booting", "initial")
        lab.events.note("scaling", f"{found['zone']}: {instance[:10]} terminated, {made['id'][:10]} launched", **where)

        def serves() -> None:
            made.update(state="running", health="healthy", lifecycle="InService")
            lab.events.note("target", f"{found['zone']}: target {made['id'][:10]} healthy", level="good", **where)

        lab.later(8, serves)

    lab.later(7.4, unhealthy)
    lab.later(16, replaced)
    return answer


def zone(lab: Stage, what: str, region: str, name: str) -> Mapping[str, Any]:
    site = lab.site
    if what == "slow-zone":
        site.slow[name] = 0.3
        return fault(lab, f"{name}: 300 ms slower", region=region, zone=name)
    site.cut.add(name)

    def unhealthy() -> None:
        for each in site.servers:
            if each["zone"] == name:
                each["health"] = "unhealthy"
        lab.events.note("target", f"{name}: 1 target unhealthy, request timed out", region=region, zone=name)
        site.alarms[f"{REGIONS[region]}-unhealthy-servers"] = "ALARM"
        lab.events.note("alarm", f"{REGIONS[region]}-unhealthy-servers: OK → ALARM", level="bad", region=region)
        message = f"{REGIONS[region]}-unhealthy-servers: 1 server fails its checks for a minute."
        subject = f'ALARM: "{REGIONS[region]}-unhealthy-servers" in {region}'
        lab.events.note("notice", message, region=region, subject=subject)

    lab.later(9.6, unhealthy)
    answer = fault(lab, f"{name}: cut off", region=region, zone=name)
    if any(node["zone"] == name and node["role"] == "primary" for node in site.nodes[region]):
        primary(lab, "", region)
    return answer


def primary(lab: Stage, what: str, region: str) -> Mapping[str, Any]:
    site, database = lab.site, what == "kill-database-writer"
    nodes = (site.instances if database else site.nodes)[region]
    lost = next(node for node in nodes if node["role"] in ("primary", "writer"))
    lost["state"] = "frozen" if what.startswith("freeze") else "lost"
    site.stuck = "" if database else lost["id"]

    def promoted() -> None:
        first, rest = lost["role"], "reader" if database else "replica"
        new = next(node for node in nodes if node is not lost)
        lost["role"], new["role"] = rest, first
        site.stuck = ""
        kind = "database" if database else "store"
        text = f"{new['zone']}: {new['id']} promoted, takes writes"
        lab.events.note(kind, text, level="good", region=region, zone=new["zone"])

    def back() -> None:
        lost["state"] = "available"
        kind = "database" if database else "store"
        lab.events.note(kind, f"{lost['zone']}: {lost['id']} is back as {lost['role']}", region=region)

    lab.later(5.3, promoted)
    lab.later(24, back)
    return fault(lab, f"{lost['zone']}: {lost['id']} lost, it took the writes", region=region) if what else {"ok": True}


def cut_region(lab: Stage, region: str) -> Mapping[str, Any]:
    site, other = lab.site, next(each for each in REGIONS if each != region)
    site.cut.add(region)

    def check() -> None:
        site.checks["primary-answers"] = "unhealthy"
        lab.events.note("health", "health check primary-answers: unhealthy, 16 of 16 checkers time out", level="bad")

    def begins() -> None:
        site.function |= {"running": True, "said": "primary silent for 40 s: failing over"}
        lab.events.note("function", "site-failover: primary silent for 40 s, failing over", region=other)

    def promoted() -> None:
        site.primary = {"sessions": other, "database": other}
        lab.events.note("store", f"{other}: sessions promoted, take writes", level="good", region=other)
        lab.events.note("database", f"{other}: database promoted, takes writes", level="good", region=other)

    def switched() -> None:
        site.checks |= {"switch": "unhealthy", "calculated": "unhealthy"}
        site.function |= {"running": False, "said": "switched: the standby serves"}
        lab.events.note("function", "site-failover: standby-serves written, the standby serves", region=other)

    def answers() -> None:
        site.seen_by_dns = other
        text = "www.example.com now answers with 203.0.113.20, 203.0.113.21, 203.0.113.22"
        lab.events.note("dns", text, subject="www.example.com", region=other, ttl=60)
        lab.events.note("notice", "The standby took over.", region=other, subject="ha-web local: failed over")

    for at, what in ((12, check), (20, begins), (26, promoted), (29, switched), (38, answers)):
        lab.later(at, what)
    return fault(lab, f"{region}: cut off", region=region)


def release(lab: Stage, region: str) -> Mapping[str, Any]:
    site = lab.site
    lab.events.note("release", f"{region}: version 9bad000 is released", level="warn", region=region)
    site.refresh[region] = "0 %, 1 server starts"
    made = site.add_server(region, zones(region)[0], "booting", "initial", "9bad000")

    def fails() -> None:
        made.update(state="running", health="unhealthy")
        site.refresh[region] = "0 %, rolling back"
        text = f"{region}: {made['id'][:10]} fails its checks (500), refresh rolls back"
        lab.events.note("release", text, level="bad", region=region)

    def ends() -> None:
        site.servers.remove(made)
        site.refresh.pop(region, None)
        lab.events.note("release", f"{region}: version 3f9c2a1 serves on, 9bad000 is gone", level="good", region=region)

    lab.later(9, fails)
    lab.later(17, ends)
    return {"ok": True, "target": region}


def heal(lab: Stage) -> Mapping[str, Any]:
    site = lab.site
    site.cut.clear()
    site.slow.clear()
    site.stuck = ""
    lab.events.note("fault", "healed", what="heal")

    def well() -> None:
        for each in site.servers:
            each.update(state="running", health="healthy", lifecycle="InService")
        for nodes in [*site.nodes.values(), *site.instances.values()]:
            for node in nodes:
                node["state"] = "available"
        site.checks["primary-answers"] = "healthy"
        site.alarms = dict.fromkeys(site.alarms, "OK")
        lab.events.note("target", "all targets healthy", level="good")

    lab.later(5, well)
    return {"ok": True}
