"""These tests have an emulated AWS of their own."""

from tests.rehearsal.emulator.living_account import aws, emulator, fleet, living, plane

__all__ = ["aws", "emulator", "fleet", "living", "plane"]
