"""The site that the stack's settings say: a cluster in the primary region, the standby's, and what spans both."""

from program.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

import pulumi
from ha_web import BackupGuard, Site

from program.settings.load import as_args, load

guard = BackupGuard.watch()
site = Site("site", as_args(load()))
guard.check()

for name, value in site.outputs.items():
    pulumi.export(name, value)
