/* While a firm or a project is named: what may be the same already stands beside the field. */
(function () {
  'use strict';
  const place = document.querySelector('[data-similar]');
  const name = document.getElementById('id_name');
  if (!place || !name) { return; }
  const fields = place.dataset.fields.split(' ').map(key => document.getElementById('id_' + key)).filter(Boolean);
  const WAIT = 120;
  let timer = 0;
  let asking = null;
  let asked = '';
  name.closest('.form-row').after(place);

  function ask() {
    const query = new URLSearchParams();
    for (const field of fields) { if (field.value.trim()) { query.set(field.name, field.value.trim()); } }
    if (place.dataset.but) { query.set('but', place.dataset.but); }
    if (query.toString() === asked) { return; }
    asked = query.toString();
    if (asking) { asking.abort(); }
    asking = new AbortController();
    fetch(place.dataset.similar + '?' + query, { credentials: 'same-origin', signal: asking.signal })
      .then(answer => (answer.ok && !answer.redirected ? answer.text() : ''))
      .then(html => { place.innerHTML = html; place.hidden = !html.trim(); })
      .catch(() => { /* the next letter asks again */ });
  }

  function later() { clearTimeout(timer); timer = setTimeout(ask, WAIT); }

  for (const field of fields) {
    field.addEventListener('input', event => { if (!event.isComposing) { later(); } });
    field.addEventListener('change', later);
    field.addEventListener('compositionend', later);
  }
  /* Choice boxes tell only jQuery. */
  if (window.django && window.django.jQuery) {
    for (const field of fields) { window.django.jQuery(field).on('change', later); }
  }
  if (!place.dataset.but && (name.value || fields.some(field => field !== name && field.value))) { later(); }
}());
