"""Amazon EC2 Auto Scaling, whole.

moto puts every instance into the first subnet, never replaces a stopped one and forgets half of a group's settings;
ministack's instances do not exist. Here a group has real instances in moto's EC2, spread over its zones, registered
with its target groups in moto's Elastic Load Balancing, and replaced when they are gone, stopped or unhealthy.

What AWS does within minutes happens within the call that causes it; an instance refresh takes steps of
`refresh.STEP` seconds. In the living mode it takes AWS's time, depends on what is measured, and scaling policies and
scheduled actions act. A zonal shift keeps launches out of its zone. Warm pools and lifecycle actions are not emulated;
lifecycle hooks and notifications are kept and described, and nothing triggers them.
"""
