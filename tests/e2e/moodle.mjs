// A player that takes what Moodle's takes, and nothing else. Its rules are what `mod/scorm/datamodels` of Moodle's public source
// says, written anew as data: which elements there are, what may be said of each, and what becomes of it at the end. It keeps a
// list of every call, so that a test sees what was refused. `docs/embedding.md` has the same rules for people.

/** A number: digits before the point, digits behind it, and its least and most. */
const number = (before, behind, range) => ({ before, behind, range });

/**
 * What may be said of each element; `loose` where a site does not keep to the letter of SCORM 1.2. In the order of the document.
 * An `n` stands for the number of one in a list, which begins at 0 and leaves none out.
 * @type {{ [kind: string]: { [element: string]: { words?: string[], most?: number, loose?: number, pattern?: string, before?: [number, number], behind?: number, range?: [number, number], readOnly?: boolean, writeOnly?: boolean, first?: string } } }}
 */
export const RULES = {
  'scorm-1.2': {
    'cmi.core.lesson_status': { words: ['passed', 'completed', 'failed', 'incomplete', 'browsed'], first: 'not attempted' },
    'cmi.core.score.raw': number([0, 3], 99, [0, 100]),
    'cmi.core.score.min': number([0, 3], 99, [0, 100]),
    'cmi.core.score.max': number([0, 3], 99, [0, 100]),
    'cmi.suspend_data': { most: 4_096, loose: 64_000 },
    'cmi.core.lesson_mode': { readOnly: true, first: 'normal' },
    'cmi.interactions.n.id': { pattern: '^[\\u0021-\\u007E]{0,255}$', writeOnly: true },
    'cmi.interactions.n.type': { words: ['true-false', 'choice', 'fill-in', 'matching', 'performance', 'sequencing', 'likert', 'numeric'], writeOnly: true },
    'cmi.interactions.n.student_response': { pattern: '^.{0,255}$', writeOnly: true },
    'cmi.core.exit': { words: ['time-out', 'suspend', 'logout', ''], writeOnly: true },
  },
  'scorm-2004': {
    'cmi.completion_status': { words: ['completed', 'incomplete', 'not attempted', 'unknown'], first: 'unknown' },
    'cmi.success_status': { words: ['passed', 'failed', 'unknown'], first: 'unknown' },
    'cmi.score.raw': number([1, 5], 18),
    'cmi.score.min': number([1, 5], 18),
    'cmi.score.max': number([1, 5], 18),
    'cmi.score.scaled': number([1, 5], 18, [-1, 1]),
    'cmi.progress_measure': number([1, 5], 18, [0, 1]),
    'cmi.suspend_data': { most: 64_000 },
    'cmi.mode': { readOnly: true, first: 'normal' },
    'cmi.interactions.n.id': { pattern: '^\\S{1,4000}$' },
    'cmi.interactions.n.type': { words: ['true-false', 'choice', 'fill-in', 'long-fill-in', 'matching', 'performance', 'sequencing', 'likert', 'numeric', 'other'] },
    'cmi.interactions.n.learner_response': { pattern: '^[\\u0000-\\uFFFF]{0,4000}$' },
    'cmi.exit': { words: ['time-out', 'suspend', 'logout', 'normal', ''], writeOnly: true },
  },
};

/** Where a version has its calls, and the numbers of its refusals. */
const SAYS = {
  'scorm-1.2': { api: 'API', prefix: 'LMS', end: 'Finish', status: 'cmi.core.lesson_status', unknown: '201', early: '301', late: '301', unread: '404', fixed: '403', format: '405', range: '405' },
  'scorm-2004': { api: 'API_1484_11', prefix: '', end: 'Terminate', status: 'cmi.completion_status', unknown: '401', early: '132', late: '133', unread: '405', fixed: '404', format: '406', range: '407' },
};

/**
 * The script of the page around a package.
 * @param {'scorm-1.2' | 'scorm-2004'} kind
 * @param {{ kept?: {[name: string]: string}, standard?: boolean, mastery?: string }} [site] what it has of the student; whether it keeps to
 *   the letter of SCORM 1.2; the mastery score that somebody wrote into the manifest
 */
