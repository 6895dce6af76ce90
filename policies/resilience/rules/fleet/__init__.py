"""Auto Scaling groups, launch templates and servers; the rules are in a file each topic."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.fleet import groups, images, rollouts, servers, spot

RULES = Domain("Fleet", groups.RULES, rollouts.RULES, spot.RULES, servers.RULES, images.RULES, table.FLEET)
