"""The rehearsal: the real Pulumi engine, run on this machine against an emulated AWS."""
