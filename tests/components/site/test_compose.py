"""Several sites in one program: each has names, and backups, of its own."""

from typing import Any, cast

from ha_web import BackupGuard, Site, SiteArgs

from tests.components.made import make
from tests.components.site.test_arguments import ANSWERS, SITE
from tests.components.site.test_site import ARGS


def test_a_program_can_have_several_sites_and_no_plan_backs_up_anothers() -> None:
    def build() -> dict[str, Any]:
        guard = BackupGuard.watch()
        for number, name in enumerate(("shop", "blog")):
            networks = {
                role: {**SITE[role], "cidr": f"10.{2 * number + place}.0.0/16"}
                for place, role in enumerate(("primary", "standby"))
            }
            Site(name, cast(SiteArgs, {**ARGS, **networks, "database": {}, "storage": {}}))
        guard.check()
        return {}

    made = make(build, answers=ANSWERS)
    conditions = {
        (each.name.split("-")[0], pair["value"])
        for each in made.all("aws:backup/selection:Selection")
        for pair in each["conditions"][0]["stringEquals"]
        if pair["key"].endswith("ha-web:site")
    }
    assert conditions == {("shop", "shop"), ("blog", "blog")}