export const moodle = (kind, { kept = {}, standard = true, mastery = '' } = {}) => `(${player})(${JSON.stringify({ rules: RULES[kind], says: SAYS[kind], kept, standard, mastery })});`;

/** Runs in the page, where nothing else of this file is. */
function player({ rules, says, kept, standard, mastery }) {
  const values = { ...Object.fromEntries(Object.entries(rules).filter(([name]) => !name.includes('.n.')).map(([name, { first = '' }]) => [name, first])), ...kept };
  const stored = {};
  /** Every call: its name, what it was about, what it said, and the number of its refusal. @type {[string, string, string, string][]} */
  const calls = [];
  let state = 'before';
  let code = '0';
  const answer = (call, about, value, failed, found) => {
    code = failed;
    calls.push([call, about, value, failed]);
    return found;
  };
  /** The rule for an element; of a list only for one that is there or comes next. */
  const ruleOf = (name) => {
    const [, number] = name.match(/^cmi\.interactions\.(\d+)\./) ?? [];
    const next = new Set(Object.keys(values).map((one) => one.match(/^cmi\.interactions\.(\d+)\./)?.[1]).filter(Boolean)).size;
    return number !== undefined && Number(number) > next ? undefined : rules[name.replace(/\.\d+\./, '.n.')];
  };
  const fits = ({ words, most, loose, pattern, before, behind }, text) => {
    if (pattern) return new RegExp(pattern).test(text);
    if (words) return words.includes(text);
    if (most !== undefined) return text.length <= (standard ? most : loose ?? most);
    const [whole, rest = '', more] = text.replace('-', '').split('.');
    const digits = (part, least, limit) => part.length >= least && part.length <= limit && [...part].every((sign) => sign >= '0' && sign <= '9');
    return more === undefined && digits(whole, ...before) && digits(rest, 0, behind);
  };
  /** What the server answers. */
  const store = () => {
    if (window.server === 'away') return false;
    Object.assign(stored, values);
    return true;
  };
  const whenOpen = () => (state === 'open' ? '0' : state === 'ended' ? says.late : says.early);
  const api = {
    Initialize(param) {
      const failed = param === '' && state === 'before' ? '0' : '101';
      if (failed === '0') state = 'open';
      return answer('Initialize', '', param, failed, String(failed === '0'));
    },
    GetValue(name) {
      const rule = ruleOf(name);
      const failed = whenOpen() !== '0' ? whenOpen() : !rule ? says.unknown : rule.writeOnly ? says.unread : '0';
      return answer('GetValue', name, '', failed, failed === '0' ? values[name] : '');
    },
    SetValue(name, value) {
      const rule = ruleOf(name);
      const [least, most] = rule?.range ?? [-Infinity, Infinity];
      const failed = whenOpen() !== '0' ? whenOpen() : !rule ? says.unknown : rule.readOnly ? says.fixed : !fits(rule, String(value)) ? says.format : rule.range && !(Number(value) >= least && Number(value) <= most) ? says.range : '0';
      // What has a range is kept as a number, and comes back as one.
      if (failed === '0') values[name] = rule.range ? Number(value) : String(value);
      return answer('SetValue', name, String(value), failed, String(failed === '0'));
    },
    Commit(param) {
      const failed = whenOpen() !== '0' ? whenOpen() : store() ? '0' : '101';
      return answer('Commit', '', param, failed, String(failed === '0'));
    },
    [says.end](param) {
      if (whenOpen() !== '0') return answer(says.end, '', param, whenOpen(), 'false');
      const score = values['cmi.core.score.raw'];
      if (values[says.status] === 'not attempted') values[says.status] = 'completed';
      // A mastery score decides in the place of what the package said.
      if (mastery !== '' && score !== '') values[says.status] = Number(score) >= Number(mastery) ? 'passed' : 'failed';
      state = 'ended';
      const failed = store() ? '0' : '101';
      return answer(says.end, '', param, failed, String(failed === '0'));
    },
    GetLastError: () => code,
    GetErrorString: (found) => `Error ${found}`,
    GetDiagnostic: (found) => String(found),
  };
  window[says.api] = Object.fromEntries(Object.entries(api).map(([name, run]) => [says.prefix + name, run]));
  window.player = { calls, stored, values };
}
