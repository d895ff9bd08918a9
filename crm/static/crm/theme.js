/* Runs before the page is drawn, so that a dark page never flashes white. */
(function () {
  'use strict';
  document.documentElement.classList.add('js');
  try {
    var theme = localStorage.getItem('crm-theme');
    if (theme) { document.documentElement.dataset.theme = theme; }
  } catch (error) { /* storage is switched off: the system's choice stands */ }
}());
