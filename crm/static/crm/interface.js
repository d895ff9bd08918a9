/* Improves what already works without it: rail on a phone, theme, search key, table labels. */
(function () {
  'use strict';
  const root = document.documentElement;

  function toggleRail() {
    const open = document.body.classList.toggle('rail-open');
    document.querySelector('.rail-toggle').setAttribute('aria-expanded', String(open));
  }

  /* As the system has it, then the other, then the system's own by choice, then again as it has it. */
  function toggleTheme() {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const [own, other] = dark ? ['dark', 'light'] : ['light', 'dark'];
    const now = root.dataset.theme;
    if (now === own) { delete root.dataset.theme; } else { root.dataset.theme = now ? own : other; }
    try {
      if (root.dataset.theme) { localStorage.setItem('crm-theme', root.dataset.theme); }
      else { localStorage.removeItem('crm-theme'); }
    } catch (error) { /* not kept */ }
  }

  /* The header of a list stays in sight while the page scrolls, if the list fits the page. */
  function keepHeaders() {
    for (const frame of document.querySelectorAll('.results')) {
      frame.classList.remove('fits');
      frame.classList.toggle('fits', frame.scrollWidth <= frame.clientWidth);
    }
  }

  /* A card on a phone leaves out what is empty. */
  function markEmpty() {
    for (const cell of document.querySelectorAll('.results td')) {
      if (['', '-', '—'].includes(cell.textContent.trim()) && !cell.querySelector('input, select, img')) {
        cell.classList.add('empty');
      }
    }
  }

  /* A folded part opens when it holds an error or when a link leads into it. */
  function unfold(element) {
    const panel = element && (element.closest('details') || element.querySelector('details'));
    if (panel) { panel.open = true; element.scrollIntoView({ block: 'center' }); }
  }

  function unfoldTarget() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    unfold(target);
    if (target.matches('input, select, textarea')) { target.focus(); }
  }

  document.addEventListener('click', event => {
    if (event.target.closest('.rail-toggle')) { toggleRail(); return; }
    if (event.target.closest('.theme-toggle')) { toggleTheme(); return; }
    if (document.body.classList.contains('rail-open') && !event.target.closest('.rail')) { toggleRail(); }
    for (const menu of document.querySelectorAll('details.menu[open], details.more[open]')) {
      if (!menu.contains(event.target) && !event.target.closest('.select2-container')) { menu.open = false; }
    }
  });

  document.addEventListener('keydown', event => {
    const help = document.querySelector('.help-link');
    if (event.key === '?' && help && !event.target.closest('input, select, textarea, [contenteditable]')) { location.href = help.href + '#keys'; }
    if (event.key === 'Escape') { document.body.classList.remove('rail-open'); }
  });

  /* A form sent twice by a double click is sent once. */
  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method !== 'post' || form.id === 'changelist-form') { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });

  /* What was typed is not lost by closing the page. */
  document.querySelectorAll('form.record').forEach(form => {
    let changed = false;
    form.addEventListener('input', () => { changed = true; });
    form.addEventListener('submit', () => { changed = false; });
    addEventListener('beforeunload', event => { if (changed) { event.preventDefault(); } });
  });

  /* A ledger whose kind is known is checked as soon as its file is chosen. */
  document.querySelectorAll('form[data-at-once]').forEach(form => {
    form.addEventListener('change', event => {
      if (event.target.type === 'file' && event.target.files.length) { form.requestSubmit(); }
    });
  });

  /* How far a ledger is; the page comes anew when the step has ended. */
  function follow(box) {
    fetch(box.dataset.progress, { credentials: 'same-origin' })
      .then(answer => answer.json())
      .then(job => {
        if (!job.running) { location.reload(); return; }
        const bar = box.querySelector('progress');
        if (job.total) { bar.max = job.total; bar.value = job.done; }
        box.querySelector('.ledger-step').textContent = job.text;
        setTimeout(follow, 1000, box);
      })
      .catch(() => setTimeout(follow, 5000, box));
  }
  document.querySelectorAll('[data-progress]').forEach(follow);

  /* Choice boxes say what they are for: select2 leaves its own parts without a name. */
  function nameChoices() {
    for (const box of document.querySelectorAll('.select2-container')) {
      const select = box.previousElementSibling;
      const label = select && (select.labels && select.labels[0] ? select.labels[0].textContent : select.getAttribute('aria-label'));
      const list = box.querySelector('ul.select2-selection__rendered');
      for (const part of box.querySelectorAll('.select2-selection, .select2-selection__rendered, .select2-search__field')) {
        part.removeAttribute('aria-labelledby');
        part.setAttribute('aria-label', (label || '').replace(/[:：]\s*$/, '').trim() || document.title);
      }
      if (list) { list.setAttribute('role', 'presentation'); list.querySelectorAll('li').forEach(each => each.setAttribute('role', 'presentation')); }
    }
  }
  if (window.django && window.django.jQuery) { window.django.jQuery(nameChoices); window.django.jQuery(document).on('formset:added change', () => setTimeout(nameChoices)); }

  markEmpty();
  keepHeaders();
  addEventListener('resize', keepHeaders);
  unfold(document.querySelector('.inline-group .errorlist'));
  unfoldTarget();
  addEventListener('hashchange', unfoldTarget);
}());
