/* Each cell of the month's grid is saved as soon as it is left; the keyboard is enough. */
(function () {
  'use strict';
  const form = document.getElementById('entry');
  if (!form) { return; }
  const texts = form.dataset;
  const token = form.querySelector('[name=csrfmiddlewaretoken]').value;
  const total = document.getElementById('entry-total');
  const cells = () => [...form.querySelectorAll('input[data-key]')];
  const noteOf = input => document.getElementById('note-' + input.dataset.key);
  cells().forEach(input => { input.saved = input.dataset.state === 'conflict' ? null : input.value; });

  function tell(input, state, text) {
    input.dataset.state = state;
    noteOf(input).textContent = text;
  }

  function show(input, answer, typed) {
    input.dataset.version = answer.version;
    if (answer.state === 'conflict') {
      input.theirs = answer.text;
      input.saved = null;
      tell(input, 'conflict', texts.conflict.replace('{amount}', answer.theirs));
      return;
    }
    if (answer.state === 'refused') {
      input.saved = null;
      input.before = answer.text;
      tell(input, 'refused', answer.notes.join(' '));
      return;
    }
    input.saved = answer.text;
    if (input.value === typed) { input.value = answer.text; }
    tell(input, answer.notes.length ? 'warned' : 'saved', answer.notes.join(' '));
    total.textContent = answer.total;
  }

  function save(input) {
    if (input.value === input.saved) { return; }
    const body = new FormData(), typed = input.value;
    body.append('cell', input.dataset.key);
    body.append('text', typed);
    body.append('version', input.dataset.version);
    tell(input, 'saving', texts.saving);
    input.waits = (input.waits || Promise.resolve()).then(() => {
      body.set('version', input.dataset.version);
      return fetch(texts.cell, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRFToken': token } })
        .then(answer => { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
        .then(answer => show(input, answer, typed))
        .catch(() => { input.saved = null; tell(input, 'refused', texts.offline); });
    });
  }

  /* Esc: what was stored; in a conflict what the other one entered. */
  function takeBack(input) {
    const text = input.theirs !== undefined ? input.theirs : input.before !== undefined ? input.before : input.saved;
    if (text === null || text === undefined) { return; }
    input.value = input.saved = text;
    delete input.theirs;
    delete input.before;
    delete input.dataset.state;
    noteOf(input).textContent = '';
    input.select();
  }

  function neighbour(input, rows, columns) {
    const cell = input.closest('td'), row = cell.parentElement;
    const table = [...row.parentElement.rows];
    for (let at = table.indexOf(row) + rows; at >= 0 && at < table.length; at += rows || table.length) {
      const found = table[at].cells[cell.cellIndex + columns];
      const next = found && found.querySelector('input[data-key]');
      if (next) { return next; }
      if (!rows) { return null; }
    }
    return null;
  }

  function go(next) {
    if (next) { next.focus(); next.select(); }
    return Boolean(next);
  }

  form.addEventListener('submit', event => { event.preventDefault(); });
  form.addEventListener('change', event => { if (event.target.dataset.key) { save(event.target); } });
  form.addEventListener('focusin', event => { if (event.target.dataset.key) { event.target.select(); } });

  form.addEventListener('keydown', event => {
    const input = event.target;
    if (!input.dataset.key || event.isComposing) { return; }
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === 'Enter') {
      event.preventDefault();
      save(input);
      go(neighbour(input, event.shiftKey ? -1 : 1, 0));
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (go(neighbour(input, event.key === 'ArrowDown' ? 1 : -1, 0))) { event.preventDefault(); }
    } else if (event.key === 'ArrowRight' && (whole || input.selectionStart === input.value.length)) {
      if (go(neighbour(input, 0, 1))) { event.preventDefault(); }
    } else if (event.key === 'ArrowLeft' && (whole || input.selectionEnd === 0)) {
      if (go(neighbour(input, 0, -1))) { event.preventDefault(); }
    } else if (event.key === 'Escape') {
      event.preventDefault();
      takeBack(input);
    }
  });

  /* A block copied in Excel or WPS: rows by line, columns by tab. */
  form.addEventListener('paste', event => {
    const start = event.target;
    const text = event.clipboardData.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '');
    if (!start.dataset.key || !/[\n\t]/.test(text)) { return; }
    event.preventDefault();
    let first = start;
    for (const line of text.split('\n')) {
      let input = first;
      for (const value of line.split('\t')) {
        if (!input) { break; }
        input.value = value.trim();
        save(input);
        input = neighbour(input, 0, 1);
      }
      first = first && neighbour(first, 1, 0);
      if (!first) { break; }
    }
  });

  addEventListener('beforeunload', event => {
    if (cells().some(input => ['saving', 'conflict', 'refused'].includes(input.dataset.state))) { event.preventDefault(); }
  });

  go(cells()[0]);
}());
