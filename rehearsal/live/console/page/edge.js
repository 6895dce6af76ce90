// The edge: what the site's name answers, by which records and checks, and the function that fails over.

import { show } from './details.js';
import { $, answered, attr, clock, h, icon, keyed, named, setIcon, text, whole } from './dom.js';
import { level, list, plain, serving, site } from './site.js';

const row = (kind) => h('button', { type: 'button', class: `row ${kind}`, onclick: (event) => show(event.currentTarget) }, icon('none'), h('span', {}, h('b'), h('em')), h('i'));

function fill(node, item) {
  node.item = item;
  setIcon(node.children[0], item.level);
  text(node.children[1].children[0], item.title);
  text(node.children[1].children[1], item.about);
  text(node.children[2], item.words);
  attr(node, 'class', `row is-${item.level}${item.first ? ' first' : ''}`);
  attr(node, 'aria-label', [item.title, item.about, item.words].filter(Boolean).join(', '));
}

function cards() {
  const parent = $('edge');
  if (parent.children.length) return parent.children;
  parent.append(
    h('div', { class: 'card answer' }, h('h3'), h('div', { class: 'rows' }), h('p', { class: 'answers' })),
    h('div', { class: 'card' }, h('h3', {}, 'Health checks'), h('div', { class: 'rows' })),
    h('div', { class: 'card' }, h('h3', {}, 'Failover'), h('div', { class: 'rows' })),
  );
  return parent.children;
}

const relative = (name) => plain(name).replace(`.${site.account.site}`, '');
const where = (target) => site.account.regions.find((region) => target?.includes(`.${region.name}.`))?.name ?? relative(target);

function records() {
  return list('names', 'records').filter((record) => record.type === 'A' || record.type === 'CNAME').map((record) => ({
    id: `${record.name} ${record.type} ${record.routing}`, kind: 'record', title: record.routing ?? 'simple', about: `${relative(record.name)} → ${where(record.target)}`, first: record.chosen,
    words: record.chosen ? 'answers now' : record.healthy === false ? 'unhealthy' : 'waits', level: record.healthy === false ? 'bad' : record.chosen ? 'good' : 'none', facts: record,
  }));
}

// `HTTPS /healthz of primary-lb-1.eu-west-1.elb…` in two lines: what is asked, and who.
function split(check) {
  const [title, host] = (check.what ?? check.id).split(' of ');
  const about = /^\d+$/.test(title) || !host ? '' : named(host.split('.')[0]);
  return { title: about || !host ? title : check.what, about: [about, check.inverted && 'inverted'].filter(Boolean).join(', ') || 'calculated' };
}

function checks() {
  return list('names', 'checks').map((check) => ({
    id: check.id, kind: 'check', ...split(check), level: level(check.status),
    words: check.checkers ? `${check.healthy_checkers ?? 0}/${check.checkers}` : check.status, facts: check,
  }));
}

// The switch as Route 53 sees it: the object that its inverted check asks for.
function seen() {
  for (const check of list('names', 'checks')) {
    const [, object, bucket] = /^HTTPS? \/(\S+) of ([^.]+)\.s3\./.exec(check.what ?? '') ?? [];
    if (bucket && check.inverted) return { bucket, object, set: check.status === 'unhealthy', 'seen by': 'Route 53' };
  }
  return null;
}

function failover() {
  const often = (each) => (each.schedule?.startsWith('rate') ? 0 : 1); // what watches, before what runs once a day
  const found = list('functions', 'functions').filter((each) => each.schedule || each.running).sort((one, two) => often(one) - often(two)).map((each) => ({
    id: each.name, kind: 'function', title: named(each.name), about: answered(each.last_said) || each.schedule, region: each.region,
    words: each.running ? 'runs' : each.last_at ? `ran ${clock(each.last_at)}` : `${whole(each.invocations)} runs`, level: each.running ? 'busy' : each.last_ok === false ? 'bad' : 'good', facts: each,
  }));
  const on = site.parts.functions?.switch ?? seen();
  if (on) {
    found.splice(1, 0, {
      id: 'switch', kind: 'switch', title: on.set ? 'the standby serves' : 'the primary serves', about: `${on.object} in s3://${named(on.bucket)}`, words: on.set ? 'set' : 'not set',
      level: on.set ? 'warn' : 'good', facts: on,
    });
  }
  return found;
}

export function draw() {
  const lists = cards();
  const { region, answer: now } = serving();
  const [answer] = lists;
  text(answer.children[0], now ? `DNS answers, TTL ${now.ttl} s` : 'DNS answers nothing that is known');
  keyed(answer.children[2], now?.answer ?? [], (address) => address, () => h('code'), text);
  attr(answer, 'class', `card answer${now?.answer?.length && region ? '' : ' is-bad'}`);
  [records(), checks(), failover()].forEach((items, i) => {
    const kinds = ['record', 'check', 'function'];
    keyed(lists[i].children[1], items, (item) => item.id, () => row(kinds[i]), fill);
    attr(lists[i], 'hidden', i > 0 && !items.length);
  });
}
