// Our own operations beside the same in burn's: milliseconds a run, forward and backward.
const q = new URLSearchParams(location.search);
const device = q.get('device'), seconds = +(q.get('target') ?? 2), only = q.get('only') ?? '';

async function bench() {
  const { default: load, Kernels } = await import(`/static/playground/${device}/${device}.js`);
  await load();
  const kernels = await Kernels.open(device), lines = [];
  for (const [index, name] of kernels.names().entries()) {
    if (!name.includes(only)) continue;
    kernels.choose(index);
    const line = { device, name };
    for (const ours of [true, false]) {
      await kernels.repeat(ours, 1);
      const timed = async (times) => {
        const before = performance.now();
        await kernels.repeat(ours, times);
        return performance.now() - before;
      };
      const once = await timed(1);
      const times = Math.max(1, Math.min(1000, Math.round((1000 * seconds) / once / 3)));
      const blocks = [await timed(times), await timed(times), await timed(times)];
      line[ours ? 'ours' : 'reference'] = blocks.sort((a, b) => a - b)[1] / times;
    }
    lines.push(line);
    console.log(JSON.stringify(line));
  }
  return lines;
}
bench().then((lines) => { globalThis.__result = { lines }; }, (e) => { globalThis.__result = { error: String(e?.message ?? e) }; });
