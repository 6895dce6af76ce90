"""The network: a namespace for each host, routers for zones and regions, cuts and delays."""
