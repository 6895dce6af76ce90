// Regions side by side: zones, and in each the balancer's node, the servers, the session store's and the database's nodes.

import { show } from './details.js';
import { $, attr, brief, h, icon, keyed, percent, seconds, setIcon, short, text } from './dom.js';
import { level, list, serverState, serving, site } from './site.js';

const TIERS = [
  { name: 'balancer', items: balancerNodes },
  { name: 'server', items: servers },
  { name: 'sessions', items: (zone) => dataNodes('stores', 'nodes', zone, 'sessions') },
  { name: 'database', items: (zone) => dataNodes('databases', 'instances', zone, 'database') },
];

function balancerNodes(zone) {
  return list('balancers', 'balancers').flatMap((balancer) =>
    (balancer.nodes ?? []).filter((node) => node.zone === zone).map((node) => ({
      id: `${balancer.name}/${zone}`, kind: 'balancer', title: 'Balancer', about: node.address ?? '', words: node.state ?? 'unknown',
      level: level(node.state), side: node.targets == null ? '' : `${node.healthy ?? 0}/${node.targets}`, facts: { ...node, balancer: balancer.name, dns: balancer.dns },
    })));
}

function servers(zone) {
  return list('servers', 'servers').filter((server) => server.zone === zone).map((server) => {
    const { words, level: how } = serverState(server);
    return {
      id: server.id, kind: 'server', title: short(server.id), about: brief(server.version), words, level: how,
      side: server.cpu == null ? '' : `${percent(server.cpu).split('.')[0]} %`, meter: server.cpu, region: server.region,
      facts: { ...server, 'answers a second': site.seconds.at(-1)?.servers?.[server.id] ?? 0 },
    };
  });
}

function dataNodes(part, field, zone, kind) {
  return list(part, part).flatMap((store) =>
    (store[field] ?? []).filter((node) => node.zone === zone).map((node) => {
      const first = node.role === 'primary' || node.role === 'writer';
      const takes = first && store.writes;
      return {
        id: node.id, kind, title: `${kind[0].toUpperCase()}${kind.slice(1)} ${short(node.id)}`, about: node.role ?? '', first: takes, region: store.region,
        words: node.state !== 'available' ? (node.state ?? 'unknown') : (node.role ?? node.state), level: level(node.state),
        ...(node.state === 'available' ? { about: takes ? 'writes' : node.lag == null ? '' : `+${seconds(node.lag)}` } : {}), facts: { ...node, of: store.id, engine: store.engine, status: store.status, 'role of its region': store.role, ...(takes ? waiting(store) : {}) },
      };
    }));
}

const waiting = (store) => Object.fromEntries(Object.entries(store.waiting ?? {}).map(([region, late]) => [`changes wait for ${region}`, seconds(late)]));

const box = (item) => h('button', { type: 'button', class: 'box', onclick: (event) => show(event.currentTarget) },
  h('span', { class: 'name' }, icon('none'), h('b'), h('i')), h('span', { class: 'state' }, h('span'), h('em')), item.meter === undefined ? null : h('span', { class: 'meter' }, h('i')));

function fill(node, item, region) {
  node.item = { region, ...item };
  const [name, state, meter] = node.children;
  setIcon(name.children[0], item.level);
  text(name.children[1], item.title);
  text(name.children[2], item.side || ' ');
  text(state.children[0], item.words);
  text(state.children[1], item.about || ' ');
  attr(node, 'class', `box ${item.kind} is-${item.level}${item.first ? ' first' : ''}`);
  attr(node, 'title', item.id);
  attr(node, 'aria-label', [item.title, item.about, item.words, item.side].filter(Boolean).join(', '));
  if (meter) meter.firstChild.style.transform = `scaleX(${Math.min(item.meter ?? 0, 1)})`;
}

function zoneState(region, zone) {
  const { cut = [], slow = {} } = site.network;
  if (cut.includes(zone)) return ['cut off', 'bad'];
  if (slow[zone]) return [`${seconds(slow[zone])} slower`, 'warn'];
  return cut.includes(region) ? ['', ''] : ['', ''];
}

function makeZone(zone) {
  const tiers = TIERS.map((tier) => h('div', { class: `tier ${tier.name}` }));
  const head = h('button', { type: 'button', class: 'zone-head', onclick: (event) => show(event.currentTarget) }, h('b'), h('span'));
  return h('section', { class: 'zone', 'aria-label': `Zone ${zone}` }, head, ...tiers);
}

function fillZone(node, zone, region) {
  const [words, how] = zoneState(region, zone);
  const [head, ...tiers] = node.children;
  head.item = { id: zone, kind: 'zone', title: zone, words: words || 'whole', level: how || 'good', region, facts: { region, zone } };
  text(head.children[0], zone);
  text(head.children[1], words || ' ');
  attr(head, 'aria-label', `Zone ${zone}${words ? `, ${words}` : ''}`);
  attr(node, 'class', `zone${how ? ` is-${how}` : ''}`);
  TIERS.forEach((tier, i) => keyed(tiers[i], tier.items(zone), (item) => item.id, box, (made, item) => fill(made, item, region)));
}

function makeRegion(region) {
  const head = h('button', { type: 'button', class: 'region-head', onclick: (event) => show(event.currentTarget) }, h('b'), h('em'), h('span', { class: 'badge users' }), h('span', { class: 'badge state' }), h('span', { class: 'refresh' }));
  return h('section', { class: 'region', 'aria-label': `Region ${region.name}` }, h('i', { class: 'flow', 'aria-hidden': 'true' }), head, h('div', { class: 'zones' }));
}

function fillRegion(node, region) {
  const cut = (site.network.cut ?? []).includes(region.name);
  const serves = serving().region === region.name;
  const group = list('servers', 'groups').find((each) => each.region === region.name) ?? {};
  const [, head, zones] = node.children;
  head.item = { id: region.name, kind: 'region', title: region.name, words: cut ? 'cut off' : 'whole', level: cut ? 'bad' : 'good', region: region.name, facts: { role: region.role, ...group, name: undefined, 'Auto Scaling group': group.name } };
  text(head.children[0], region.name);
  text(head.children[1], region.role ?? ' ');
  text(head.children[2], 'users come here');
  attr(head.children[2], 'hidden', !serves);
  text(head.children[3], 'cut off');
  attr(head.children[3], 'hidden', !cut);
  text(head.children[4], group.refresh ? `refresh: ${group.refresh}` : group.desired == null ? ' ' : `${group.desired} servers wanted`);
  attr(node, 'class', `region${serves ? ' serves' : ''}${cut ? ' is-cut' : ''}`);
  keyed(zones, region.zones ?? [], (zone) => zone, makeZone, (made, zone) => fillZone(made, zone, region.name));
}

export function draw() {
  keyed($('regions'), site.account.regions ?? [], (region) => region.name, makeRegion, fillRegion);
  const said = Object.entries(site.parts).filter(([, part]) => part.simulated).map(([name, part]) => [name, part.simulated]);
  said.push(['capacity', 'One machine carries all servers: a lost zone takes no capacity away, and twice the load is no more than it can carry.']);
  said.push(['distance', 'Packets between zones and regions take no time here but what a fault adds.']);
  said.push(['time', `AWS's own intervals run ${site.pace > 1 ? `${site.pace} times faster; what takes time here counts ${site.pace}-fold` : 'in real time'}.`]);
  keyed($('simulated').querySelector('dl'), said, ([name]) => name, () => h('div', {}, h('dt'), h('dd')), (node, [name, sentence]) => {
    text(node.children[0], name);
    text(node.children[1], sentence);
  });
}
