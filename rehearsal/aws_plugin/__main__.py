"""`python -m rehearsal.aws_plugin`: what the engine starts."""

from rehearsal.plugin.process import import_protocol_only, run

import_protocol_only()  # before anything imports `pulumi`, which takes most of a second to load

from rehearsal.aws_plugin.provider.server import serve

if __name__ == "__main__":
    run(serve)
