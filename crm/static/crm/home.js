/* Another year, part or task force at once, and the page stays where it was. */
(function () {
  'use strict';
  const form = document.querySelector('[data-switch]');
  if (!form) { return; }
  const KEY = 'crm-home-place';
  try {
    const place = sessionStorage.getItem(KEY);
    if (place) { scrollTo(0, Number(place)); sessionStorage.removeItem(KEY); }
  } catch (error) { /* the page begins at its top */ }
  form.addEventListener('change', () => {
    try { sessionStorage.setItem(KEY, String(scrollY)); } catch (error) { /* as above */ }
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    location.search = query.toString();
  });
}());
