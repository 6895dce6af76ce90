// Elements, lists that keep their elements, and numbers for people.

export const $ = (id) => document.getElementById(id);

// An element: h('button', {class: 'x', onclick: f, 'aria-label': 'y'}, 'text', otherElement).
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else attr(made, name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

// A symbol of the page's sprite: its shape says what its colour says.
export function icon(name) {
  const made = document.createElementNS(SVG, 'svg');
  made.setAttribute('class', `icon ${name}`);
  made.setAttribute('aria-hidden', 'true');
  const use = made.appendChild(document.createElementNS(SVG, 'use'));
  use.setAttribute('href', `#${name}`);
  return made;
}

export function setIcon(svg, name) {
  if (svg.dataset.name === name) return;
  svg.dataset.name = name;
  svg.setAttribute('class', `icon ${name}`);
  svg.firstChild.setAttribute('href', `#${name}`);
}

// What is written is compared first: a page that changes nothing costs nothing, and screen readers stay calm.
export function text(node, value) {
  const said = value == null || value === '' ? '–' : String(value);
  if (node.textContent !== said) node.textContent = said;
}

export function attr(node, name, value) {
  if (value == null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? '' : value);
}

// Brings the children of `parent` into step with `items`; an item's element stays, with its focus, while its key does.
export function keyed(parent, items, key, make, update) {
  const known = (parent.keyed ??= new Map());
  const wanted = new Set(items.map(key));
  for (const [name, node] of known) {
    if (!wanted.has(name)) {
      node.remove();
      known.delete(name);
    }
  }
  let at = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let node = known.get(name);
    if (!node) {
      node = make(item);
      known.set(name, node);
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
    update(node, item);
  }
}

export const whole = (n) => (n == null ? '–' : Math.round(n).toLocaleString('en'));

export function percent(share) {
  if (share == null) return '–';
  const n = share * 100;
  return n > 99.95 && n < 100 ? '99.9' : n.toFixed(1);
}

// Milliseconds as a number and its unit.
export function latency(ms) {
  if (ms == null) return ['–', 'ms'];
  if (ms >= 1000) return [(ms / 1000).toFixed(1), 's'];
  return [ms < 10 ? ms.toFixed(1) : ms.toFixed(0), 'ms'];
}

export function seconds(s) {
  if (s == null) return '–';
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 90) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const whole = Math.round(s);
  const minutes = Math.floor(whole / 60);
  return minutes < 90 ? `${minutes} min ${whole % 60} s` : `${Math.round(s / 3600)} h`;
}

export function megabytes(bytes) {
  return bytes == null ? '–' : `${Math.round(bytes / 1e6)} MB`;
}

export const clock = (at) => new Date(at * 1000).toLocaleTimeString('en-GB');

// An id that fits: i-0a12ce13f… as i-0a12ce1, a node's name by its end.
export function short(id) {
  if (/^i-[0-9a-f]+$/.test(id)) return id.slice(0, 9);
  const parts = id.split('-');
  const last = parts.at(-1);
  return /^[0-9a-f]{7,}$/.test(last) && parts.length > 1 ? parts.at(-2) : last;
}

// A version that is a hash, as people write it.
export const brief = (version) => (/^[0-9a-f]{12,}$/.test(version ?? '') ? version.slice(0, 7) : (version ?? ''));

// A name without the random end that Pulumi gives it.
export const named = (name) => (name ?? '').replace(/-[0-9a-f]{7}(?=-\d+$|$)/, '');

// What a function said; of an answer in JSON its result, and what it did.
export function answered(said) {
  const [before, json] = /^([^{]*)(\{.*\})$/s.exec(said ?? '')?.slice(1) ?? [];
  try {
    const { result, done } = JSON.parse(json);
    return result ? `${before}${result}${done?.length ? ` (${done.join(', ')})` : ''}` : said;
  } catch {
    return said ?? '';
  }
}

export const letter = (zone) => zone.slice(-1);
