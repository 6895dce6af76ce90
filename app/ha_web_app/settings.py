"""Settings from the environment, read once; every problem is reported at once."""

import difflib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# systemd kills the service TimeoutStopSec (90 s by default) after SIGTERM; 5 s of it stay free.
STOP_SECONDS = 85
GRACE_SECONDS = 5


class SettingsError(Exception):
    """The environment can't be used; `problems` holds one line for each setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What the environment says; README.md tells each setting's meaning, unit and reason for its default."""

    instance_id: str
    zone: str
    region: str
    address: str
    port: int
    keep_alive: int
    drain: float
    session_host: str
    session_port: int
    session_tls: bool
    session_ca_file: str | None
    session_user: str | None
    session_password: str | None = field(repr=False)
    session_ttl: int
    store_expires: bool
    session_timeout: float
    session_budget: float
    session_gate: bool
    session_connections: int
    session_waiting: int
    wait_replicas: int
    wait_timeout: int
    cookie_always_secure: bool
    orders: bool
    orders_timeout: float
    orders_connections: int
    database_url: str | None = field(repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads and checks the environment.

        Raises:
            SettingsError: with one line for each wrong setting: name, value and reason.
        """
        read = _Reader(environment)
        settings = cls(
            instance_id=read.text("HA_WEB_INSTANCE_ID", socket.gethostname()),
            zone=read.text("HA_WEB_ZONE", "unknown"),
            region=read.text("HA_WEB_REGION", "unknown"),
            address=read.text("ADDRESS", "0.0.0.0"),
            port=read.whole("PORT", 8080, 1024, 65535, "lower ports need rights that the service gives up"),
            keep_alive=read.whole(
                "KEEP_ALIVE_SECONDS",
                75,
                61,
                4000,
                "below the balancer's idle time-out of 60 s it answers 502",
            ),
            drain=read.number("DRAIN_SECONDS", 15, 0, STOP_SECONDS),
            session_host=read.text("SESSION_HOST", None),
            session_port=read.whole("SESSION_PORT", 6379, 1, 65535),
            session_tls=read.choice("SESSION_TLS", "true", "false"),
            session_ca_file=read.text("SESSION_TLS_CA_FILE", "") or None,
            session_user=read.text("SESSION_USER", "") or None,
            session_password=read.password("SESSION_PASSWORD", "SESSION_PASSWORD_FILE"),
            session_ttl=read.whole("SESSION_TTL", 1800, 1, 400 * 86400),
            store_expires=read.choice("SESSION_EXPIRY", "store", "application"),
            session_timeout=read.number("SESSION_TIMEOUT", 1, 0.05, 10),
            session_budget=read.number("SESSION_RETRY_BUDGET", 20, 0, 50, "the balancer gives a request up after 60 s"),
            session_gate=read.choice("SESSION_GATE", "on", "off"),
            session_connections=read.whole("SESSION_CONNECTIONS", 50, 1, 1000),
            session_waiting=read.whole("SESSION_MAX_WAITING", 5000, 0, 60000),
            wait_replicas=read.whole("SESSION_WAIT_REPLICAS", 0, 0, 5),
            wait_timeout=read.whole("SESSION_WAIT_TIMEOUT", 500, 1, 9000),
            cookie_always_secure=not read.choice("SESSION_COOKIE_SECURE", "auto", "always"),
            orders=not read.choice("ORDERS", "off", "on"),
            orders_timeout=read.number("ORDERS_TIMEOUT", 2, 0.05, 50, "the balancer gives a request up after 60 s"),
            orders_connections=read.whole("ORDERS_CONNECTIONS", 4, 1, 100),
            database_url=read.text("DATABASE_URL", "") or None,
        )
        read.reject_misspelt("SESSION_", known=("SESSION_SECRET_ARN", "SESSION_URL"))
        read.reject_misspelt("ORDERS_", known=())
        problems = read.problems or _conflicts(settings)
        if problems:
            raise SettingsError(problems)
        return settings


def _conflicts(settings: Settings) -> list[str]:
    problems = []
    stop = settings.drain + settings.session_budget + GRACE_SECONDS
    if stop > STOP_SECONDS:
        problems.append(
            f"DRAIN_SECONDS={settings.drain:g}: with SESSION_RETRY_BUDGET={settings.session_budget:g} and "
            f"{GRACE_SECONDS} s of grace a stop takes {stop:g} s; systemd kills after {STOP_SECONDS} s"
        )
    if settings.wait_replicas and settings.wait_timeout >= settings.session_timeout * 1000:
        problems.append(
            f"SESSION_WAIT_TIMEOUT={settings.wait_timeout}: must be below SESSION_TIMEOUT "
            f"({settings.session_timeout * 1000:g} ms), or the answer comes too late"
        )
    if settings.session_user and not settings.session_password:
        problems.append(f"SESSION_USER={settings.session_user}: has no SESSION_PASSWORD or SESSION_PASSWORD_FILE")
    if settings.session_password and not settings.session_tls and not _is_local(settings.session_host):
        problems.append(f"SESSION_TLS=false: the password would travel to {settings.session_host} in the clear")
    if settings.session_ca_file and not Path(settings.session_ca_file).is_file():
        problems.append(f"SESSION_TLS_CA_FILE={settings.session_ca_file}: no such file")
    return problems


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


class _Reader:
    """Reads one setting at a time and collects what is wrong; an empty value counts as not set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.asked: set[str] = set()
        self.problems: list[str] = []

    def text(self, name: str, default: str | None) -> str:
        self.asked.add(name)
        value = self.environment.get(name, "").strip() or default
        if value is None:
            self.problems.append(f"{name}: not set, and there is no default")
        return value or ""

    def number(self, name: str, default: float, low: float, high: float, reason: str = "") -> float:
        text = self.text(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if low <= value <= high:
            return value
        because = f" ({reason})" if reason else ""
        self.problems.append(f"{name}={text}: not a number from {low:g} to {high:g}{because}")
        return default

    def whole(self, name: str, default: int, low: int, high: int, reason: str = "") -> int:
        value = self.number(name, default, low, high, reason)
        if value != int(value):
            self.problems.append(f"{name}={value:g}: not a whole number")
        return int(value)

    def choice(self, name: str, default: str, other: str) -> bool:
        """Whether the default was chosen of the two allowed values."""
        value = self.text(name, default)
        if value not in (default, other):
            self.problems.append(f"{name}={value}: neither {default} nor {other}")
        return value == default

    def password(self, name: str, file_name: str) -> str | None:
        value, file = self.text(name, ""), self.text(file_name, "")
        if value and file:
            self.problems.append(f"{file_name}={file}: {name} is set too; one of them is enough")
        if not file:
            return value or None
        try:
            value = Path(file).read_text().strip()
        except (OSError, UnicodeDecodeError) as problem:
            self.problems.append(f"{file_name}={file}: can't be read: {problem}")
        else:
            if not value:
                self.problems.append(f"{file_name}={file}: the file is empty")
        return value or None

    def reject_misspelt(self, prefix: str, known: tuple[str, ...]) -> None:
        names = self.asked.union(known)
        for name in sorted(self.environment):
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
            if name.startswith(prefix) and name not in names and near:
                self.problems.append(f"{name}: no such setting; did you mean {near[0]}?")
