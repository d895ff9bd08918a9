/* Phone pages: keeps an entry on the device until the server has it. Everything else works without. */
(function () {
  'use strict';
  const page = document.body.dataset;
  const box = document.getElementById('outbox');
  const form = document.getElementById('visit-form');
  const sheet = document.getElementById('log-sheet');
  const LONGEST_SIDE = 1600, SMALL = 96, RETRY_SECONDS = 20;
  let photos = [], sending = false, dirty = false, token = form && form.elements.token.value;

  /* -- what is kept: entries {token, user, state: draft | waiting | refused, fields, photos, …} -- */

  let opened = null;
  function store() {
    opened = opened || new Promise((done, fail) => {
      if (!window.indexedDB) { fail(new Error('no storage')); return; }
      const request = indexedDB.open('crm-phone', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('entries', { keyPath: 'token' });
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    return opened;
  }

  async function ask(mode, act) {
    const database = await store();
    return new Promise((done, fail) => {
      const transaction = database.transaction('entries', mode);
      const request = act(transaction.objectStore('entries'));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }

  const keep = entry => ask('readwrite', entries => entries.put(entry));
  const forget = key => ask('readwrite', entries => entries.delete(key));
  const all = async () => (await ask('readonly', entries => entries.getAll()))
    .sort((a, b) => a.at - b.at);
  const pending = async () => (await all()).filter(entry => entry.state !== 'draft');

  /* Pages of an intranet may come without encryption, where randomUUID is missing. */
  function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  const dayFrom = days => {
    const day = new Date(); day.setDate(day.getDate() + days);
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map(n => String(n).padStart(2, '0')).join('-');
  };

  /* -- photos ----------------------------------------------------------------------------------- */

  async function shrunk(file) {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const small = draw(picture, scale);
      const blob = await new Promise(done => small.toBlob(done, 'image/jpeg', 0.82));
      const name = file.name.replace(/\.[^.]*$/, '') + '.jpg';
      const thumb = draw(picture, SMALL * 2 / Math.max(picture.width, picture.height)).toDataURL('image/jpeg', 0.7);
      return { name, type: 'image/jpeg', data: await bytesOf(blob), thumb };
    } catch (error) { /* not a picture this browser can read: the server decides */
      return { name: file.name, type: file.type, data: await bytesOf(file), thumb: '' };
    }
  }

  const bytesOf = blob => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(reader.error);
    reader.readAsArrayBuffer(blob);
  });

  function draw(picture, scale) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function showPhotos() {
    for (const old of form.querySelectorAll('.m-photo')) { old.remove(); }
    const first = form.querySelector('.m-photo-add');
    photos.forEach((photo, place) => {
      const frame = document.createElement('div');
      frame.className = 'm-photo';
      const image = photo.thumb ? document.createElement('img') : document.createElement('small');
      if (photo.thumb) { image.src = photo.thumb; image.alt = photo.name; } else { image.textContent = photo.name; }
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', photo.name + ' ×');
      button.innerHTML = '<span aria-hidden="true">×</span>';
      button.addEventListener('click', () => { photos.splice(place, 1); showPhotos(); keepDraft(); });
      frame.append(image, button);
      first.before(frame);
    });
  }

  async function takePhotos(input) {
    const files = Array.from(input.files);
    input.value = '';
    for (const file of files) { photos.push(await shrunk(file)); }
    showPhotos();
    await keepDraft();
  }

  /* -- the form --------------------------------------------------------------------------------- */

  function fieldsOf() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && !['csrfmiddlewaretoken', 'token'].includes(name)) { fields[name] = value; }
    }
    if (fields.next_in && !fields.next_step_on) { fields.next_step_on = dayFrom(Number(fields.next_in)); }
    delete fields.next_in;
    return fields;
  }

  function entryOf(state) {
    const chosen = form.querySelector('[name=company]:checked');
    const label = chosen ? chosen.parentElement.textContent.trim() : form.elements.firm_name.value.trim();
    return { token, user: page.user, state, at: Date.now(), fields: fieldsOf(), photos, label, errors: {} };
  }

  let draftTimer = 0;
  function keepDraft() {
    dirty = true;
    clearTimeout(draftTimer);
    return new Promise(done => { draftTimer = setTimeout(() => done(keep(entryOf('draft')).catch(() => null)), 150); });
  }

  function fill(entry) {
    blank();
    token = form.elements.token.value = entry.token;
    photos = entry.photos.slice();
    if (entry.fields.company) { offer(entry.fields.company, entry.label); }
    for (const [name, value] of Object.entries(entry.fields)) {
      const field = form.elements[name];
      if (!field) { continue; }
      if (field instanceof RadioNodeList || field.type === 'radio') {
        const radio = Array.from(form.querySelectorAll(`[name="${name}"]`)).find(each => each.value === value);
        if (radio) { radio.checked = true; }
      } else if (field.type === 'checkbox') { field.checked = true; } else { field.value = value; }
    }
    showPhotos();
    showErrors(entry.errors);
    if (entry.fields.company) { showProjects(entry.fields.company, entry.fields.project); }
  }

  function blank() {
    clearTimeout(draftTimer);
    form.reset();
    for (const extra of form.querySelectorAll('.m-chip.offered')) { extra.remove(); }
    document.getElementById('firm-found').textContent = '';
    document.getElementById('firm-projects').textContent = '';
    photos = []; dirty = false;
    token = form.elements.token.value = newToken();
    form.elements.held_on.value = dayFrom(0);
    form.querySelector('.m-restored').hidden = true;
    showPhotos(); showErrors({});
  }

  function showErrors(errors) {
    for (const place of form.querySelectorAll('[data-errors]')) {
      const list = errors[place.dataset.errors] || [];
      place.textContent = '';
      if (list.length) { place.append(listOf(list)); }
    }
    const first = form.querySelector('.errorlist');
    if (first) { first.scrollIntoView({ block: 'center' }); }
  }

  function listOf(texts) {
    const list = document.createElement('ul');
    list.className = 'errorlist';
    for (const text of texts) { const item = document.createElement('li'); item.textContent = text; list.append(item); }
    return list;
  }

  /* The chosen firm is a chip among the suggested ones. */
  function offer(value, label) {
    const chips = document.getElementById('firm-chips');
    let radio = Array.from(chips.querySelectorAll('input')).find(each => each.value === value);
    if (!radio) {
      const chip = document.createElement('label');
      chip.className = 'm-chip offered';
      radio = document.createElement('input');
      radio.type = 'radio'; radio.name = 'company'; radio.value = value;
      const text = document.createElement('span');
      text.textContent = label;
      chip.append(radio, text);
      chips.prepend(chip);
    }
    radio.checked = true;
  }

  async function piece(url) {
    const response = await fetch(url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!response.ok || response.redirected) { throw new Error(String(response.status)); }
    return response.text();
  }

  async function showProjects(firm, chosen) {
    const place = document.getElementById('firm-projects');
    try {
      place.innerHTML = await piece(form.dataset.projects.replace('/0/', `/${firm}/`));
      const radio = chosen !== undefined && place.querySelector(`[value="${chosen}"]`);
      if (radio) { radio.checked = true; }
    } catch (error) { place.textContent = ''; /* no connection: the visit is logged without */ }
  }

  function live(input, url, place) {
    let timer = 0, asked = 0;
    input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++asked, text = input.value.trim();
        try {
          const html = text || place.id === 'answers' ? await piece(`${url}${encodeURIComponent(text)}`) : '';
          if (mine === asked) { place.innerHTML = html; }
        } catch (error) { if (mine === asked) { place.textContent = ''; } }
      }, 180);
    });
  }

  /* -- sending ---------------------------------------------------------------------------------- */

  async function session(background) {
    const headers = { Accept: 'application/json' };
    if (background) { headers['X-Background'] = '1'; }
    const response = await fetch(page.session, { headers, redirect: 'manual', cache: 'no-store' });
    return isJson(response) && response.ok ? response.json() : null;
  }

  const isJson = response => (response.headers.get('Content-Type') || '').startsWith('application/json');

  async function post(entry, csrf) {
    const body = new FormData();
    body.append('token', entry.token);
    for (const [name, value] of Object.entries(entry.fields)) { body.append(name, value); }
    for (const photo of entry.photos) { body.append('photos', new Blob([photo.data], { type: photo.type }), photo.name); }
    return fetch(page.send, {
      method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json', 'X-CSRFToken': csrf },
    });
  }

  /* Returns the tokens the server took; those it refused are marked with its reasons. */
  async function sendAll(background) {
    if (sending) { return []; }
    const entries = (await pending()).filter(entry => entry.user === page.user && entry.state === 'waiting');
    if (!entries.length) { await show(); return []; }
    sending = true;
    const taken = [];
    let note = '';
    try {
      const known = await session(background);
      if (!known || known.user !== page.user) { note = 'expired'; }
      for (const entry of note ? [] : entries) {
        const response = await post(entry, known.csrf);
        if (response.ok && isJson(response)) { await forget(entry.token); taken.push(entry.token); continue; }
        if (response.status === 422) { await keep({ ...entry, state: 'refused', errors: (await response.json()).errors }); continue; }
        if (response.status === 401 || response.type === 'opaqueredirect') { note = 'expired'; break; }
        if (response.status === 413 || response.status === 400 || response.status === 403) {
          await keep({ ...entry, state: 'refused', errors: { __all__: [`HTTP ${response.status}`] } }); continue;
        }
        note = 'offline'; break;
      }
    } catch (error) { note = 'offline'; } finally { sending = false; }
    await show(note);
    return taken;
  }

  async function show(note) {
    const entries = await pending();
    box.hidden = !entries.length;
    const badge = document.querySelector('[data-count]');
    badge.hidden = !entries.length;
    badge.textContent = box.querySelector('.m-count').textContent = entries.length || '';
    if (note !== undefined) { say(note); }
    const list = box.querySelector('ul');
    list.textContent = '';
    for (const entry of entries) { list.append(rowOf(entry)); }
  }

  function say(note) {
    const text = box.querySelector('.m-outbox-note'), signIn = box.querySelector('.m-sign-in');
    text.hidden = !note;
    text.textContent = note ? box.dataset[note] : '';
    signIn.hidden = note !== 'expired';
    signIn.href = page.signIn;
    box.querySelector('.m-send').hidden = note === 'expired';
  }

  function rowOf(entry) {
    const row = box.querySelector('template').content.firstElementChild.cloneNode(true);
    const own = entry.user === page.user;
    row.querySelector('b').textContent = own ? entry.label || box.dataset.noFirm : '—';
    const state = own ? box.dataset[entry.state] : box.dataset.foreign;
    const count = entry.photos.length ? ` · ${entry.photos.length} ${box.dataset.photos}` : '';
    row.querySelector('small').textContent = `${entry.fields.held_on || ''} · ${state}${count}`;
    if (own) { row.querySelector('.errorlist').replaceWith(listOf(Object.values(entry.errors || {}).flat())); }
    row.querySelector('.m-edit').hidden = !own;
    row.querySelector('.m-drop').hidden = !own;
    row.querySelector('.m-edit').addEventListener('click', () => correct(entry));
    row.querySelector('.m-drop').addEventListener('click', async () => {
      if (confirm(box.dataset.discard)) { await forget(entry.token); await show(); }
    });
    return row;
  }

  async function correct(entry) {
    if (!form) { location.href = `${page.send}#${entry.token}`; return; }
    await keep({ ...entry, state: 'draft' });
    fill(entry);
    open();
    await show();
  }

  function open() { if (sheet && !sheet.open) { sheet.showModal(); sheet.scrollTop = 0; } }

  async function submit(event) {
    event.preventDefault();
    clearTimeout(draftTimer);
    const entry = entryOf('waiting');
    try { await keep(entry); } catch (error) { HTMLFormElement.prototype.submit.call(form); return; }
    form.querySelector('[type=submit]').disabled = true;
    const taken = await sendAll(false);
    form.querySelector('[type=submit]').disabled = false;
    if (taken.includes(entry.token)) { location.assign(page.home); return; }
    const kept = (await all()).find(each => each.token === entry.token);
    if (kept && kept.state === 'refused') { /* still in the form, with the reasons */
      await keep({ ...kept, state: 'draft' });
      showErrors(kept.errors);
      await show();
      return;
    }
    blank();
    if (sheet && sheet.open) { sheet.close(); }
    box.scrollIntoView({ block: 'start' });
    window.scrollTo(0, 0);
  }

  async function restore() {
    const entries = await all();
    const wanted = entries.find(entry => entry.user === page.user && `#${entry.token}` === location.hash);
    const draft = wanted || entries.filter(entry => entry.user === page.user && entry.state === 'draft').pop();
    if (!draft || form.querySelector('.errorlist')) { return; }
    if (location.search.includes('company=') && !wanted) { return; }
    if (wanted) { await keep({ ...wanted, state: 'draft' }); }
    fill(draft);
    form.querySelector('.m-restored').hidden = false;
  }

  /* -- start ------------------------------------------------------------------------------------ */

  if (form) {
    form.elements.held_on.value = form.querySelector('.errorlist') ? form.elements.held_on.value : dayFrom(0);
    form.addEventListener('submit', submit);
    form.addEventListener('input', event => { if (event.target.type !== 'file') { keepDraft(); } });
    form.addEventListener('change', event => {
      if (event.target.type === 'file') { takePhotos(event.target); return; }
      if (event.target.name !== 'company') { return; }
      const found = event.target.closest('#firm-found');
      if (found) { offer(event.target.value, event.target.parentElement.textContent.trim()); found.textContent = ''; }
      form.elements.firm_name.value = '';
      showProjects(event.target.value);
      keepDraft();
    });
    form.elements.firm_name.addEventListener('input', () => {
      const chosen = form.querySelector('[name=company]:checked');
      if (chosen && form.elements.firm_name.value) { chosen.checked = false; document.getElementById('firm-projects').textContent = ''; }
    });
    live(form.elements.firm_name, `${form.dataset.pick}?q=`, document.getElementById('firm-found'));
    form.querySelector('.m-clear').addEventListener('click', async () => { await forget(token); blank(); });
  }
  for (const link of sheet ? document.querySelectorAll('.m-log, .m-plus') : []) {
    link.addEventListener('click', event => { event.preventDefault(); open(); });
  }
  if (sheet) { sheet.querySelector('.m-close').addEventListener('click', () => sheet.close()); }
  for (const search of document.querySelectorAll('[data-live]')) {
    live(search.elements.q, `${search.dataset.live}?part=1&q=`, document.getElementById('answers'));
  }
  document.addEventListener('click', event => {
    if (event.target.closest('.theme-toggle')) { toggleTheme(); }
    const menu = document.querySelector('.m-menu');
    if (menu.open && !menu.contains(event.target)) { menu.open = false; }
  });

  function toggleTheme() {
    const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const next = (root.dataset.theme || (dark ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
    root.dataset.theme = next;
    try { localStorage.setItem('crm-theme', next); } catch (error) { /* not kept */ }
  }

  async function sendAndTell(background) {
    const taken = await sendAll(background);
    if (taken.length && !(sheet && sheet.open) && !(form && dirty)) { location.assign(page.home); }
  }

  box.querySelector('.m-send').addEventListener('click', () => sendAndTell(false));
  window.addEventListener('online', () => sendAndTell(true));
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { sendAndTell(true); } });
  setInterval(() => { if (!box.hidden) { sendAndTell(true); } }, RETRY_SECONDS * 1000);
  store().then(async () => { if (form) { await restore(); } await sendAndTell(true); }).catch(() => { box.hidden = true; });
}());
