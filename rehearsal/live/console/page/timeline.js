// What happens, the newest first; what SNS sends; the alarms.

import { $, answered, attr, clock, h, icon, keyed, seconds, setIcon, text } from './dom.js';
import { marks } from './load.js';
import { isFault, isHeal, level, list, site } from './site.js';

const SHOWN = 150;
const SPOKEN = ['fault', 'heal', 'store', 'database', 'dns', 'role', 'function', 'alarm', 'release', 'trouble'];

function tabs() {
  const found = [...document.querySelectorAll('[role=tab]')];
  const open = (tab) => {
    for (const each of found) {
      attr(each, 'aria-selected', each === tab ? 'true' : 'false');
      attr(each, 'tabindex', each === tab ? null : '-1');
      $(each.getAttribute('aria-controls')).hidden = each !== tab;
    }
  };
  for (const [i, tab] of found.entries()) {
    tab.addEventListener('click', () => open(tab));
    tab.addEventListener('keydown', (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1 + found.length, Home: 0, End: found.length - 1 }[event.key];
      if (to == null) return;
      event.preventDefault();
      open(found[to % found.length]);
      found[to % found.length].focus();
    });
  }
}

export const start = tabs;

const sign = (event) => (isFault(event) ? 'bad' : isHeal(event) || event.level === 'good' ? 'good' : event.level === 'bad' ? 'bad' : event.level === 'warn' ? 'warn' : 'none');

// The time since the fault before it: how long the automation took.
function after(event) {
  const cause = site.events.findLast((each) => isFault(each) && each.n <= event.n);
  return cause && cause.n !== event.n && event.at - cause.at < 900 ? `+${seconds(event.at - cause.at)}` : '';
}

// A trouble that comes again and again is one line, with its number.
function once(events) {
  const found = [];
  const lines = new Map();
  for (const event of events) {
    const line = event.kind === 'trouble' ? lines.get(event.text) : null;
    if (line) line.times += 1;
    else lines.set(event.text, found[found.push({ ...event, times: 1 }) - 1]);
  }
  return found;
}

export function draw(fresh, first) {
  const numbers = new Map(marks().map((mark) => [mark.event.n, mark.number]));
  const newest = once(site.events.filter((event) => event.kind !== 'notice')).slice(-SHOWN).reverse();
  const make = (event) => h('li', { class: `event of-${event.kind}${isFault(event) ? ' is-fault' : isHeal(event) ? ' is-heal' : ''}` }, h('time', {}, clock(event.at)), icon(sign(event)), h('p', {}, h('span'), ' ', isFault(event) || isHeal(event) ? null : h('small', {}, event.kind)), h('span', {}, after(event)));
  keyed($('events').querySelector('ol'), newest, (event) => event.n, make, (node, event) => {
    text(node.children[2].firstChild, `${answered(event.text)}${event.times > 1 ? ` (${event.times} times)` : ''}`);
    const number = numbers.get(event.n);
    if (number) text(node.lastChild, `fault ${number}`);
  });
  attr($('events').querySelector('.empty'), 'hidden', newest.length > 0);
  notices();
  alarms();
  const spoken = first ? [] : fresh.filter((event) => SPOKEN.includes(event.kind));
  if (spoken.length) text($('said'), spoken.slice(-3).map((event) => event.text).join('. '));
}

// An alarm's message is JSON, as SNS sends it: its reason is what a person reads.
function message(given) {
  try {
    const { AlarmDescription, NewStateReason } = JSON.parse(given);
    return [NewStateReason, AlarmDescription].filter(Boolean).join(' ') || given;
  } catch {
    return given.length > 600 ? `${given.slice(0, 600)}…` : given;
  }
}

function notices() {
  const found = site.events.filter((event) => event.kind === 'notice').reverse();
  const make = (event) => h('li', { class: 'notice' }, h('p', {}, h('b', {}, event.subject || 'Notice'), h('time', {}, clock(event.at))), h('p', {}, message(event.text)), h('small', {}, [event.topic, event.region].filter(Boolean).join(' · ')));
  keyed($('notices').querySelector('ol'), found, (event) => event.n, make, () => {});
  attr($('notices').querySelector('.empty'), 'hidden', found.length > 0);
  attr($('notices-count'), 'hidden', !found.length);
  text($('notices-count'), found.length || ' ');
}

function alarms() {
  const order = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };
  const found = [...list('watch', 'alarms')].sort((one, two) => (order[one.state] ?? 1) - (order[two.state] ?? 1) || one.name.localeCompare(two.name));
  const make = () => h('li', { class: 'alarm' }, icon('none'), h('p', {}, h('b'), h('small')), h('span'));
  keyed($('alarms').querySelector('ol'), found, (alarm) => `${alarm.region} ${alarm.name}`, make, (node, alarm) => {
    setIcon(node.children[0], level(alarm.state));
    text(node.children[1].children[0], alarm.name);
    text(node.children[1].children[1], [alarm.region, alarm.reason].filter(Boolean).join(' · '));
    text(node.children[2], alarm.state === 'INSUFFICIENT_DATA' ? 'no data' : alarm.state);
  });
  attr($('alarms').querySelector('.empty'), 'hidden', found.length > 0);
  const ringing = found.filter((alarm) => alarm.state === 'ALARM').length;
  attr($('alarms-count'), 'hidden', !ringing);
  text($('alarms-count'), ringing || ' ');
}
