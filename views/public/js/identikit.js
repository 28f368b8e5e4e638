/*
 * Progressive enhancement; every page works without it. Markup contract:
 *
 * form[data-autosave="<url>"]          posts the form (urlencoded, with its _csrf field) 800 ms after the last change; a 2xx answer
 *                                      means saved. [data-save-state] inside it (.save-state, role="status") shows the state.
 * [data-reading-position="<url>"]      posts position (0–1) and anchor (id of the last heading passed) while reading;
 *                                      data-resume="0.42" scrolls there on arrival.
 * form or button [data-confirm="…"]    asks first; data-confirm-yes names the confirming button.
 * [data-poll="<url>"] with an id       replaces its content by the element of the same id in the answer (or the answer's
 *                                      first element) until that has no data-poll any more.
 * [data-countdown="<seconds left>"]    counts down; announces 5 and 1 minutes; at zero sends form#<data-countdown-form>.
 * Words come from data-text-* on <body>.
 */

const words = document.body.dataset;
const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';
const KEEPALIVE_LIMIT = 60_000; // browsers refuse keepalive bodies over 64 kB

/** POST urlencoded; outlives the page when small enough. A redirect (to the sign-in page) counts as an answer, not as success. */
const post = (url, body, signal) =>
  fetch(url, {
    method: 'POST',
    body,
    signal,
    redirect: 'manual',
    credentials: 'same-origin',
    keepalive: body.toString().length < KEEPALIVE_LIMIT,
    headers: { Accept: 'application/json', 'X-Requested-With': 'fetch' },
  });

const isTemporary = (response) =>
  response.status >= 500 || response.status === 408 || response.status === 429;

function autosave(form) {
  const display = form.querySelector('[data-save-state]');
  let dirty = false;
  let failures = 0;
  let stopped = false;
  let leaving = false;
  let timer = 0;
  let request = null;

  const show = (state) => {
    if (!display) return;
    display.dataset.state = state;
    display.textContent = words[`text${state[0].toUpperCase()}${state.slice(1)}`] ?? '';
  };
  const schedule = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };
  const fields = () => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    return body;
  };

  async function save() {
    clearTimeout(timer);
    if (!dirty || stopped || leaving) return;
    // A newer state replaces one still under way, so that an older answer cannot arrive last.
    request?.abort();
    const mine = new AbortController();
    request = mine;
    dirty = false;
    show('saving');
    try {
      const response = await post(form.dataset.autosave, fields(), mine.signal);
      if (response.ok) {
        failures = 0;
        if (!dirty) show('saved');
      } else if (response.status === 422) {
        // Half a number, most likely: it cannot be saved yet, and the next change tries again.
        dirty = true;
        show('incomplete');
      } else if (isTemporary(response)) {
        throw new Error(`status ${response.status}`);
      } else {
        stopped = true;
        dirty = true;
        show('stopped');
      }
    } catch {
      if (mine.signal.aborted) return;
      dirty = true;
      failures += 1;
      show('retry');
      schedule(Math.min(1000 * 2 ** failures, 60_000));
    } finally {
      if (request === mine) request = null;
    }
  }

  const changed = () => {
    dirty = true;
    schedule(800);
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    clearTimeout(timer);
  });
  addEventListener('pageshow', () => {
    leaving = false;
  });
  addEventListener('online', () => save());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save();
  });
  addEventListener('beforeunload', (event) => {
    if (leaving || !dirty) return;
    const wasFailing = failures > 0 || stopped || !navigator.onLine;
    save();
    // A save that has just left with keepalive needs no question; one that cannot arrive does.
    if (wasFailing) event.preventDefault();
  });
}

function readingPosition(article) {
  const headings = [...article.querySelectorAll('h2[id], h3[id]')];
  let reported = -1;
  let timer = 0;
  const place = () => {
    const box = article.getBoundingClientRect();
    const seen = (innerHeight - box.top) / box.height;
    return Math.round(Math.min(1, Math.max(0, seen)) * 1000) / 1000;
  };
  const report = () => {
    clearTimeout(timer);
    timer = 0;
    const position = place();
    if (Math.abs(position - reported) < 0.01) return;
    reported = position;
    const anchor =
      headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 2)?.id ?? '';
    const body = new URLSearchParams({ _csrf: csrf(), position: String(position), anchor });
    post(article.dataset.readingPosition, body).catch(() => {
      reported = -1;
    });
  };
  const resume = Number(article.dataset.resume);
  if (resume > 0.02 && resume < 0.98 && !location.hash) {
    const box = article.getBoundingClientRect();
    scrollTo({ top: scrollY + box.top + resume * box.height - innerHeight, behavior: 'instant' });
  }
  addEventListener('scroll', () => (timer ||= setTimeout(report, 4000)), { passive: true });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') report();
  });
}

