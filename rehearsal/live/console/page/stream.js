// The line to the daemon: what it tells, and what it is asked. The key is in a header: no other page can send it.

const KEPT = 'ha-web-console-key';

export function key() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem(KEPT, given);
    history.replaceState(null, '', location.pathname); // not into the history, not onto a screen that is shared
  }
  return sessionStorage.getItem(KEPT) ?? '';
}

export function setKey(given) {
  sessionStorage.setItem(KEPT, given.trim());
}

export class Locked extends Error {}

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${key()}`, ...options.headers };
  const answer = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (answer.status === 401) throw new Locked(await answer.text());
  return answer;
}

// Does something; the answer is {ok, …} or {ok: false, error}.
export async function act(request) {
  try {
    const headers = { 'Content-Type': 'application/json' };
    return await (await ask('api/do', { method: 'POST', headers, body: JSON.stringify(request) })).json();
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

// Reads messages for ever: hands each to `told`, and says by `linked` whether the line stands.
export async function listen(since, told, linked) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 5000)) {
    const quiet = new AbortController();
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), 8000);
    };
    try {
      heard();
      const answer = await ask(`api/stream?since=${since()}`, { signal: quiet.signal });
      if (!answer.ok) throw new Error(await answer.text());
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let kept = '';
      let first = true;
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        heard();
        linked('live');
        wait = 500;
        const messages = (kept + value).split('\n\n');
        kept = messages.pop();
        for (const message of messages) {
          told(JSON.parse(message.slice('data: '.length)), first);
          first = false;
        }
      }
    } catch (error) {
      if (error instanceof Locked) {
        linked('locked');
        return;
      }
    } finally {
      clearTimeout(timer);
    }
    linked('lost');
    await new Promise((again) => setTimeout(again, wait));
  }
}
