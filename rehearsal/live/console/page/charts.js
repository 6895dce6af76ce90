// Charts on canvases: stacked areas, stacked bars and lines over the last five minutes, with the faults marked.

const SPAN = 300;
const PAD = { left: 47, right: 8, top: 20, bottom: 18 };

// The next round number: 1, 2, 5, 10, 20…
function round(n) {
  const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= n) ?? n;
}

let colours = {};
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = new Proxy({}, { get: (known, name) => (known[name] ??= style.getPropertyValue(`--${name}`).trim()) });
}

export class Chart {
  // `kind` is area, bars or lines; `series(second)` gives numbers by name; `paint` names the colour of each series.
  constructor(canvas, { kind, paint, log = false, unit = String, least = 10 }) {
    Object.assign(this, { canvas, kind, paint, log, unit, least, ceiling: least, cursor: null });
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.pen = this.canvas.getContext('2d');
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.last) this.draw(...this.last);
  }

  x(at) {
    return PAD.left + ((at - this.end + SPAN) / SPAN) * (this.width - PAD.left - PAD.right);
  }

  y(value) {
    const tall = this.height - PAD.top - PAD.bottom;
    const share = this.log ? Math.log10(Math.max(value, 1)) / Math.log10(this.ceiling) : value / this.ceiling;
    return PAD.top + tall * (1 - Math.min(share, 1));
  }

  // The second under a place of the pointer.
  at(x) {
    const share = (x - PAD.left) / (this.width - PAD.left - PAD.right);
    return share < 0 || share > 1 ? null : Math.round(this.end - SPAN + share * SPAN);
  }

  // `points` are [{at, values: {name: number}}], the oldest first; `marks` are [{at, kind, number}].
  draw(points, names, marks, end) {
    this.last = [points, names, marks, end];
    this.end = end;
    const shown = points.filter((point) => point.at > end - SPAN - 2);
    const top = (p) => (this.kind === 'lines' ? Math.max(...names.map((n) => p.values[n] ?? 0)) : names.reduce((s, n) => s + (p.values[n] ?? 0), 0));
    const most = shown.reduce((found, point) => Math.max(found, top(point)), 0);
    this.ceiling = this.log ? Math.max(100, 10 ** Math.ceil(Math.log10(Math.max(most, 1)))) : round(Math.max(most * 1.08, this.least));
    const { pen } = this;
    pen.clearRect(0, 0, this.width, this.height);
    pen.font = '11px system-ui, sans-serif';
    this.grid();
    pen.save();
    pen.beginPath();
    pen.rect(PAD.left, 0, this.width - PAD.left - PAD.right, this.height);
    pen.clip();
    if (this.kind === 'bars') this.bars(shown, names);
    else if (this.kind === 'area') this.area(shown, names);
    else this.lines(shown, names);
    this.marks(marks);
    if (this.cursor != null) this.line(this.cursor, colours.text, [2, 3]);
    pen.restore();
  }

  grid() {
    const { pen } = this;
    const ticks = this.log
      ? Array.from({ length: Math.log10(this.ceiling) + 1 }, (_, power) => 10 ** power)
      : [0, this.ceiling / 2, this.ceiling];
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const tick of ticks) {
      const y = Math.round(this.y(tick)) + 0.5;
      pen.strokeStyle = colours.grid;
      pen.beginPath();
      pen.moveTo(PAD.left, y);
      pen.lineTo(this.width - PAD.right, y);
      pen.stroke();
      pen.fillStyle = colours.muted;
      pen.fillText(this.unit(tick), PAD.left - 6, y);
    }
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    for (let at = Math.ceil((this.end - SPAN) / 60) * 60; at <= this.end; at += 60) {
      const x = this.x(at);
      if (x < PAD.left + 14 || x > this.width - 16) continue;
      const time = new Date(at * 1000);
      pen.fillText(`${time.getHours()}:${String(time.getMinutes()).padStart(2, '0')}`, x, this.height - 4);
    }
  }

  // Runs of seconds without a hole: where nobody asked, nothing is drawn.
  *runs(points) {
    let run = [];
    for (const point of points) {
      if (run.length && point.at - run.at(-1).at > 2) {
        yield run;
        run = [];
      }
      run.push(point);
    }
    if (run.length) yield run;
  }

  area(points, names) {
    const { pen } = this;
    for (const run of this.runs(points)) {
      const floor = run.map(() => 0);
      for (const name of names) {
        const roof = run.map((point, i) => floor[i] + (point.values[name] ?? 0));
        pen.fillStyle = colours[this.paint(name)];
        pen.beginPath();
        run.forEach((point, i) => pen.lineTo(this.x(point.at), this.y(roof[i])));
        for (let i = run.length - 1; i >= 0; i -= 1) pen.lineTo(this.x(run[i].at), this.y(floor[i]));
        pen.fill();
        roof.forEach((value, i) => (floor[i] = value));
      }
    }
  }

  bars(points, names) {
    const { pen } = this;
    const wide = Math.max((this.width - PAD.left - PAD.right) / SPAN, 1);
    for (const point of points) {
      let floor = 0;
      for (const name of names) {
        const value = point.values[name] ?? 0;
        if (!value) continue;
        const y = this.y(floor + value);
        pen.fillStyle = colours[this.paint(name)];
        pen.fillRect(this.x(point.at) - wide / 2, y, wide + 0.4, Math.max(this.y(floor) - y, 1.5));
        floor += value;
      }
    }
  }

  lines(points, names) {
    const { pen } = this;
    pen.lineJoin = 'round';
    for (const name of names) {
      pen.strokeStyle = colours[this.paint(name)];
      pen.lineWidth = 1.75;
      for (const run of this.runs(points.filter((point) => point.values[name] != null))) {
        pen.beginPath();
        run.forEach((point) => pen.lineTo(this.x(point.at), this.y(point.values[name])));
        pen.stroke();
      }
    }
    pen.lineWidth = 1;
  }

  line(at, colour, dash) {
    const { pen } = this;
    const x = Math.round(this.x(at)) + 0.5;
    pen.strokeStyle = colour;
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(x, PAD.top - 4);
    pen.lineTo(x, this.height - PAD.bottom);
    pen.stroke();
    pen.setLineDash([]);
    return x;
  }

  marks(marks) {
    const { pen } = this;
    const taken = [];
    const order = { fault: 0, heal: 1, dns: 1 }; // a fault's flag goes before the others', which give way
    for (const mark of [...marks].sort((one, two) => order[one.kind] - order[two.kind] || one.at - two.at)) {
      if (mark.at < this.end - SPAN) continue;
      const colour = colours[{ fault: 'bad', heal: 'good', dns: 'info' }[mark.kind]];
      const x = this.line(mark.at, colour, mark.kind === 'dns' ? [3, 3] : []);
      if (taken.some((other) => Math.abs(other - x) < 15)) continue;
      taken.push(x);
      pen.fillStyle = colour;
      pen.beginPath();
      pen.roundRect(x - 7.5, 1, 15, 14, 4);
      pen.fill();
      pen.fillStyle = colours.flag;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.font = '600 10px system-ui, sans-serif';
      pen.fillText({ fault: mark.number, heal: '✓', dns: '⇄' }[mark.kind], x, 8.5);
    }
  }
}
