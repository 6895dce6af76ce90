// The buttons that break things: each with the thing that it breaks, and heal.

import { $, attr, h, keyed, short, text } from './dom.js';
import { list, serving, site } from './site.js';
import { act } from './stream.js';

let shown;

export function toast(words, bad = false) {
  const node = $('toast');
  text(node, words);
  attr(node, 'class', bad ? 'toast is-bad' : 'toast');
  node.hidden = false;
  clearTimeout(shown);
  shown = setTimeout(() => (node.hidden = true), 5000);
}

// Asks for something; the button says that it is under way, and a line below says how it went.
export async function run(button, request, about = '') {
  if (button.getAttribute('aria-busy')) return;
  attr(button, 'aria-busy', 'true');
  const answer = await act(request);
  attr(button, 'aria-busy', null);
  const label = button.getAttribute('aria-label') ?? button.textContent;
  if (!answer.ok) toast(`Not done: ${answer.error}`, true);
  else toast([label, about].filter(Boolean).join(' · '));
}

const regions = () => site.account.regions.map((region) => region.name);
const serves = () => serving().region || regions()[0];
const zones = () => site.account.regions.flatMap((region) => (region.zones ?? []).map((zone) => ({ id: zone, label: zone, region: region.name })));
const servers = () => list('servers', 'servers').filter((each) => each.state !== 'lost').map((each) => ({ id: each.id, label: `${each.zone.replace(`${each.region.slice(0, -1)}`, '')} ${short(each.id)}`, region: each.region }));
const places = () => regions().map((name) => ({ id: name, label: name, region: name }));
const functions = () => list('functions', 'functions').filter((each) => each.schedule).map((each) => ({ id: each.name, label: each.name, region: each.region }));

const ROWS = [
  { name: 'Server', from: servers, as: 'instance', buttons: [['Kill', 'kill-server'], ['Freeze', 'freeze-server']] },
  { name: 'Zone', from: zones, as: 'zone', buttons: [['Cut', 'cut-zone'], ['Slow', 'slow-zone', { seconds: 0.3 }]] },
  { name: 'Region', from: places, buttons: [['Cut', 'cut-region']] },
  { name: 'Sessions', of: 'the primary', from: places, buttons: [['Kill', 'kill-session-primary'], ['Freeze', 'freeze-session-primary']] },
  { name: 'Database', of: 'the writer', from: places, buttons: [['Kill', 'kill-database-writer']] },
  { name: 'Release', from: places, release: true, of: 'an image', buttons: [['Bad', 'bad'], ['Good', 'good']] },
];
const MORE = [
  { name: 'Process', from: servers, as: 'instance', buttons: [['End', 'end-process'], ['Leak', 'leak-server']] },
  { name: 'Lag', of: 'of the sessions', from: places, buttons: [['5 s', 'lag-sessions', { seconds: 5 }]] },
  { name: 'Memory', of: 'of the sessions', from: places, buttons: [['Fill', 'fill-sessions']] },
  { name: 'Certificate', from: places, buttons: [['Expire', 'expire-certificate']] },
  { name: 'Release', of: 'bad in a minute', from: places, release: true, buttons: [['Later', 'later']] },
  { name: 'Function', from: functions, as: 'function', buttons: [['Break', 'break-function']] },
];

function makeRow(row) {
  const id = `target-${[row.name, row.of ?? ''].join(' ').toLowerCase().replaceAll(' ', '-')}`;
  const select = h('select', { id });
  const chosen = () => row.from().find((each) => each.id === select.value);
  const buttons = row.buttons.map(([label, what, more]) =>
    h('button', {
      type: 'button', class: 'danger', 'aria-label': `${label}: ${row.name}${row.of ? `, ${row.of}` : ''}`,
      onclick: (event) => {
        const target = chosen();
        if (!target) return toast('Not done: there is none.', true);
        const given = { region: target.region, ...(row.as ? { [row.as]: target.id } : {}), ...more };
        return run(event.currentTarget, row.release ? { do: 'release', what, ...given } : { do: 'fault', what, ...given }, target.label);
      },
    }, label));
  return h('div', { class: 'fault' }, h('label', { for: id }, row.name, row.of ? h('small', {}, row.of) : null), select, h('span', {}, ...buttons));
}

export function start() {
  const more = h('details', {}, h('summary', {}, 'More faults'), ...MORE.map(makeRow));
  $('faults').append(...ROWS.map(makeRow), more);
  $('heal').addEventListener('click', (event) => run(event.currentTarget, { do: 'heal' }));
}

// Keeps the targets in step; what a person chose stays chosen, else it is the first where users go.
export function draw() {
  const nodes = [...$('faults').querySelectorAll('.fault')];
  [...ROWS, ...MORE].forEach((row, i) => {
    const select = nodes[i].querySelector('select');
    const targets = row.from();
    const chosen = select.value;
    keyed(select, regions(), (name) => name, (name) => h('optgroup', { label: name }), (group, name) =>
      keyed(group, targets.filter((each) => each.region === name), (each) => each.id, (each) => h('option', { value: each.id }), (node, each) => text(node, each.label)));
    if (targets.some((each) => each.id === chosen)) select.value = chosen;
    else select.value = (targets.find((each) => each.region === serves()) ?? targets[0])?.id ?? '';
    attr(select, 'disabled', !targets.length);
  });
  const { cut = [], slow = {} } = site.network;
  const broken = cut.length || Object.keys(slow).length || list('servers', 'servers').some((each) => each.state === 'frozen' || each.state === 'leaking');
  attr($('heal'), 'class', broken ? 'heal is-needed' : 'heal');
}
