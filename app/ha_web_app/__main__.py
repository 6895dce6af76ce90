"""`python -m ha_web_app`: reads the environment and serves."""

import logging
import os
import sys

from .server import serve
from .settings import Settings, SettingsError


def main() -> None:
    """Serves; exits with 2 and one line for each wrong setting when the environment can't be used."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.read(os.environ)
    except SettingsError as problems:
        sys.exit(_complain(problems))
    if not settings.session_tls:
        logging.getLogger("ha_web_app").warning("SESSION_TLS=false: sessions travel in the clear")
    serve(settings)


def _complain(problems: SettingsError) -> int:
    print(f"ha-web-app: the environment has {len(problems.problems)} problem(s):", file=sys.stderr)
    for problem in problems.problems:
        print(f"  {problem}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
