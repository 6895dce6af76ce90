"""The pack of the installed package: `pulumi preview --policy-pack $(python -m resilience)`."""
