/** All that the pages add where scripts run: copying code, and answers while somebody types. Nothing depends on it. */
export const pageScript = `'use strict';
(() => {
  const said = document.documentElement.dataset;
  for (const pre of document.querySelectorAll('.text pre')) {
    const box = document.createElement('div');
    const button = document.createElement('button');
    box.className = 'box';
    button.className = 'copy';
    button.type = 'button';
    button.textContent = said.copy;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(pre.textContent.replace(/\\n$/, ''));
      button.textContent = said.copied;
      setTimeout(() => { button.textContent = said.copy; }, 2000);
    });
    pre.replaceWith(box);
    box.append(pre, button);
  }
  for (const form of document.querySelectorAll('form.contact')) {
    const hanging = [...form.querySelectorAll('.hanging')];
    const button = form.querySelector('button');
    const look = () => {
      for (const box of hanging) {
        const on = form.elements[box.dataset.on];
        const asked = on && !on.disabled && JSON.parse(box.dataset.is).includes(on.value);
        const control = box.querySelector('input,select,textarea');
        box.hidden = control.disabled = !asked;
        control.required = asked && 'required' in box.dataset;
      }
    };
    for (const note of form.querySelectorAll('.only')) note.hidden = true;
    form.addEventListener('input', look);
    form.addEventListener('submit', () => setTimeout(() => { button.disabled = true; }));
    addEventListener('pageshow', () => { button.disabled = false; look(); });
    look();
  }
  for (const form of document.querySelectorAll('form.seek')) {
    const input = form.querySelector('input[name=q]');
    const list = document.createElement('ul');
    let timer, asked = 0;
    list.className = 'hits';
    list.hidden = true;
    form.parentElement.append(list);
    const show = (items) => {
      list.replaceChildren(...items.map((item) => {
        const line = document.createElement('li');
        const link = document.createElement('a');
        link.href = item.url;
        link.append(item.title);
        if (item.category) {
          const small = document.createElement('small');
          small.append(item.category);
          link.append(small);
        }
        line.append(link);
        return line;
      }));
      list.hidden = items.length === 0;
    };
    const ask = async () => {
      const mine = ++asked;
      const q = input.value.trim();
      if (q.length < 1) return show([]);
      try {
        const answer = await fetch(form.action + '.json?q=' + encodeURIComponent(q));
        const { items } = await answer.json();
        if (mine === asked) show(items);
      } catch {
        show([]);
      }
    };
    input.addEventListener('input', (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, 120);
    });
    input.addEventListener('compositionend', () => { timer = setTimeout(ask, 60); });
    form.parentElement.addEventListener('keydown', (event) => {
      const links = [...list.querySelectorAll('a')];
      const at = links.indexOf(document.activeElement);
      if (event.key === 'Escape') { asked++; show([]); input.focus(); }
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' || list.hidden) return;
      event.preventDefault();
      const next = at + (event.key === 'ArrowDown' ? 1 : -1);
      (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
    });
    form.parentElement.addEventListener('focusout', (event) => {
      if (!form.parentElement.contains(event.relatedTarget)) { asked++; show([]); }
    });
  }
})();
`