function askFirst(form, submitter, source) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  const text = document.createElement('p');
  text.id = 'confirm-text';
  text.textContent = source.dataset.confirm;
  dialog.setAttribute('aria-labelledby', text.id);
  const row = document.createElement('div');
  row.className = 'actions';
  const button = (label, className, act) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.className = className;
    element.textContent = label;
    element.addEventListener('click', act);
    row.append(element);
    return element;
  };
  const cancel = button(words.textCancel, 'btn', () => dialog.close());
  button(source.dataset.confirmYes ?? words.textConfirm, 'btn btn--primary', () => {
    form.dataset.confirmed = '';
    dialog.close();
    form.requestSubmit(submitter);
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    submitter?.focus();
  });
  dialog.append(text, row);
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
}

// In the capture phase, so that no other submit listener takes an unconfirmed submit for a real one.
addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm) return;
    if ('confirmed' in form.dataset) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    askFirst(form, event.submitter, source);
  },
  true,
);

function poll(element) {
  let delay = 1000;
  const next = () => setTimeout(look, delay);
  async function look() {
    if (document.visibilityState === 'hidden') {
      document.addEventListener('visibilitychange', look, { once: true });
      return;
    }
    delay = Math.min(delay * 1.5, 15_000);
    try {
      const response = await fetch(element.dataset.poll, {
        redirect: 'error',
        credentials: 'same-origin',
        headers: { Accept: 'text/html', 'X-Requested-With': 'fetch' },
      });
      if (!response.ok) {
        if (isTemporary(response)) next();
        return;
      }
      const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = (element.id && answer.getElementById(element.id)) || answer.body.firstElementChild;
      if (!fresh) return;
      // Unchanged content stays, so that nothing is announced twice and focus is kept.
      if (fresh.innerHTML !== element.innerHTML) element.replaceChildren(...fresh.childNodes);
      if (fresh.dataset.poll) next();
      else element.removeAttribute('data-poll');
    } catch {
      next();
    }
  }
  next();
}

function countdown(element) {
  // Seconds left come from the server and run on a monotonic clock, so a wrong clock here changes nothing.
  const end = performance.now() + Number(element.dataset.countdown) * 1000;
  const text = element.querySelector('[data-countdown-text]') ?? element;
  const live = document.createElement('span');
  live.className = 'visually-hidden';
  live.setAttribute('role', 'status');
  element.after(live);
  let before = Number.POSITIVE_INFINITY;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    const pad = (n) => String(n).padStart(2, '0');
    const hours = Math.floor(left / 3600);
    const minutes = Math.floor(left / 60) % 60;
    text.textContent = `${hours ? `${hours}:${pad(minutes)}` : minutes}:${pad(left % 60)}`;
    if (left <= 300) element.dataset.low = '';
    if (left <= 300 && before > 300 && left > 60) live.textContent = words.textFiveMinutes;
    if (left <= 60 && before > 60 && left > 0) live.textContent = words.textOneMinute;
    before = left;
    if (left > 0) {
      setTimeout(tick, 1000 - ((((performance.now() - end) % 1000) + 1000) % 1000) || 1000);
      return;
    }
    const form = document.getElementById(element.dataset.countdownForm ?? '');
    form?.removeAttribute('data-confirm');
    form?.requestSubmit();
  };
  tick();
}

const menus = () => document.querySelectorAll('details.menu[open]');
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});
addEventListener('click', (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

for (const form of document.querySelectorAll('form[data-autosave]')) autosave(form);
for (const article of document.querySelectorAll('[data-reading-position]')) readingPosition(article);
for (const element of document.querySelectorAll('[data-poll]')) poll(element);
for (const element of document.querySelectorAll('[data-countdown]')) countdown(element);
document.querySelector('.error-summary')?.focus();
