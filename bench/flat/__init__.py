"""A program's resources written flat: one constructor call a resource, no components, the same references."""

from bench.flat.recorder import record, record_program
from bench.flat.writer import write

__all__ = ["record", "record_program", "write"]
