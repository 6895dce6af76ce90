// Counts the visits of a session, which any server of the site can serve.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createClient } from "redis";

const { SESSION_HOST, SESSION_PORT, SESSION_USER, SESSION_PASSWORD_FILE, SESSION_TLS } = process.env;
const lifetime = Number(process.env.SESSION_TTL ?? 1800);
const store = createClient({
  username: SESSION_USER,
  password: readFileSync(SESSION_PASSWORD_FILE, "utf8"),
  socket: { host: SESSION_HOST, port: Number(SESSION_PORT), tls: SESSION_TLS !== "false" },
  disableOfflineQueue: true, // while the store fails over, requests fail instead of piling up
});
store.on("error", (problem) => console.error("session store:", problem.message));
store.connect().catch(() => {}); // it goes on trying

const session = (request) => /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];

async function count(request, answer) {
  const id = session(request) ?? randomBytes(24).toString("base64url");
  const visits = await store.incr(`session:${id}`);
  await store.expire(`session:${id}`, lifetime);
  const secure = request.headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
  answer.setHeader("Set-Cookie", `session=${id}; HttpOnly; SameSite=Lax; Path=/${secure}`);
  answer.setHeader("Content-Type", "application/json");
  answer.end(JSON.stringify({ visits, zone: process.env.HA_WEB_ZONE ?? "" }));
}

const server = createServer(async (request, answer) => {
  try {
    // For the balancer: never asks the store, whose failover would take every server out.
    if (request.url === "/healthz") answer.end("ok\n");
    else if (request.url === "/readyz") answer.end(`${await store.ping()}\n`);
    else await count(request, answer);
  } catch {
    answer.writeHead(503, { "Retry-After": "5" }).end("the session store is away\n");
  }
});
server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_SECONDS ?? 75) * 1000;
server.listen(Number(process.env.PORT), "0.0.0.0");

// No new connections; those under way are served to their end.
process.on("SIGTERM", () => server.close(() => process.exit(0)));
