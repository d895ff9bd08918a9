/* Timeline, to-do, threads: forms are sent and lists grow in place; without it pages load anew. */
(function () {
  'use strict';

  function parse(text) {
    return new DOMParser().parseFromString(text, 'text/html');
  }

  function fetchText(url, options) {
    return fetch(url, Object.assign({ credentials: 'same-origin' }, options))
      .then(answer => answer.text().then(text => ({ ok: answer.ok, status: answer.status, text })));
  }

  /* -- timeline ------------------------------------------------------------------------------ */

  function withPart(url) {
    return url + (url.includes('?') ? '&' : '?') + 'part=1';
  }

  function loadEvents(section, url, append) {
    const list = section.querySelector('.events');
    section.setAttribute('aria-busy', 'true');
    return fetchText(withPart(url)).then(answer => {
      section.removeAttribute('aria-busy');
      if (!answer.ok) { location.href = url; return; }
      const more = list.querySelector('.event-more');
      if (more) { more.remove(); }
      if (!append) { list.textContent = ''; }
      for (const item of parse(`<ol>${answer.text}</ol>`).querySelectorAll('ol > li')) { list.append(item); }
    });
  }

  function onTimelineClick(event) {
    const chip = event.target.closest('[data-chip]');
    const more = event.target.closest('[data-more]');
    const link = chip || more;
    const section = link && link.closest('[data-timeline]');
    if (!section || event.ctrlKey || event.metaKey) { return; }
    event.preventDefault();
    if (chip) {
      for (const other of section.querySelectorAll('[data-chip]')) { other.classList.toggle('current', other === chip); }
    }
    loadEvents(section, link.href, Boolean(more));
  }

  function onTimelineSubmit(event) {
    const form = event.target;
    const section = form.closest('[data-timeline]');
    if (!section || !form.matches('.quick')) { return; }
    event.preventDefault();
    if (form.dataset.busy) { return; }
    form.dataset.busy = '1';
    const data = new FormData(form);
    data.append('part', '1');
    fetchText(form.action, { method: 'POST', body: data }).then(answer => {
      delete form.dataset.busy;
      if (answer.status !== 200 && answer.status !== 422) { form.submit(); return; }
      const fresh = parse(answer.text).querySelector('[data-timeline]');
      if (!fresh) { form.submit(); return; }
      section.replaceWith(fresh);
      const wrong = fresh.querySelector('.errors input, .errors textarea, .errors select');
      if (wrong) { wrong.focus(); }
    }).catch(() => { delete form.dataset.busy; form.submit(); });
  }

  /* -- @ a colleague ------------------------------------------------------------------------- */

  let asked = 0;

  function wordAtCaret(box) {
    const match = /@([^\s@，。；、,.;]{0,12})$/.exec(box.value.slice(0, box.selectionStart));
    return match && match[1];
  }

  function closeChoices() {
    for (const list of document.querySelectorAll('.mention-list')) { list.remove(); }
  }

  function put(box, name) {
    const start = box.value.slice(0, box.selectionStart).replace(/@[^\s@]*$/, `@${name} `);
    box.value = start + box.value.slice(box.selectionStart);
    box.focus();
    box.setSelectionRange(start.length, start.length);
    closeChoices();
  }

  function offer(box, people) {
    closeChoices();
    if (!people.length) { return; }
    const list = document.createElement('ul');
    list.className = 'mention-list';
    for (const person of people) {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = person.name;
      const role = document.createElement('small');
      role.textContent = person.role;
      button.append(' ', role);
      button.addEventListener('mousedown', event => { event.preventDefault(); put(box, person.name); });
      item.append(button);
      list.append(item);
    }
    box.after(list);
  }

  function onMention(event) {
    const box = event.target;
    if (!box.matches('[data-mention]')) { return; }
    const word = wordAtCaret(box);
    if (word === null) { closeChoices(); return; }
    const turn = ++asked;
    const url = box.form.dataset.people;
    fetch(`${url}?q=${encodeURIComponent(word)}`, { credentials: 'same-origin' })
      .then(answer => answer.json())
      .then(answer => { if (turn === asked) { offer(box, answer.people); } })
      .catch(closeChoices);
  }

  function onMentionKey(event) {
    const list = document.querySelector('.mention-list');
    if (!list || !event.target.matches('[data-mention]')) { return; }
    const buttons = [...list.querySelectorAll('button')];
    const now = buttons.findIndex(button => button.classList.contains('current'));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = (now + (event.key === 'ArrowDown' ? 1 : -1) + buttons.length) % buttons.length;
      buttons.forEach((button, place) => button.classList.toggle('current', place === next));
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      buttons[Math.max(now, 0)].dispatchEvent(new MouseEvent('mousedown', { cancelable: true }));
    } else if (event.key === 'Escape') {
      closeChoices();
    }
  }

  /* -- dates one tap away, one form open at a time ---------------------------------------------- */

  function onClick(event) {
    const day = event.target.closest('[data-day]');
    if (day) {
      const field = day.closest('form').querySelector(`[name="${day.dataset.field}"]`);
      field.value = day.dataset.day;
      field.dispatchEvent(new Event('change', { bubbles: true }));
      for (const other of day.parentElement.children) { other.classList.toggle('current', other === day); }
    }
  }

  /* The form that was asked for is ready for typing. */
  function focusOpened(event) {
    if (event.target.matches && event.target.matches('details.act[open], .timeline-add details[open]')) {
      const field = event.target.querySelector('textarea, input[type="text"]');
      if (field) { field.focus(); }
    }
  }

  document.addEventListener('click', onTimelineClick);
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onTimelineSubmit);
  document.addEventListener('input', onMention);
  document.addEventListener('keydown', onMentionKey);
  document.addEventListener('toggle', focusOpened, true);
  /* After the browser has gone to the #place of the address, which takes the focus away. */
  function focusFirst() {
    const field = document.querySelector('details.act[open] textarea, details.act[open] input[type="text"]');
    if (field) { field.focus(); }
  }
  focusFirst();
  addEventListener('load', () => setTimeout(focusFirst, 30));
}());
