"""Counts the visits of a session, which any server of the site can serve."""

import os
import secrets

import redis
from flask import Flask, Response, make_response, request

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["SESSION_URL"], socket_timeout=2, health_check_interval=10)
LIFETIME = int(os.environ.get("SESSION_TTL", "1800"))


@app.get("/healthz")
def alive() -> str:
    """Answer the balancer. It never asks the store, whose failover would take every server out."""
    return "ok\n"


@app.get("/readyz")
def ready() -> tuple[str, int]:
    """Answer people and alarms: 200 if a session could be served now."""
    try:
        store.ping()
    except redis.RedisError as problem:
        return f"session store: {type(problem).__name__}\n", 503
    return "ready\n", 200


@app.get("/")
def count() -> Response:
    """Count one visit."""
    session = request.cookies.get("session") or secrets.token_urlsafe(24)
    visits = store.incr(f"session:{session}")
    store.expire(f"session:{session}", LIFETIME)
    answer = make_response({"visits": visits, "zone": os.environ.get("HA_WEB_ZONE", "")})
    answer.set_cookie(
        "session", session, httponly=True, samesite="Lax", secure=request.headers.get("X-Forwarded-Proto") == "https"
    )
    return answer
