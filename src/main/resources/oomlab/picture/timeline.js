'use strict';
// Draws the timeline in the element "data" and lets people zoom and point. No library, no request.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const svg = document.getElementById('chart');
  const say = document.getElementById('say');
  const NAMES = 150, ROW = 18, MEMORY = 80, CGROUP = 34, HEAD = 28, RIGHT = 10;
  let linear = false, left = 0, right = 1, width = 900;
  const from = data.from, to = data.to, at = data.moments;

  const below = (array, value) => { // How many are less.
    let low = 0, high = array.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (array[middle] < value) low = middle + 1; else high = middle;
    }
    return low;
  };
  const share = ns => {
    if (ns <= from) return 0;
    if (ns >= to) return 1;
    const time = (ns - from) / (to - from);
    if (linear || !at.length) return time;
    const before = below(at, ns);
    const earlier = before ? at[before - 1] : from;
    const later = before < at.length ? at[before] : to;
    return (time + (before + (ns - earlier) / (later - earlier)) / (at.length + 1)) / 2;
  };
  const timeAt = s => {
    let low = from, high = to;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (share(middle) >= s) high = middle; else low = middle + 1;
    }
    return low;
  };
  const room = () => width - NAMES - RIGHT;
  const x = ns => NAMES + (share(ns) - left) / (right - left) * room();
  const nsAt = px => timeAt(left + (px - NAMES) / room() * (right - left));
  const decimal = (n, digits) => {
    const text = String(n).padStart(digits + 1, '0');
    return (text.slice(0, -digits) + '.' + text.slice(-digits)).replace(/\.?0+$/, '');
  };
  const span = ns => {
    const n = Math.abs(ns), sign = ns < 0 ? '-' : '+';
    return sign + (n >= 1e9 ? decimal(n, 9) + 's' : n >= 1e6 ? decimal(n, 6) + 'ms'
      : n >= 1e3 ? decimal(n, 3) + 'us' : n === 0 ? '0s' : n + 'ns');
  };
  const rough = ns => {
    const n = Math.abs(ns), unit = n >= 1e9 ? 1e6 : n >= 1e6 ? 1e3 : 1;
    return span(Math.trunc(ns / unit) * unit);
  };
  const bytes = pages => {
    let n = pages * 4096, i = 0;
    while (n >= 1024 && i < 4) { n /= 1024; i++; }
    return n.toPrecision(n >= 1000 ? 4 : 3) + ['B', 'KiB', 'MiB', 'GiB', 'TiB'][i];
  };
  const make = (name, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    svg.appendChild(element);
    return element;
  };
  const clip = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
  let rows = [];

  const level = (steps, endNs, y, height, portion) => {
    let path = '', last = null;
    const first = Math.max(0, below(steps, nsAt(NAMES) + 1) - 1);
    const end = Math.min(endNs, nsAt(width - RIGHT));
    const edge = Math.min(width - RIGHT, x(endNs));
    for (let i = first; i < steps.length && steps[i] <= end; i++) {
      const px = Math.max(NAMES, x(steps[i]));
      const py = y + height * (1 - Math.max(0, Math.min(1, portion(i))));
      path += last === null ? `M${px.toFixed(1)} ${y + height}V${py.toFixed(1)}` : `H${px.toFixed(1)}V${py.toFixed(1)}`;
      last = py;
    }
    if (last !== null) make('path', { class: 'level', d: path + `H${edge}V${y + height}Z` });
  };

  const draw = () => {
    svg.textContent = '';
    rows = [];
    width = Math.max(320, svg.clientWidth || 900);
    let y = 0;
    data.recordings.forEach(r => {
      make('text', { x: 4, y: y + 18 }, r.name + ': ' + r.end);
      y += HEAD;
      const bands = [0, r.min, r.low, r.high, Math.max(r.high + 1, ...sample(r.freePages))];
      const portion = pages => {
        let i = 0;
        while (i < 3 && pages >= bands[i + 1]) i++;
        return (i + Math.min(1, (pages - bands[i]) / Math.max(1, bands[i + 1] - bands[i]))) / 4;
      };
      const height = MEMORY - 16;
      level(r.freeNs, r.endNs, y + 6, height, i => portion(r.freePages[i]));
      ['free memory  0', 'min ', 'low ', 'high ', ''].forEach((name, i) => {
        const py = y + 6 + height * (1 - i / 4);
        make('line', { class: 'grid', x1: NAMES, x2: width - RIGHT, y1: py, y2: py });
        make('text', { class: 'faint', x: NAMES - 6, y: py + 4, 'text-anchor': 'end' }, i ? name + bytes(bands[i]) : name);
      });
      rows.push({ top: y, bottom: y + MEMORY, r, free: true });
      y += MEMORY;
      r.cgroups.forEach(c => {
        make('text', { x: 4, y: y + CGROUP / 2 + 4 }, clip(c.name + ' of ' + bytes(c.limit), 22));
        level(c.ns, r.endNs, y + 4, CGROUP - 8, i => c.pages[i] / c.limit);
        rows.push({ top: y, bottom: y + CGROUP, r, c });
        y += CGROUP;
      });
      const top = y;
      r.lanes.forEach((lane, number) => {
        make('text', { x: 4, y: y + 13 }, clip(lane.name, 22));
        const begin = nsAt(NAMES), end = nsAt(width - RIGHT);
        let last = -1;
        for (let i = Math.max(0, below(lane.ns, begin + 1) - 1); i < lane.ns.length && lane.ns[i] <= end; i++) {
          const state = data.states[lane.states[i]];
          const x1 = Math.max(NAMES, x(lane.ns[i]));
          const x2 = Math.min(width - RIGHT, x(i + 1 < lane.ns.length ? lane.ns[i + 1] : r.endNs));
          if (state.nothing || x2 - last < 0.5) continue;
          last = x2;
          const inset = lane.lock ? 5 : 2;
          make('rect', { x: x1, y: y + inset, width: Math.max(0.5, x2 - x1), height: ROW - 2 * inset, fill: state.color });
          if (!lane.lock && x2 - x1 > state.label.length * 6.6 + 18) make('text', { class: state.dark ? 'light' : 'on', x: x1 + 9, y: y + 13 }, state.label);
        }
        rows.push({ top: y, bottom: y + ROW, r, lane, number });
        y += ROW;
      });
      r.marks.slice().sort((a, b) => b[2] - a[2]).forEach(mark => {
        const px = x(mark[0]), moment = data.kinds[mark[2]];
        if (px < NAMES - 1 || px > width - RIGHT + 1) return;
        if (mark[1] < 0) make('line', { x1: px, x2: px, y1: top, y2: y, stroke: moment.color });
        if (moment.sign === '|') return;
        const py = top + Math.max(0, mark[1]) * ROW + ROW / 2;
        make('circle', { cx: px, cy: py, r: 7, fill: moment.color });
        make('text', { class: 'sign', x: px, y: py + 3.5 }, moment.sign);
      });
      y += 12;
    });
    if (data.parting !== null) {
      const px = x(data.parting);
      if (px >= NAMES && px <= width - RIGHT) make('line', { class: 'part', x1: px, x2: px, y1: HEAD, y2: y });
    }
    const parts = Math.max(2, Math.floor(room() / 110));
    for (let i = 0; i <= parts; i++) {
      const px = NAMES + i * room() / parts;
      make('line', { class: 'grid', x1: px, x2: px, y1: y, y2: y + 5 });
      make('text', { x: px, y: y + 18, 'text-anchor': i === parts ? 'end' : i ? 'middle' : 'start' }, rough(nsAt(px) - data.zero));
    }
    y += 26;
    svg.setAttribute('viewBox', `0 0 ${width} ${y}`);
    svg.setAttribute('height', y);
    make('line', { id: 'hair', class: 'grid', x1: -9, x2: -9, y1: 0, y2: y - 20 });
  };
  const sample = array => {
    let most = 0;
    for (const each of array) if (each > most) most = each;
    return [most];
  };

  const point = event => {
    const box = svg.getBoundingClientRect();
    return { px: (event.clientX - box.left) * width / box.width, py: (event.clientY - box.top) * width / box.width };
  };
  const tell = event => {
    const { px, py } = point(event);
    if (px < NAMES || px > width - RIGHT) return;
    const hair = document.getElementById('hair');
    hair.setAttribute('x1', px);
    hair.setAttribute('x2', px);
    const ns = nsAt(px);
    const row = rows.find(each => py >= each.top && py < each.bottom);
    let text = span(ns - data.zero);
    if (row) {
      const r = row.r;
      text += data.recordings.length > 1 ? '  ' + r.name : '';
      const free = r.freePages[Math.max(0, below(r.freeNs, ns + 1) - 1)];
      if (row.free) text += '  free memory ' + bytes(free);
      if (row.c) text += '  ' + row.c.name + ' ' + bytes(row.c.pages[Math.max(0, below(row.c.ns, ns + 1) - 1)]);
      if (row.lane) {
        const i = Math.max(0, below(row.lane.ns, ns + 1) - 1);
        const holder = row.lane.holders[i];
        text += ns >= r.endNs ? '  after the end' : '  ' + row.lane.name + ': ' + data.states[row.lane.states[i]].label + (holder ? ' by ' + holder : '');
      }
      const near = r.marks.filter(mark => Math.abs(x(mark[0]) - px) <= 8 && (!row.lane || mark[1] < 0 || mark[1] === row.number));
      near.slice(0, 4).forEach(mark => { text += '\n' + span(mark[0] - data.zero) + ', ' + mark[3]; });
      if (near.length > 4) text += '\nand ' + (near.length - 4) + ' more';
    }
    say.textContent = text;
  };
  const zoom = (factor, middle) => {
    const size = Math.min(1, Math.max(1e-9, (right - left) * factor));
    const place = (middle - left) / (right - left);
    left = Math.max(0, Math.min(1 - size, middle - place * size));
    right = left + size;
    draw();
  };
  let grabbed = null;
  svg.addEventListener('wheel', event => {
    event.preventDefault();
    const { px } = point(event);
    zoom(event.deltaY > 0 ? 1.25 : 0.8, left + Math.max(0, (px - NAMES) / room()) * (right - left));
    tell(event);
  }, { passive: false });
  svg.addEventListener('pointerdown', event => { grabbed = { px: point(event).px, left, right }; svg.setPointerCapture(event.pointerId); });
  svg.addEventListener('pointerup', () => { grabbed = null; });
  svg.addEventListener('pointermove', event => {
    if (grabbed) {
      const size = grabbed.right - grabbed.left;
      left = Math.max(0, Math.min(1 - size, grabbed.left - (point(event).px - grabbed.px) / room() * size));
      right = left + size;
      draw();
    }
    tell(event);
  });
  svg.addEventListener('dblclick', () => { left = 0; right = 1; draw(); });
  const on = (id, action) => document.getElementById(id).addEventListener('click', action);
  on('in', () => zoom(0.5, (left + right) / 2));
  on('out', () => zoom(2, (left + right) / 2));
  on('all', () => { left = 0; right = 1; draw(); });
  on('linear', event => { linear = !linear; left = 0; right = 1; event.target.textContent = linear ? 'stretch' : 'even time'; draw(); });
  window.addEventListener('resize', draw);
  draw();
  window.oomlab = { draw, view: () => [left, right] };
})();
