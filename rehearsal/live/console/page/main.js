// The console: listens to the daemon and draws what it tells.

import * as actions from './actions.js';
import { readColours } from './charts.js';
import * as details from './details.js';
import { $, attr, text } from './dom.js';
import * as edge from './edge.js';
import * as load from './load.js';
import { site, take } from './site.js';
import { listen, setKey } from './stream.js';
import * as timeline from './timeline.js';
import * as topology from './topology.js';

const LINKS = { live: 'live', lost: 'no answer from the daemon, trying again', locked: 'locked' };

function told(message, first) {
  const fresh = take(message, first);
  attr($('site'), 'href', site.account.url);
  text($('site'), site.account.site);
  if (document.activeElement !== $('pace')) pace();
  edge.draw();
  topology.draw();
  actions.draw();
  details.draw();
  load.figures();
  load.draw();
  timeline.draw(fresh, first);
  if (site.trouble) linked('trouble', site.trouble);
}

function pace() {
  const select = $('pace');
  if (![...select.options].some((option) => Number(option.value) === site.pace)) select.append(new Option(`${site.pace}×`, site.pace));
  select.value = site.pace;
}

function linked(how, words = LINKS[how]) {
  attr($('link'), 'class', `link is-${how}`);
  text($('link').lastElementChild, words);
  $('locked').hidden = how !== 'locked';
}

function theme() {
  const select = $('theme');
  select.value = localStorage.getItem('ha-web-theme') ?? '';
  const set = () => {
    const dark = select.value ? select.value === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    document.documentElement.classList.toggle('dark', dark);
    localStorage.setItem('ha-web-theme', select.value);
    readColours();
    load.draw();
  };
  select.addEventListener('change', set);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', set);
  set();
}

function start() {
  for (const part of [load, actions, details, timeline]) part.start();
  theme();
  $('pace').addEventListener('change', (event) => actions.run(event.currentTarget, { do: 'pace', speed: Number(event.currentTarget.value) }));
  const line = () => listen(() => site.events.at(-1)?.n ?? 0, told, linked);
  $('unlock').addEventListener('submit', (event) => {
    event.preventDefault();
    setKey($('key').value);
    linked('lost', 'connecting');
    line();
  });
  line();
}

start();
