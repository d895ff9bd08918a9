/* The board moves cards by drag, menu and keys, takes back, and follows what others do. */
(function () {
  'use strict';
  const board = document.querySelector('.board');
  if (!board) { return; }
  const POLL = 12000, UNDO = 10, MOST = 120;
  const said = document.getElementById('board-said');
  const toast = document.getElementById('board-toast');
  const dialog = document.getElementById('board-dialog');
  const menu = document.getElementById('board-menu');
  const texts = document.getElementById('board-texts').dataset;
  const token = document.querySelector('#content [name=csrfmiddlewaretoken]').value;
  let stamps = JSON.parse(document.getElementById('board-stamps').textContent);
  let dragged = null, menuCard = null, undo = null, clock = null;

  const columnOf = stage => document.getElementById('column-' + stage);
  const cardOf = id => board.querySelector(`.project-card[data-id="${id}"]`);
  const focusable = card => card.querySelector('.name > :first-child');
  const movesOf = card => (card.dataset.moves || '').split(' ').filter(Boolean).map(each => each.split(':'));
  const stages = [...board.querySelectorAll('.column')].map(column => column.dataset.stage);

  /* -- talking to the server and to the person ------------------------------------------------ */

  /* Signed out meanwhile: the page itself asks to sign in, nothing of it lands in a column. */
  function ours(answer) {
    if (answer.redirected) { location.reload(); throw new Error('signed out'); }
    return answer;
  }

  function post(url, values) {
    const body = values instanceof FormData ? values : new FormData();
    if (!(values instanceof FormData)) { Object.entries(values).forEach(([key, value]) => body.append(key, value)); }
    return fetch(url, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRFToken': token, 'X-Requested-With': 'fetch' } })
      .then(ours)
      .then(answer => { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .catch(() => ({ state: 'refused', message: texts.offline }));
  }

  function say(text, bad) {
    said.textContent = '';
    said.textContent = text;
    toast.querySelector('span').textContent = text;
    toast.classList.toggle('is-bad', Boolean(bad));
    toast.hidden = false;
    offerUndo(null);
  }

  /* Ten seconds to take a move back; the clock waits while the pointer or focus is on it. */
  function offerUndo(what) {
    undo = what;
    clearInterval(clock);
    const button = toast.querySelector('.button');
    button.hidden = !what;
    let left = UNDO;
    const show = () => { button.querySelector('b').textContent = what ? left : ''; };
    show();
    clock = setInterval(() => {
      if (toast.matches(':hover') || toast.contains(document.activeElement)) { return; }
      left -= 1;
      show();
      if (left <= 0) { clearInterval(clock); toast.hidden = true; undo = null; }
    }, 1000);
  }

  function takeBack() {
    if (!undo) { return; }
    const what = undo, body = {};
    body[what.move ? 'move' : 'proposal'] = what.move || what.proposal;
    offerUndo(null);
    post(what.url, body).then(answer => settle(answer, what.card));
  }

  /* -- columns -------------------------------------------------------------------------------- */

  function refresh(stage, show) {
    const column = columnOf(stage);
    if (!column) { return Promise.resolve(); }
    const list = column.querySelector('.cards'), top = list.scrollTop;
    const size = Math.min(MOST, Math.max(20, column.querySelectorAll('.project-card').length));
    const held = document.activeElement.closest && document.activeElement.closest('.project-card');
    const address = new URL(column.dataset.url, location);
    address.searchParams.set('size', size);
    return fetch(address, { credentials: 'same-origin' }).then(ours).then(answer => answer.ok ? answer.text() : null).then(html => {
      if (html === null || dragged) { return; }
      column.innerHTML = html;
      column.querySelector('.cards').scrollTop = top;
      const tab = document.querySelector(`.board-tabs [data-count="${stage}"]`);
      if (tab) { tab.textContent = column.querySelector('h2 .count').textContent; }
      watchMore(column);
      const again = held && cardOf(held.dataset.id);
      if (again && column.contains(again)) { focusable(again).focus({ preventScroll: true }); }
      if (show) { mark(show); }
    }).catch(() => {});
  }

  function mark(id) {
    const card = cardOf(id);
    if (!card) { return; }
    card.classList.add('is-new');
    card.scrollIntoView({ block: 'nearest' });
    focusable(card).focus({ preventScroll: true });
  }

  /* More cards when the end of a column comes into sight; the oldest pages leave again. */
  function loadMore(link) {
    if (link.dataset.busy) { return; }
    link.dataset.busy = '1';
    const list = link.closest('.cards'), item = link.closest('li');
    fetch(link.dataset.more, { credentials: 'same-origin' }).then(ours).then(answer => answer.ok ? answer.text() : '').then(html => {
      if (!item.isConnected || !html) { return; }
      item.insertAdjacentHTML('beforebegin', html);
      item.remove();
      const cards = list.querySelectorAll('.project-card');
      for (let i = 0; i < cards.length - MOST; i += 1) { cards[i].remove(); }
      if (cards.length > MOST && !list.querySelector('.newest')) { list.insertAdjacentHTML('afterbegin', '<li class="more-cards newest"><button type="button" class="button quiet"></button></li>'); list.querySelector('.newest button').textContent = texts.newest; }
      watchMore(list.closest('.column'));
    }).catch(() => { delete link.dataset.busy; });
  }

  const watcher = 'IntersectionObserver' in window && new IntersectionObserver(seen => {
    for (const each of seen) { if (each.isIntersecting) { watcher.unobserve(each.target); loadMore(each.target); } }
  }, { rootMargin: '300px' });

  function watchMore(column) {
    const link = column.querySelector('[data-more]');
    if (link && watcher) { watcher.observe(link); }
  }

  /* -- moving --------------------------------------------------------------------------------- */

  function move(card, stage) {
    const url = `/board/${card.dataset.id}/move/?to=${stage}`;
    const from = columnOf(card.dataset.stage), to = columnOf(stage);
    const how = movesOf(card).find(([target]) => target === stage);
    if (!how) { say(texts.none, true); return; }
    card.setAttribute('aria-busy', 'true');
    post(url, { version: card.dataset.version }).then(answer => {
      card.removeAttribute('aria-busy');
      if (answer.state === 'done' && from && to) { to.querySelector('.cards').prepend(card); }
      settle(answer, card.dataset.id);
    });
  }

  function settle(answer, id) {
    if (answer.state === 'asked') { ask(answer.html, id); return; }
    if (dialog.open) { dialog.close(); }
    say(answer.message, answer.state !== 'done');
    if (answer.undo && answer.undo.url) { offerUndo({ ...answer.undo, card: id }); }
    const card = id && cardOf(id);
    const touched = new Set([...(answer.stages || []), ...(card ? [card.dataset.stage] : [])]);
    const last = (answer.stages || []).at(-1);
    Promise.all([...touched].map(stage => refresh(stage, stage === last ? id : null))).then(() => {
      if (answer.state === 'done') { askStamps(true); }
    });
  }

  function ask(html, id) {
    dialog.innerHTML = html;
    if (!dialog.open) { dialog.showModal(); }
    const form = dialog.querySelector('form');
    const first = form.querySelector('.errors :is(input, select, textarea)') || form.querySelector('.ask-field :is(input, select, textarea)') || form.querySelector('button');
    first.focus();
    form.addEventListener('submit', event => {
      event.preventDefault();
      const values = new FormData(form, event.submitter);
      form.querySelectorAll('button').forEach(button => { button.disabled = true; });
      post(form.action, values).then(answer => settle(answer, id));
    });
    dialog.addEventListener('close', () => { const card = cardOf(id); if (card) { focusable(card).focus(); } }, { once: true });
  }

  dialog.addEventListener('click', event => {
    if (event.target === dialog || event.target.closest('[data-close]')) { dialog.close(); }
  });

  /* -- drag ----------------------------------------------------------------------------------- */

  board.addEventListener('dragstart', event => {
    const card = event.target.closest('.project-card[draggable]');
    if (!card) { return; }
    dragged = card;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', card.dataset.id);
    card.classList.add('is-dragged');
    const allowed = movesOf(card).map(([stage]) => stage);
    board.classList.add('is-dragging');
    for (const stage of allowed) { if (columnOf(stage)) { columnOf(stage).classList.add('may-drop'); } }
  });
  board.addEventListener('dragover', event => {
    const column = event.target.closest('.column.may-drop');
    board.querySelectorAll('.is-over').forEach(each => each !== column && each.classList.remove('is-over'));
    if (dragged && column) { event.preventDefault(); column.classList.add('is-over'); }
  });
  board.addEventListener('drop', event => {
    const column = event.target.closest('.column.may-drop');
    if (!dragged || !column) { return; }
    event.preventDefault();
    const card = dragged;
    endDrag();
    move(card, column.dataset.stage);
  });
  function endDrag() {
    if (dragged) { dragged.classList.remove('is-dragged'); }
    dragged = null;
    board.classList.remove('is-dragging');
    board.querySelectorAll('.may-drop, .is-over').forEach(each => each.classList.remove('may-drop', 'is-over'));
  }
  board.addEventListener('dragend', endDrag);

  /* -- menu ----------------------------------------------------------------------------------- */

  function openMenu(card) {
    const moves = movesOf(card);
    if (!moves.length) { say(texts.none, true); return; }
    menuCard = card;
    menu.replaceChildren(...moves.map(([stage, how]) => {
      const item = document.createElement('li'), button = document.createElement('button');
      const column = columnOf(stage);
      button.type = 'button';
      button.className = 'stage-' + stage;
      button.dataset.stage = stage;
      button.setAttribute('role', 'menuitem');
      button.append(column ? column.dataset.label : stage);
      if (how === 'propose') { const small = document.createElement('small'); small.textContent = texts.propose; button.append(small); }
      item.setAttribute('role', 'none');
      item.append(button);
      return item;
    }));
    menu.hidden = false;
    const box = (card.querySelector('.mover') || card).getBoundingClientRect();
    menu.style.left = Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8)) + 'px';
    menu.style.top = Math.max(8, Math.min(box.bottom + 4, innerHeight - menu.offsetHeight - 8)) + 'px';
    menu.querySelector('button').focus();
  }

  function closeMenu(refocus) {
    if (menu.hidden) { return; }
    menu.hidden = true;
    if (refocus && menuCard && menuCard.isConnected) { focusable(menuCard).focus(); }
  }

  menu.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button) { const card = menuCard; closeMenu(true); move(card, button.dataset.stage); }
  });
  menu.addEventListener('keydown', event => {
    const all = [...menu.querySelectorAll('button')], at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); all[(to + all.length) % all.length].focus(); }
    if (event.key === 'Escape' || event.key === 'Tab') { event.preventDefault(); closeMenu(true); }
  });

  document.addEventListener('click', event => {
    const mover = event.target.closest('.mover');
    if (mover) { event.preventDefault(); event.stopPropagation(); openMenu(mover.closest('.project-card')); return; }
    if (!menu.contains(event.target)) { closeMenu(false); }
    const more = event.target.closest('[data-more]');
    if (more) { event.preventDefault(); loadMore(more); }
    const newest = event.target.closest('.newest button');
    if (newest) { const column = newest.closest('.column'); column.querySelector('.cards').replaceChildren(); refresh(column.dataset.stage); }
  }, true);
  toast.querySelector('.button').addEventListener('click', takeBack);
  toast.querySelector('.icon-button').addEventListener('click', () => { toast.hidden = true; });

  /* -- keys ----------------------------------------------------------------------------------- */

  function neighbour(card, key) {
    const cards = [...card.parentElement.querySelectorAll('.project-card')], at = cards.indexOf(card);
    if (key === 'ArrowUp' || key === 'ArrowDown') { return cards[at + (key === 'ArrowDown' ? 1 : -1)]; }
    const step = key === 'ArrowRight' ? 1 : -1;
    for (let i = stages.indexOf(card.dataset.stage) + step; i >= 0 && i < stages.length; i += step) {
      const others = columnOf(stages[i]).querySelectorAll('.project-card');
      if (others.length) { return others[Math.min(at, others.length - 1)]; }
    }
    return null;
  }

  board.addEventListener('keydown', event => {
    const card = event.target.closest('.project-card');
    if (!card || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key.toLowerCase() === 'm') { event.preventDefault(); openMenu(card); return; }
    if (!event.key.startsWith('Arrow')) { return; }
    event.preventDefault();
    if (event.shiftKey && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
      const all = [...document.querySelectorAll('.board-tabs a')].map(tab => tab.hash.replace('#column-', ''));
      const target = all[all.indexOf(card.dataset.stage) + (event.key === 'ArrowRight' ? 1 : -1)];
      if (target) { move(card, target); }
      return;
    }
    const other = neighbour(card, event.key);
    if (other) { focusable(other).focus(); other.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }
  });
  document.addEventListener('keydown', event => {
    const typing = event.target.matches('input, select, textarea');
    if (event.key.toLowerCase() === 'z' && !typing && !event.ctrlKey && !event.metaKey && undo) { takeBack(); }
  });

  /* -- what others do ------------------------------------------------------------------------- */

  function askStamps(quietly) {
    return fetch(board.dataset.stamps, { credentials: 'same-origin' }).then(ours).then(answer => answer.ok ? answer.json() : null).then(now => {
      if (!now) { return; }
      const changed = stages.filter(stage => now[stage] !== stamps[stage]);
      stamps = now;
      if (quietly || !changed.length || dragged || dialog.open) { return; }
      Promise.all(changed.map(stage => refresh(stage))).then(() => { said.textContent = texts.fresh; });
    }).catch(() => {});
  }
  setInterval(() => { if (!document.hidden && !dragged && !dialog.open && menu.hidden) { askStamps(); } }, POLL);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { askStamps(); } });

  /* -- one column at a time on a phone -------------------------------------------------------- */

  const tabs = [...document.querySelectorAll('.board-tabs a')];
  const current = 'IntersectionObserver' in window && new IntersectionObserver(seen => {
    for (const each of seen) {
      if (!each.isIntersecting) { continue; }
      tabs.forEach(tab => {
        const on = tab.hash === '#' + each.target.id;
        tab.classList.toggle('current', on);
        if (on) { tab.setAttribute('aria-current', 'true'); tab.parentElement.scrollTo({ left: tab.offsetLeft - 60 }); } else { tab.removeAttribute('aria-current'); }
      });
    }
  }, { root: board, threshold: .6 });
  tabs.forEach(tab => tab.addEventListener('click', event => {
    event.preventDefault();
    board.scrollTo({ left: document.querySelector(tab.hash).offsetLeft - board.offsetLeft });
  }));
  board.querySelectorAll('.column').forEach(column => { watchMore(column); if (current) { current.observe(column); } });
}());
