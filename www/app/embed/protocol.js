// The shapes of what a page around this one may say, checked before anything is done with it.

/** @import { Command, Fault } from '../../embed.d.ts' */

export const PROTOCOL = 1;

/** Far more than any page needs. */
const MOST_CHOICES = 100;
const MOST_NUMBERS = 16;
const LONGEST_NAME = 64;
/** The core refuses longer links, and says so. */
const LONGEST_TEXT = 10_000;

/** The longest text that any course system keeps, in letters; the core says what it takes for one. */
const LONGEST_KEPT = 64_000;

/** What should have stood where. @typedef {{ path: string, expected: string }} Wrong */
/** @typedef {Record<string, unknown>} Dictionary */

const COMMANDS = ['run', 'pause', 'reset', 'get', 'set', 'keep', 'restore'];

/** @param {unknown} value @returns {value is Dictionary} */
const isDictionary = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {unknown} value @param {number} most @returns {value is string} */
const isText = (value, most) => typeof value === 'string' && value.length <= most;

/** @param {unknown} id @returns {id is number | string} */
const isId = (id) => Number.isFinite(id) || isText(id, LONGEST_NAME);

/**
 * Reads a message of the port: a command, or what is wrong with it.
 * @param {unknown} data
 * @returns {{ command: Command, wrong?: undefined } | { command?: undefined, wrong: Omit<Fault, 'type'> }}
 */
export function readCommand(data) {
  if (!isDictionary(data)) return fault(undefined, { path: '', expected: 'object' });
  const { id, type, link, choices, most, text } = data;
  if (id !== undefined && !isId(id)) return fault(undefined, { path: 'id', expected: `number or string of at most ${LONGEST_NAME} letters` });
  if (!isText(type, LONGEST_NAME) || !COMMANDS.includes(type)) return fault(id, { path: 'type', expected: COMMANDS.join(', ') });
  if (type === 'set') {
    const wrong = wrongSet(link, choices);
    if (wrong) return fault(id, wrong);
  }
  if (type === 'keep' && !(Number.isInteger(most) && Number(most) > 0 && Number(most) <= LONGEST_KEPT)) return fault(id, { path: 'most', expected: `whole number from 1 to ${LONGEST_KEPT}` });
  if (type === 'restore' && !isText(text, LONGEST_KEPT)) return fault(id, { path: 'text', expected: `string of at most ${LONGEST_KEPT} letters` });
  const more = type === 'set' ? { link, choices } : type === 'keep' ? { most } : type === 'restore' ? { text } : {};
  // Nothing else is taken along.
  return { command: /** @type {Command} */ ({ type, ...(id === undefined ? {} : { id }), ...more }) };
}

/** @param {number | string | undefined} id @param {Wrong} wrong */
function fault(id, wrong) {
  return { wrong: { code: /** @type {const} */ ('shape'), ...wrong, ...(id === undefined ? {} : { id }) } };
}

/** @param {unknown} link @param {unknown} choices @returns {Wrong | undefined} */
function wrongSet(link, choices) {
  if ((link === undefined) === (choices === undefined)) return { path: '', expected: 'either link or choices' };
  if (link !== undefined) return isText(link, LONGEST_TEXT) ? undefined : { path: 'link', expected: `string of at most ${LONGEST_TEXT} letters` };
  if (!isDictionary(choices)) return { path: 'choices', expected: 'object' };
  const entries = Object.entries(choices);
  if (entries.length > MOST_CHOICES) return { path: 'choices', expected: `at most ${MOST_CHOICES} entries` };
  const wrong = entries.find(([, value]) => !isValue(value));
  return wrong && { path: `choices.${wrong[0].slice(0, LONGEST_NAME)}`, expected: 'boolean, number, array of numbers, or string' };
}

/** @param {unknown} value */
function isValue(value) {
  if (Array.isArray(value)) return value.length <= MOST_NUMBERS && value.every((one) => Number.isFinite(one));
  return typeof value === 'boolean' || Number.isFinite(value) || isText(value, LONGEST_NAME);
}

/**
 * Reads a message of the window. Nothing if it is not about the playground: others speak there too.
 * @param {unknown} data @param {readonly MessagePort[]} ports
 * @returns {{ port?: MessagePort, wrong?: Omit<Fault, 'type'> } | undefined}
 */
export function readConnect(data, ports) {
  if (!isDictionary(data) || !('playground' in data)) return undefined;
  const [port] = ports;
  if (data.playground !== PROTOCOL) return { port, wrong: { code: 'version', path: 'playground', expected: String(PROTOCOL) } };
  if (data.type !== 'connect') return { wrong: { code: 'shape', path: 'type', expected: 'connect' } };
  if (!port || ports.length > 1) return { wrong: { code: 'shape', path: 'ports', expected: 'one port' } };
  return { port };
}
