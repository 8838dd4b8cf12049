// Fetching a file so that every way to fail has a name. For workers too.

/** @import { Code, Problem } from '../core.d.ts' */

/** Seconds without a byte after which a file has stopped arriving. */
const PATIENCE = 30;

/** @param {Code} code @param {Problem['params']} params @returns {Problem} */
export const problem = (code, params) => ({ code, field: null, params });

/**
 * The bytes of a file. Throws a `Problem` that names it.
 * @param {URL} url
 * @param {string} file as a person should read it
 * @param {{ again?: boolean, until?: AbortSignal, hear?: (bytes: number) => void }} [options] `again` goes past everything
 *   that was kept of it; `until` gives it up; `hear` is told of bytes as they come
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function fetchBytes(url, file, { again = false, until, hear = () => {} } = {}) {
  const giveUp = new AbortController();
  let stalled = false;
  const stall = () => {
    stalled = true;
    giveUp.abort();
  };
  let timer = setTimeout(stall, PATIENCE * 1000);
  until?.addEventListener('abort', () => giveUp.abort());
  try {
    const answer = await fetch(url, { signal: giveUp.signal, cache: again ? 'reload' : 'default' });
    if (!answer.ok) throw problem('bad-status', { file, status: String(answer.status) });
    if (answer.headers.get('content-type')?.startsWith('text/html')) throw problem('web-page', { file });
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    let length = 0;
    for (const reader = answer.body?.getReader(); reader;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(stall, PATIENCE * 1000);
      parts.push(value);
      length += value.length;
      hear(value.length);
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  } catch (thrown) {
    if (stalled) throw problem('stalled', { file, seconds: String(PATIENCE) });
    throw thrown instanceof Error ? problem('unreachable', { file }) : thrown;
  } finally {
    clearTimeout(timer);
  }
}

/** What a file of JSON says. Throws a `Problem` that names it. @param {URL} url @param {string} file @param {Parameters<typeof fetchBytes>[2]} [options] */
export async function fetchJson(url, file, options) {
  const bytes = await fetchBytes(url, file, options);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw problem('web-page', { file });
  }
}
