// What the tasks of a page's main thread take, as the browser's own trace has it.

/**
 * Gives a function that says the most processor time, in milliseconds, that one task of the page's main thread takes meanwhile,
 * and what of it took that long. By the clock a task takes longer where training has every core; this is what the page itself
 * does. What a script asks of the page comes from the developer tools' session, and is left out.
 * @param {import('playwright-core').Browser} browser @param {string[]} [categories] of the trace
 */
export async function tasks(browser, categories = ['toplevel']) {
  const tracer = await browser.newBrowserCDPSession();
  return async (/** @type {() => Promise<void>} */ meanwhile) => {
    const events = [];
    const collect = ({ value }) => events.push(...value.filter(({ name, ph }) => ph === 'X' || name === 'thread_name'));
    tracer.on('Tracing.dataCollected', collect);
    await tracer.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: categories, recordMode: 'recordAsMuchAsPossible' } });
    await meanwhile();
    const complete = new Promise((resolve) => { tracer.once('Tracing.tracingComplete', resolve); });
    await tracer.send('Tracing.end');
    await complete;
    tracer.off('Tracing.dataCollected', collect);
    return longest(events);
  };
}

/** The longest task among a trace's events, and what was within. */
function longest(events) {
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const own = events.filter((event) => event.ph === 'X' && mains.has(thread(event)));
  const asked = own.filter(({ args }) => args?.chrome_mojo_event_info?.mojo_interface_tag === 'blink.mojom.DevToolsSession');
  const isWithin = (task, { pid, ts }) => pid === task.pid && ts >= task.ts && ts < task.ts + task.dur;
  const all = own.filter(({ name, tdur }) => name.includes('RunTask') && tdur > 0).sort((a, b) => b.tdur - a.tdur);
  const task = all.find((one) => !asked.some((event) => isWithin(one, event)));
  if (!task) return { ms: 0, what: '' };
  const parts = own.filter((event) => event !== task && event.tid === task.tid && isWithin(task, event) && event.tdur > task.tdur / 2);
  const named = parts.map(({ name, args }) => [name, args?.data?.functionName, args?.data?.type].filter(Boolean).join(' '));
  return { ms: Math.round(task.tdur / 1000), what: [...new Set(named)].join(' > ') };
}
