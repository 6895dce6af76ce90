"""The emulated `aws` plugin: Pulumi's provider protocol on one side, AWS calls to loopback on the other."""
