// What users see: the figures on top, the charts, and the control of the load.

import { Chart, readColours } from './charts.js';
import { $, attr, clock, h, keyed, latency, letter, percent, seconds, text, whole } from './dom.js';
import { failed, isFault, isHeal, plain, serving, site } from './site.js';
import { act } from './stream.js';

const FAILED = 'failed';
const KINDS = { timeout: 'timeout', 'connect timeout': 'refused', refused: 'refused', unreachable: 'refused', reset: 'reset', closed: 'reset', garbled: 'reset', dns: 'dns', tls: 'tls' };
let charts;
let cursor = null;

// Zones of the first region are blue, those of the second violet: three shades each.
function zoneColour(zone) {
  if (zone === FAILED) return 'bad';
  const region = site.account.regions.findIndex((each) => each.zones?.includes(zone));
  if (region < 0) return 'none';
  const place = site.account.regions[region]?.zones.indexOf(zone) ?? 0;
  return `region${Math.max(region, 0) % 2}-${Math.max(place, 0) % 3}`;
}

const errorColour = (kind) => `error-${KINDS[kind] ?? 'status'}`;

const msTick = (ms) => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);

export function start() {
  readColours();
  charts = {
    zones: new Chart($('zones'), { kind: 'area', paint: zoneColour, unit: whole }),
    errors: new Chart($('errors'), { kind: 'bars', paint: errorColour, unit: whole }),
    latency: new Chart($('latency'), { kind: 'lines', paint: (name) => name, log: true, unit: msTick }),
  };
  for (const chart of Object.values(charts)) {
    chart.canvas.addEventListener('pointermove', (event) => point(chart.at(event.offsetX)));
    chart.canvas.addEventListener('pointerleave', () => point(null));
    chart.canvas.addEventListener('blur', () => point(null));
    chart.canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const last = site.seconds.at(-1)?.at;
      if (event.key === 'Escape') point(null);
      if (!step || !last) return;
      event.preventDefault();
      point(Math.min(Math.max((cursor ?? last) + step * (event.shiftKey ? 10 : 1), last - 299), last));
      const second = site.seconds.find((each) => each.at === cursor);
      if (second) text($('said'), `${clock(second.at)}: ${second.ok} answered, ${failed(second)} failed, half within ${latency(second.p50).join(' ')}`);
    });
  }
  const slide = (given) => {
    const rate = Math.max(0, Math.min(Number(given.value) || 0, Number(given.max)));
    [$('rate').value, $('rate-number').value] = [rate, rate];
    return rate;
  };
  for (const input of [$('rate'), $('rate-number')]) {
    input.addEventListener('input', () => text($('rate-said'), `${whole(slide(input))} requests/s`));
    input.addEventListener('change', () => act({ do: 'load', rate: slide(input) }));
  }
}

function point(at) {
  cursor = at;
  for (const chart of Object.values(charts)) chart.cursor = at;
  draw();
}

export function marks() {
  let number = 0;
  const found = [];
  for (const event of site.events) {
    if (isFault(event)) found.push({ at: event.at, kind: 'fault', number: (number += 1), event });
    else if (isHeal(event)) found.push({ at: event.at, kind: 'heal', event });
    else if (event.kind === 'dns' && plain(event.subject) === site.account.site) found.push({ at: event.at, kind: 'dns', event });
  }
  return found;
}

export function draw() {
  const end = site.at || Date.now() / 1000;
  const flags = marks();
  const zones = site.account.regions.flatMap((region) => region.zones ?? []);
  const others = [...new Set(site.seconds.flatMap((second) => Object.keys(second.zones ?? {})))].filter((zone) => !zones.includes(zone));
  const answered = site.seconds.map((second) => ({ at: second.at, values: { ...second.zones, [FAILED]: failed(second) } }));
  charts.zones.draw(answered, [...zones, ...others, FAILED], flags, end);
  const kinds = [...new Set(site.seconds.flatMap((second) => Object.keys(second.errors ?? {})))].sort();
  charts.errors.draw(site.seconds.map((second) => ({ at: second.at, values: second.errors ?? {} })), kinds, flags, end);
  charts.latency.draw(site.seconds.map((second) => ({ at: second.at, values: second })), ['p99', 'p50'], flags, end);
  legends(site.seconds.find((second) => second.at === cursor) ?? site.seconds.findLast((second) => second.at > end - 4), kinds);
}

