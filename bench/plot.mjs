// Line plots as SVG text, side by side: for figures that the documents show.

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, GAP] = [300, 200, 52, 46, 44, 24];
const LOOKS = [['#0072b2', ''], ['#d55e00', '6 4']];

/** A round number of this size for a scale to end at. @param {number} value */
function end(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((part) => part * power).find((round) => round >= value) ?? value;
}

const text = (x, y, words, anchor = 'start', more = '') => `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${words}</text>`;
const short = (value) => value.toLocaleString('en', { maximumFractionDigits: 1 });

/**
 * @typedef {{ name: string, points: [number, number][] }} Line
 * @param {string} title @param {{ title: string, lines: Line[] }[]} plots @param {string} along what the horizontal axis is
 * @returns {string} the picture; every scale begins at zero
 */
export function plot(title, plots, along) {
  const each = LEFT + WIDTH + GAP;
  const [whole, high] = [each * plots.length, TOP + HEIGHT + BOTTOM];
  const drawn = plots.map(({ title: unit, lines }, index) => {
    const left = index * each + LEFT;
    const right = Math.max(...lines.flatMap(({ points }) => points.map(([x]) => x)));
    const top = end(Math.max(...lines.flatMap(({ points }) => points.map(([, y]) => y))));
    const place = ([x, y]) => `${(left + (WIDTH * x) / right).toFixed(1)},${(TOP + HEIGHT * (1 - y / top)).toFixed(1)}`;
    const grid = [0, 0.5, 1].map((share) => {
      const y = TOP + HEIGHT * (1 - share);
      return `<path d="M${left} ${y}h${WIDTH}" stroke="#ccc"/>${text(left - 6, y + 4, short(top * share), 'end')}`;
    });
    const curves = lines.map(({ points }, at) => `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${LOOKS[at][0]}" stroke-width="2" stroke-dasharray="${LOOKS[at][1]}"/>`);
    const key = lines.map(({ name }, at) => text(left + at * 130, TOP - 10, `${at === 0 ? '—' : '- -'} ${name}`, 'start', ` fill="${LOOKS[at][0]}"`));
    return [...grid, ...curves, ...key, text(left - 6, TOP - 10, unit, 'end'), text(left, TOP + HEIGHT + 18, '0'), text(left + WIDTH, TOP + HEIGHT + 18, `${short(right)} ${along}`, 'end')].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${high}" width="${whole}" height="${high}" font-family="system-ui, sans-serif" font-size="12" role="img">
<title>${title}</title>
<rect width="${whole}" height="${high}" fill="white"/>
${drawn.join('\n')}
</svg>
`;
}
