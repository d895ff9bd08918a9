/* Find anything: Ctrl-K or the box opens a palette; without this script the box leads to a page. */
(function () {
  'use strict';
  const palette = document.querySelector('dialog.palette');
  const box = document.querySelector('.topbar .find');
  if (!palette || !box) { return; }
  const input = palette.querySelector('input');
  const answers = palette.querySelector('.palette-answers');
  const KEPT = 'crm-opened';
  const WAIT = 90;
  let timer = 0;
  let asking = null;
  let shown = null;

  function opened() {
    try { return JSON.parse(localStorage.getItem(KEPT)) || []; } catch (error) { return []; }
  }

  /* Only the kind and the number of a record stay on the device; its name comes from the server. */
  function remember() {
    const place = location.pathname.match(/\/crm\/([a-z]+)\/(\d+)\/change\/$/);
    if (!place) { return; }
    const key = place[1] + '.' + place[2];
    try {
      localStorage.setItem(KEPT, JSON.stringify([key, ...opened().filter(k => k !== key)].slice(0, 10)));
    } catch (error) { /* not kept */ }
  }

  function hits() { return Array.from(answers.querySelectorAll('.hit')); }

  function choose(hit) {
    for (const each of hits()) { each.classList.toggle('chosen', each === hit); }
    if (hit) {
      hit.id = hit.id || 'hit-' + hit.dataset.hit;
      input.setAttribute('aria-activedescendant', hit.id);
      hit.scrollIntoView({ block: 'nearest' });
    } else { input.removeAttribute('aria-activedescendant'); }
  }

  function step(by) {
    const all = hits();
    if (!all.length) { return; }
    const now = all.findIndex(hit => hit.classList.contains('chosen'));
    choose(all[(now + by + all.length) % all.length]);
  }

  function ask() {
    const text = input.value.trim();
    if (text === shown) { return; }
    if (asking) { asking.abort(); }
    asking = new AbortController();
    const query = new URLSearchParams(text ? { q: text } : { opened: opened().join(',') });
    answers.classList.add('waiting');
    fetch(box.dataset.quick + '?' + query, { credentials: 'same-origin', signal: asking.signal })
      .then(answer => {
        if (answer.redirected || !answer.ok) { location.reload(); throw new Error('signed out'); }
        return answer.text();
      })
      .then(html => {
        shown = text;
        answers.innerHTML = html;
        answers.scrollTop = 0;
        answers.classList.remove('waiting');
        choose(hits()[0]);
      })
      .catch(() => { answers.classList.remove('waiting'); });
  }

  function open(text) {
    if (!palette.open) { palette.showModal(); }
    if (text !== undefined) { input.value = text; }
    input.focus();
    input.select();
    shown = null;
    clearTimeout(timer);
    timer = setTimeout(ask, 40);  /* whoever types at once is not interested in the recent ones */
  }

  /* Enter before the answer of what was typed is here waits for it. */
  function enter() {
    const hit = answers.querySelector('.hit.chosen');
    if (shown === input.value.trim() && hit) { location.href = hit.href; return; }
    if (shown !== input.value.trim()) { clearTimeout(timer); ask(); openWhenAnswered(); return; }
    palette.querySelector('form').submit();
  }

  function openWhenAnswered() {
    const wanted = input.value.trim();
    const until = Date.now() + 3000;
    (function look() {
      if (input.value.trim() !== wanted || !palette.open) { return; }
      if (shown === wanted) { enter(); return; }
      if (Date.now() < until) { setTimeout(look, 25); }
    }());
  }

  input.addEventListener('input', event => {
    if (event.isComposing) { return; }
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener('compositionend', () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener('keydown', event => {
    if (event.isComposing) { return; }
    if (event.key === 'ArrowDown') { event.preventDefault(); step(1); }
    if (event.key === 'ArrowUp') { event.preventDefault(); step(-1); }
    if (event.key === 'Enter') { event.preventDefault(); enter(); }
  });
  palette.querySelector('form').addEventListener('submit', event => { event.preventDefault(); enter(); });
  palette.querySelector('.palette-close').addEventListener('click', () => palette.close());
  palette.addEventListener('click', event => { if (event.target === palette) { palette.close(); } });
  answers.addEventListener('mousemove', event => {
    const hit = event.target.closest('.hit');
    if (hit && !hit.classList.contains('chosen')) { choose(hit); }
  });
  box.querySelector('input').addEventListener('mousedown', event => { event.preventDefault(); open(); });
  box.querySelector('input').addEventListener('keydown', event => {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      open(event.key);
      input.setSelectionRange(1, 1);
    }
  });
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open();
    }
  });
  remember();
}());
