/* Fetches the page again every minute and puts the new figures in place, without a flicker.
   While the server is away the last figures stay, with the time they were read. */
(function () {
  'use strict';
  const EVERY = 60000;
  const texts = document.getElementById('wall-texts').dataset;

  function warn(text) {
    const away = document.querySelector('.away');
    away.textContent = text;
    away.hidden = !text;
  }

  function look() {
    fetch(location.href, { cache: 'no-store', credentials: 'omit' }).then(answer => {
      if (answer.status === 404) { warn(texts.gone); document.querySelectorAll('#wall > :not(header)').forEach(part => part.remove()); return null; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(html => {
      if (html === null) { return; }
      const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById('wall');
      if (!fresh) { throw new Error('no wall'); }
      document.getElementById('wall').replaceWith(fresh);
    }).catch(() => warn(`${texts.away} ${document.getElementById('wall').dataset.at}`));
  }
  setInterval(look, EVERY);
  addEventListener('online', look);
}());
