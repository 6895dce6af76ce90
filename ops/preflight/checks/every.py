"""Every check, in the order of the report."""

from ops.preflight.checks import account, backups, capacity, names, zones

CHECKS = (*account.CHECKS, *names.CHECKS, *zones.CHECKS, *capacity.CHECKS, *backups.CHECKS)
