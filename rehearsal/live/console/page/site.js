// The site as the page knows it: the state by topic, the seconds of the load, the events.

const KEPT_SECONDS = 300;
const KEPT_EVENTS = 600;

export const site = {
  at: 0,
  pace: 1,
  account: { regions: [] },
  network: { cut: [], slow: {} },
  parts: {},
  load: { rate: 0, most: 600 },
  seconds: [],
  events: [],
  trouble: '',
};

// Takes in a message; a line that was cut begins with everything, so that nothing of before it may stay.
export function take(message, first) {
  site.at = message.at;
  site.trouble = message.trouble ?? '';
  if (first && message.state) site.parts = {};
  for (const [topic, value] of Object.entries(message.state ?? {})) {
    if (!topic.startsWith('parts.')) site[topic] = value ?? {};
    else if (value == null) delete site.parts[topic.slice(6)];
    else site.parts[topic.slice(6)] = value;
  }
  const { seconds = [], ...load } = message.load ?? {};
  site.load = { ...site.load, ...load };
  const last = first ? -1 : (site.seconds.at(-1)?.at ?? -1);
  if (first && seconds.length) site.seconds = [];
  site.seconds.push(...seconds.filter((second) => second.at > last));
  if (site.seconds.length > KEPT_SECONDS) site.seconds.splice(0, site.seconds.length - KEPT_SECONDS);
  const known = site.events.at(-1)?.n ?? 0;
  for (const event of message.events ?? []) {
    const told = event.n <= known && site.events.find((each) => each.n === event.n);
    if (told) Object.assign(told, event); // its text was completed
  }
  const fresh = (message.events ?? []).filter((event) => event.n > known);
  site.events.push(...fresh);
  if (site.events.length > KEPT_EVENTS) site.events.splice(0, site.events.length - KEPT_EVENTS);
  return fresh;
}

export const list = (part, what) => site.parts[part]?.[what] ?? [];

export const failed = (second) => Object.values(second.errors ?? {}).reduce((sum, n) => sum + n, 0);

export const isHeal = (event) => event.kind === 'heal' || event.what === 'heal';
export const isFault = (event) => event.kind === 'fault' && !isHeal(event);

// A name without the dot of the root.
export const plain = (name) => (name ?? '').replace(/\.$/, '');

// The region that users are sent to: what the site's name leads to.
export function serving() {
  const answer = list('names', 'answers').find((each) => plain(each.name) === site.account.site && each.type === 'A');
  const home = (address) => list('balancers', 'balancers').find((each) => each.nodes?.some((node) => node.address === address))?.region;
  return { region: answer?.leads_to || home(answer?.answer?.[0]) || '', answer };
}

const LEVELS = {
  good: ['running', 'healthy', 'available', 'serving', 'InService', 'OK', 'up'],
  busy: ['booting', 'pending', 'initial', 'draining', 'stopping', 'syncing', 'promoting', 'modifying', 'creating', 'Pending',
    'Terminating', 'deleting', 'installing', 'starting', 'failing-over'],
  bad: ['lost', 'failed', 'unhealthy', 'frozen', 'down', 'gone', 'dead', 'no healthy target', 'ALARM', 'terminated'],
  warn: ['leaking', 'failing open', 'readonly', 'degraded', 'slow'],
};

// How well a state is: good, busy (on its way), warn, bad, or none (nobody knows).
export function level(state) {
  for (const [name, states] of Object.entries(LEVELS)) if (states.includes(state)) return name;
  return 'none';
}

const WORST = ['bad', 'warn', 'busy', 'good', 'none'];

// A server's state in words, and its level.
export function serverState(server) {
  const words = [];
  if (server.state && server.state !== 'running') words.push(server.state);
  if (server.health && !['booting', 'lost'].includes(server.state)) words.push(server.health);
  if (!words.length) words.push(server.lifecycle ?? 'unknown');
  const levels = words.map(level);
  return { words: words.join(', '), level: WORST.find((each) => levels.includes(each)) ?? 'none' };
}
