/* Keys of the calendar, and the team's choice without a button. */
(function () {
  'use strict';
  const select = document.querySelector('.cal-team select');
  if (select) { select.addEventListener('change', () => select.form.submit()); }
  document.addEventListener('keydown', event => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]');
    if (busy || event.target.closest('input, select, textarea, [contenteditable]')) { return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const link = Array.from(document.querySelectorAll('[data-key]')).find(each => each.dataset.key === key);
    if (link) { event.preventDefault(); location.assign(link.href); }
  });
  const now = document.querySelector('.cal td.now');
  if (now && matchMedia('(max-width: 800px)').matches) { now.scrollIntoView({ block: 'center' }); }
}());