function legends(second, kinds) {
  const regions = (site.account.regions ?? []).filter((region) => region.zones?.length);
  keyed($('zones-legend'), regions, (region) => region.name, () => h('span', { class: 'legend' }, h('span'), h('span', { class: 'legend' })), (node, region) => {
    text(node.firstChild, region.name);
    legend(node.lastChild, region.zones.map((zone) => [zone, zoneColour(zone), letter(zone), whole(second?.zones?.[zone] ?? 0)]));
  });
  const total = second ? failed(second) : 0;
  legend($('errors-legend'), kinds.length ? kinds.map((kind) => [kind, errorColour(kind), kind, whole(second?.errors?.[kind] ?? 0)]) : [['none', 'good', 'none', whole(total)]]);
  legend($('latency-legend'), [['p50', 'p50', 'half', latency(second?.p50).join(' ')], ['p99', 'p99', '99 %', latency(second?.p99).join(' ')]]);
  const when = cursor && second ? clock(second.at) : 'now';
  attr($('zones'), 'aria-label', `Answers by zone, last five minutes. ${when}: ${second?.ok ?? 0} answered a second. Arrow keys read other seconds.`);
  attr($('errors'), 'aria-label', `Failed requests, last five minutes. ${when}: ${total} a second. Arrow keys read other seconds.`);
  attr($('latency'), 'aria-label', `Latency, last five minutes. ${when}: half within ${latency(second?.p50).join(' ')}. Arrow keys read other seconds.`);
}

function legend(parent, entries) {
  const make = () => h('span', {}, h('i'), h('em'), h('b'));
  keyed(parent, entries, ([name]) => name, make, (node, [, colour, name, value]) => {
    attr(node.children[0], 'class', `swatch ${colour}`);
    text(node.children[1], name);
    text(node.children[2], value);
  });
}

export function figures() {
  const recent = site.seconds.filter((second) => second.at > site.at - 11);
  const last = recent.at(-1);
  const sum = (count) => recent.reduce((total, second) => total + count(second), 0);
  const [ok, bad] = [sum((second) => second.ok ?? 0), sum(failed)];
  text($('ok'), last ? whole(last.ok) : '–');
  text($('asked'), site.load.rate ? `of ${whole(site.load.rate)} asked for` : 'no load');
  text($('share'), percent(ok + bad ? ok / (ok + bad) : null));
  attr($('share').parentNode.parentNode, 'class', !(ok + bad) || bad === 0 ? null : bad / (ok + bad) > 0.01 ? 'is-bad' : 'is-warn');
  const [p99, unit] = latency(last?.p99);
  text($('p99'), p99);
  text($('p99-unit'), unit);
  text($('p50'), `half within ${latency(last?.p50).join(' ')}`);
  const { region, answer } = serving();
  text($('serving'), region);
  text($('answered'), answer ? `${site.account.regions.find((each) => each.name === region)?.role ?? ''} · TTL ${answer.ttl} s` : '');
  since();
  const [slider, number] = [$('rate'), $('rate-number')];
  for (const input of [slider, number]) {
    attr(input, 'max', site.load.most ?? 600);
    if (document.activeElement !== input && !input.matches(':active')) input.value = site.load.rate ?? 0;
  }
  if (document.activeElement !== slider && document.activeElement !== number) text($('rate-said'), site.load.rate ? `${whole(site.load.rate)} requests/s` : 'no load');
}

// What users saw since the last fault: the number that a drill is about. It is summed up as the seconds come, for the charts'
// window forgets; a page that was opened later knows only a part of it, and says so.
let sums = {};
function since() {
  const fault = site.events.findLast(isFault);
  if (!fault) return;
  if (sums.n !== fault.n) sums = { n: fault.n, upTo: Math.floor(fault.at) - 1, failed: 0, back: 0, gap: 0, longest: 0, part: (site.seconds[0]?.at ?? 0) > fault.at + 2 && site.at - fault.at > 290 };
  for (const second of site.seconds) {
    if (second.at <= sums.upTo) continue;
    sums.upTo = second.at;
    sums.failed += failed(second);
    sums.back += second.back ?? 0;
    if (failed(second)) sums.last = second.at;
    sums.gap = second.sent > 0 && !second.ok ? sums.gap + 1 : 0;
    sums.longest = Math.max(sums.longest, sums.gap);
  }
  text($('since-what'), fault.text);
  attr($('since-what'), 'title', fault.text);
  const words = [`${seconds(Math.max(site.at - fault.at, 0))} ago`, `${sums.part ? 'at least ' : ''}${whole(sums.failed)} failed`];
  if (sums.last) words.push(`the last after ${seconds(Math.max(sums.last - fault.at, 0))}`);
  if (sums.longest > 1) words.push(`no answer for ${seconds(sums.longest)}`);
  if (sums.back) words.push(`sessions set back: ${sums.back}`);
  text($('since-seen'), words.join(' · '));
  attr($('since-seen'), 'title', `${clock(fault.at)}: ${words.join(' · ')}`);
  attr($('since'), 'class', sums.last > site.at - 4 ? 'since is-bad' : 'since');
}
