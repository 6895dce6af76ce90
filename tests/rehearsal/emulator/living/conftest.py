"""These tests have an emulated AWS of their own."""

from tests.rehearsal.emulator.living_account import aws, emulator, living

__all__ = ["aws", "emulator", "living"]
