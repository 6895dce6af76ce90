"""TLS from the load balancer, ended on the server by a proxy before the application, with a certificate of its own.

Neither type of load balancer checks the certificates of its targets, so nobody has to issue, spread or renew one:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration
"""

from __future__ import annotations

from .machine import SERVICE, Problem, answer, at, etc, ran, run, write

PACKAGES = ("haproxy", "openssl")
"""Both are in Amazon Linux 2023: https://docs.aws.amazon.com/linux/al2023/release-notes/all-packages-AL2023.9.html"""

UNIT = "ha-web-tls"
OWNER = "haproxy"
"""User that the package brings: the application can't read the key."""

CERTIFICATE = "/etc/ha-web/tls.pem"
CONFIGURATION = "/etc/ha-web/tls.cfg"
DAYS = 3650
LONGEST_IDLE = 6100
"""Seconds that a connection may be silent: longer than any load balancer lets it be (4000, or 6000 by TCP), for it
would send a request into a connection that is being closed."""

_GENERATE = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
_REQUEST = """\
[req]
prompt=no
distinguished_name=name
x509_extensions=extensions
[name]
CN=ha-web
[extensions]
basicConstraints=critical,CA:FALSE
subjectAltName=DNS:ha-web
"""

_CONFIGURATION = """\
defaults
    mode tcp
    timeout connect 5s
    timeout client {idle}s
    timeout server {idle}s
    option clitcpka
    option srvtcpka
listen application
    bind :{port} ssl crt {certificate} alpn {alpn} ssl-min-ver TLSv1.2
    server application 127.0.0.1:{to}
"""

_UNIT = f"""\
[Unit]
Description=TLS from the load balancer (ha-web)
Wants=network-online.target
After=network-online.target
# At a stop the application goes first: what it still answers has to get through.
Before={SERVICE}.service
StartLimitIntervalSec=0

[Service]
Type=exec
User={OWNER}
ExecStart=haproxy -db -f {CONFIGURATION}
Restart=always
RestartSec=1
# HAProxy takes half as many connections: each has one to the application.
LimitNOFILE=65536
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
IPAddressDeny=169.254.169.254

[Install]
WantedBy=multi-user.target
"""


def unit() -> str:
    """Return the systemd unit of the proxy."""
    return _UNIT


def configuration(port: int, to: int, alpn: str) -> str:
    """Return the proxy's configuration: TLS on one port, handed on to the application's as it comes."""
    return _CONFIGURATION.format(idle=LONGEST_IDLE, port=port, certificate=CERTIFICATE, alpn=alpn, to=to)


def start(port: int, to: int, alpn: str) -> None:
    """Start the proxy with a new certificate. Raises Problem if the image has none."""
    missing = [name for name in PACKAGES if not ran("bash", "-c", f"command -v {name} >/dev/null")]
    if missing:
        raise Problem(f"TLS from the load balancer needs {' and '.join(missing)}, which the image doesn't have")
    write(etc("tls.pem"), _certificate(), 0o400, f"{OWNER}:{OWNER}")
    write(etc("tls.cfg"), configuration(port, to, alpn))
    write(at(f"/etc/systemd/system/{UNIT}.service"), unit())
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", UNIT)
    run("systemctl", "restart", UNIT)


def _certificate() -> str:
    """Return a key and a certificate for it; RSA, for which each load balancer has ciphers."""
    key = etc("tls.key")
    generated = answer("bash", "-c", f"{_GENERATE} 2>/dev/null")  # it paints its progress there
    write(key, generated or "", 0o600)
    write(etc("tls.request"), _REQUEST)
    made = ("openssl", "req", "-x509", "-new", "-sha256", "-days", str(DAYS), "-config", str(etc("tls.request")))
    certificate = answer(*made, "-key", str(key))
    if not certificate:
        raise Problem("openssl makes no certificate; its reason is above")
    text = key.read_text() + certificate
    key.unlink()
    etc("tls.request").unlink()
    return text


def answers(port: int, health: str) -> bool:
    """Return whether the application's path answers through the proxy; without a path, whether the proxy runs."""
    if not health:
        return ran("systemctl", "is-active", "--quiet", UNIT)
    return answer("curl", "-sfk", "-m", "2", "-o", "/dev/null", f"https://127.0.0.1:{port}{health}") is not None
