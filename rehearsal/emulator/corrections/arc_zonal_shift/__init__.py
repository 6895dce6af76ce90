"""Zonal shift of Amazon Application Recovery Controller, whole: neither emulator has it.

Load balancers and Auto Scaling groups that have zonal shift enabled are managed resources. A shift keeps a group's
launches out of its zone; what a balancer does then is the live plane's. Not emulated: AWS's own autoshifts (there are
none) and practice runs, of which only the configuration is kept.
"""
