"""The parts of the site that the stack's settings say, without a Site around them: what it is measured against."""

from program.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

import pulumi
from ha_web import BackupGuard, OperationsRecords
from ha_web.site import arguments
from ha_web.site.compose import compose
from ha_web.site.facts import monthly_cost_of, recovery_of
from ha_web.site.parts import Parts

from program.settings.load import load

guard = BackupGuard.watch()
site = load()
made = compose(site, Parts())
guard.check()

outputs = {"site": made.way_in.fqdn, "recovery": recovery_of(site), "objectives": site.objectives}
regions = [place.region for place in site.roles.values()]
OperationsRecords("site", {"regions": regions, "outputs": outputs, "tags": arguments.tags(site)})

pulumi.export("site", made.way_in.fqdn)
pulumi.export("clusters", {role: arguments.exported(web, site.roles[role].region) for role, web in made.webs.items()})
pulumi.export("recovery", recovery_of(site))
pulumi.export("objectives", site.objectives)
pulumi.export("monthly_cost", monthly_cost_of(site))
