"""`python -m rehearsal.aws_plugin`: what the engine starts."""

from __future__ import annotations

from rehearsal.plugin.process import import_protocol_only, run


def main() -> None:
    """Serve one provider."""
    import_protocol_only()
    from rehearsal.aws_plugin.provider.server import serve  # noqa: PLC0415 - after the line above

    run(serve)


if __name__ == "__main__":
    main()
