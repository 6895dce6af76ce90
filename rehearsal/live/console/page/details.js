// One thing of the site, with all that is known of it, and what can be done to it.

import { run } from './actions.js';
import { $, clock, h, keyed, megabytes, percent, seconds, text } from './dom.js';

const DATED = ['since', 'last_at'];
const KILL = { server: 'The instance is lost at once, as EC2 loses one.', node: 'It is lost at once.' };

// What can be done to a thing, as buttons: [label, request, what it means].
function offers({ kind, id, region, words }) {
  const fault = (what, more) => ({ do: 'fault', what, region, ...more });
  return {
    server: [
      ['Kill', fault('kill-server', { instance: id }), KILL.server],
      words.includes('frozen') ? ['Thaw', fault('thaw-server', { instance: id }), 'It goes on.'] : ['Freeze', fault('freeze-server', { instance: id }), 'It takes connections and answers nothing.'],
      ['End the process', fault('end-process', { instance: id }), 'Its unit starts the application again.'],
      ['Leak memory', fault('leak-server', { instance: id }), 'Until the kernel would kill it.'],
    ],
    sessions: [['Kill', fault('kill-node', { node: id }), KILL.node], ['Freeze', fault('freeze-node', { node: id }), 'It holds connections and answers nothing.']],
    database: [['Kill', fault('kill-node', { node: id }), KILL.node], ['Freeze', fault('freeze-node', { node: id }), 'It holds connections and answers nothing.']],
    zone: [['Cut off', fault('cut-zone', { zone: id }), 'Silence to and from the zone.'], ['Slow by 300 ms', fault('slow-zone', { zone: id, seconds: 0.3 }), 'Each packet comes later.']],
    region: [['Cut off', fault('cut-region'), "Silence to and from the region, AWS's endpoints in it included."]],
    function: [['Break it', fault('break-function', { function: id }), 'Each invocation fails before its first line.']],
    balancer: [['Expire its certificate', fault('expire-certificate'), 'Clients refuse it.']],
  }[kind] ?? [];
}

function said(name, value) {
  if (value == null || value === '') return null;
  if (DATED.includes(name)) return clock(value);
  if (name === 'cpu') return `${percent(value)} %`;
  if (name === 'memory') return megabytes(value);
  if (name === 'lag') return seconds(value);
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

let shown;

// Shows what an element of the page stands for; while it is open it follows.
export function show(element) {
  shown = element;
  draw();
  $('details').showModal();
}

export function draw() {
  if (!shown) return;
  const { item } = shown;
  text($('details-title'), item.id);
  text($('details-state'), shown.isConnected ? [item.kind, item.words].filter(Boolean).join(': ') : 'gone');
  keyed($('details-actions'), shown.isConnected ? offers(item) : [], ([label]) => label, ([label, , meaning]) =>
    h('button', { type: 'button', class: 'danger', title: meaning, onclick: (event) => run(event.currentTarget, event.currentTarget.request, item.title).then(() => $('details').close()) }, label),
  (button, [, request]) => (button.request = request));
  const facts = Object.entries(item.facts ?? {}).map(([name, value]) => [name.replaceAll('_', ' '), said(name, value)]).filter(([, value]) => value != null);
  keyed($('details-facts'), facts, ([name]) => name, ([name]) => h('div', {}, h('dt', {}, name), h('dd')), (node, [, value]) => text(node.lastChild, value));
}

export function start() {
  $('details').addEventListener('close', () => (shown = null));
  $('details').addEventListener('click', (event) => {
    if (event.target === event.currentTarget) event.currentTarget.close(); // the backdrop
  });
}
