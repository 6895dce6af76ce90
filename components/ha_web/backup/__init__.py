"""AWS Backup: plans, vaults, restore tests, audit, and the guard against lost recovery points."""
