// The lab that is open: its question, what the person committed to, its runs, and what they came to.

import { isProblem } from '../base/is-problem.js';
import { announce, note } from '../base/messages.js';
import { problemText, t } from '../base/i18n.js';
import { keepOptions, keptOf, keptOptions, recall, recordOf, remember, takeOver, whenRemembered } from './memory.js';
import { Speeds } from './speeds.js';
import { outcomeText, runText } from './words.js';

/** @import { Ask, Conclusion, KeptWork, LabView, Plan, RunFacts, Value } from '../core.d.ts' */
/** @import { Choices, Engine } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { Inside } from '../inside/panel.js' */
/** @import { Preferences } from '../base/preferences.js' */
/** @import { Queue } from '../run/queue.js' */
/** @import { Run } from '../runs/list.js' */
/** @import { FirstImages } from '../seen/images.js' */
/** @import { Training } from '../run/training.js' */
/** @import { Record } from './memory.js' */

/** The word of a link for what is not chosen. */
const NONE = 'auto';

/** A run of the lab: itself, if it is still here, and what the conclusion needs of it. @typedef {{ label: string, run: Run | undefined, facts: RunFacts }} Made */

export class Labs {
  /** The lab that is open. @type {LabView | undefined} */
  view;
  /** @type {Record} */
  record = { seeds: [], runs: [] };
  /** Its runs that are over. @type {Made[]} */
  made = [];
  /** @type {Conclusion | null} */
  conclusion = null;
  /** What was planned last. @type {Plan | undefined} */
  plan;
  /** Of which lab's runs the finished ones are being looked into, by their group. @type {string | undefined} */
  #lookedInto;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /**
   * @param {Engine} engine @param {Experiment} experiment @param {Preferences} preferences
   * @param {Training} training @param {Queue} queue @param {Inside} inside @param {FirstImages} first
   */
  constructor(engine, experiment, preferences, training, queue, inside, first) {
    this.engine = engine;
    this.experiment = experiment;
    this.preferences = preferences;
    this.training = training;
    this.queue = queue;
    this.inside = inside;
    this.first = first;
    this.speeds = new Speeds(training, () => this.#tell());
    first.subscribe(() => this.#tell());
    this.all = engine.labs();
    takeOver();
    whenRemembered(() => this.#recall());
    preferences.subscribe((changed) => {
      if (changed.includes('lab')) this.#follow();
      else if (changed.includes('budget')) this.#tell();
    });
    queue.subscribe(() => this.#tell());
    // Runs that were kept come later than the page.
    training.runs.subscribe(() => { if (this.view && !this.busy && this.#returned) this.#collect(); });
    this.#follow();
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Whether the lab's finished runs are being looked into. */
  get looking() {
    return this.#lookedInto !== undefined && this.#lookedInto === this.record.group;
  }

  /** Whether the lab's runs are being measured or made. */
  get busy() {
    return this.looking || this.speeds.on !== undefined || (this.queue.busy && this.queue.group === this.record.group);
  }

  /** Whether the run that is on is paused, and the others wait for it. */
  get paused() {
    return this.busy && this.training.phase === 'paused';
  }

  /** Whether runs of it wait since the page went away, or somebody began something else. */
  get waiting() {
    const [first] = this.queue.interrupted;
    return !this.busy && first !== undefined && first.planned.group === this.record.group;
  }

  /** Whether another tab makes its runs. */
  get elsewhere() {
    return this.queue.elsewhere.has(this.record.group ?? '');
  }

  /** How long the lab may take: `auto`, `quick` or `full`. */
  get budget() {
    return /** @type {'auto' | 'quick' | 'full'} */ (this.preferences.get('budget'));
  }

  /** The seeds that a repetition would add. */
  get moreSeeds() {
    return this.engine.labSeeds(this.record.seeds);
  }

  /** Whether a run of it is back that was not here before. */
  get #returned() {
    const { list } = this.training.runs;
    return this.record.runs.some(([, id], at) => !this.made[at]?.run && list.some((run) => run.id === id));
  }

  get #options() {
    /** @type {Choices} */
    const options = {};
    for (const { key, value } of this.view?.options ?? []) options[key] = value;
    return options;
  }

  /** @param {string} id */
  open(id) {
    this.preferences.set('lab', id);
  }

  close() {
    this.preferences.set('lab', NONE);
  }

  /** @param {string} key @param {Value} value */
  choose(key, value) {
    if (!this.view || this.busy) return;
    this.#show(this.view.id, { ...this.#options, [key]: value });
    keepOptions(this.view.id, this.#options);
  }

  /** Commits to a prediction, until the lab is started over. @param {Value} prediction */
  commit(prediction) {
    if (!this.view || this.record.prediction !== undefined) return;
    this.#remember({ prediction });
    this.#conclude();
    if (this.conclusion) announce(outcomeText(this.view.id, this.conclusion, prediction));
    this.#tell();
  }

  /** What a person thinks why it came out so. @param {string} words */
  explain(words) {
    this.#remember({ words });
    this.#tell();
  }

  /** A question below the explanation was answered right. @param {number} at which one */
  answer(at) {
    const { answered = [] } = this.record;
    if (answered.includes(at)) return;
    this.#remember({ answered: [...answered, at] });
    this.#tell();
  }

  /** What a person did in the lab that is open, for another machine. @returns {Pick<KeptWork, 'lab' | 'words' | 'runs'>} */
  get kept() {
    const { view, record, made } = this;
    return view ? keptOf(view.id, this.#options, record, made) : { lab: null, words: null, runs: null };
  }

  /** Takes that over in place of what is here; without a lab, the open one is as new. @param {KeptWork} kept */
  restore(kept) {
    if (this.busy) this.stop();
    const { id, options } = kept.lab ?? { id: this.view?.id, options: this.#options };
    if (id === undefined) return;
    remember(id, options, recordOf(kept));
    keepOptions(id, options);
    if (id === this.view?.id) this.#show(id, options);
  }

  /** Forgets the prediction and the explanation, and what the runs came to: for the next student, or another try. The runs stay in the list. */
  startOver() {
    const { view, busy } = this;
    if (!view || busy) return;
    if (this.waiting) this.queue.decline();
    remember(view.id, this.#options, { seeds: [], runs: [] });
    this.#show(view.id, this.#options);
  }

  /** Makes all runs. */
  async run() {
    const { view } = this;
    if (!view || this.busy || this.elsewhere) return;
    // Begun anew, what was left of it is wanted no more.
    if (this.waiting) this.queue.decline();
    if (this.budget !== 'auto') this.speeds.forget();
    const known = this.budget !== 'auto' || await this.speeds.measure(this.engine.labProbes(view.id, this.#options));
    if (this.view !== view || !known) return this.#tell();
    const plan = this.engine.labPlan(view.id, this.#options, this.#ask(this.engine.labSeeds([]), null));
    this.made = [];
    // Runs of one group that differ in the seed alone are shown as one.
    this.#remember({ level: plan.level, group: `lab ${view.id} ${Date.now()}`, seeds: [], runs: [], touched: [] });
    await this.#make(plan);
  }

  /** Makes them again with other seeds. */
  async repeat() {
    const { view, record } = this;
    if (!view || this.busy || record.level === undefined) return;
    // They were begun before the page went away.
    if (this.waiting) return this.goOn();
    await this.#make(this.engine.labPlan(view.id, this.#options, this.#ask(this.moreSeeds, record.level)));
  }

  /** Makes the runs that the page went away from. */
  async goOn() {
    const { view, record } = this;
    if (!view || !this.waiting || record.level === undefined) return;
    this.plan = this.engine.labPlan(view.id, this.#options, this.#ask(this.moreSeeds, record.level));
    await this.#conclusive(() => this.queue.goOn());
  }

  /** Goes on with the run that is paused. */
  resume() {
    this.training.resume('go');
  }

  stop() {
    this.speeds.stop();
    this.queue.stop();
  }

  /** Sets the playground up for one question further, of the size of the lab's runs where there are some. */
  further() {
    if (this.view) this.experiment.open((this.conclusion ?? this.view).further, 'push');
  }

  /** Shows the last run's feature maps. */
  lookInside() {
    const run = this.made.findLast((made) => made.run)?.run;
    if (run) this.inside.openTab('maps', run);
  }

  /** The lab behind this one in the course's order. */
  get next() {
    return this.all[this.all.findIndex(({ id }) => id === this.view?.id) + 1];
  }

  /** @param {number[]} seeds @param {number | null} level @returns {Ask} */
  #ask(seeds, level) {
    const { deviceMemory = null } = /** @type {{ deviceMemory?: number }} */ (navigator);
    return { budget: this.budget, speeds: this.speeds.known, memory: deviceMemory, seeds, level };
  }

  /** @param {Plan} plan */
  async #make(plan) {
    this.plan = plan;
    const { id } = this.view ?? { id: '' };
    const { group = '' } = this.record;
    await this.#conclusive(() => this.queue.start(plan.runs.map(({ label, choices, seconds }) => ({ entry: label, label: runText(id, label), choices, seconds, group }))));
  }

  /** Lets the queue make runs, and says what all came to. @param {() => Promise<boolean>} make */
  async #conclusive(make) {
    const before = { made: this.made, runs: this.record.runs };
    const { group } = this.record;
    // On the charts, only what belongs together.
    const { runs } = this.training;
    runs.change(runs.list.filter((run) => run.visible && run.group !== group), { visible: false });
    runs.change(runs.list.filter((run) => run.group === group), { visible: true });
    const whole = await make();
    if (group !== this.record.group) return;
    if (whole) {
      const made = this.queue.places.flatMap(({ planned, run }) => (run && planned.entry ? this.#madeOf(planned.entry, run) : []));
      const touched = this.queue.places.flatMap(({ planned, run }) => (planned.entry && run && run.touches.length > 0 ? planned.entry : []));
      const seeds = new Set([...this.record.seeds, ...made.map(({ facts }) => facts.seed)]);
      this.made = [...before.made, ...made];
      this.#remember({ seeds: [...seeds], runs: this.#kept(), done: false, touched });
      await this.#finish(made);
    }
    this.#tell();
  }

  /** Looks into runs that are over if the lab asks for that, and says what all came to. @param {Made[]} made */
  async #finish(made) {
    const { group } = this.record;
    if (this.looking) return;
    await this.#measureLayers(made.flatMap(({ run }) => run ?? []));
    if (group !== this.record.group) return;
    this.made = this.made.map((one) => (one.run ? this.#madeOf(one.label, one.run)[0] ?? one : one));
    this.#conclude();
    this.#remember({ done: true, rehearsed: this.conclusion?.hint === 'short', runs: this.#kept() });
    announce(this.view && this.conclusion ? outcomeText(this.view.id, this.conclusion, this.record.prediction) : t('lab.announce.done'));
    this.#tell();
  }

  /** How well the classes are apart in each layer of these runs, if the lab asks that. @param {Run[]} runs */
  async #measureLayers(runs) {
    const images = this.view?.separable ?? null;
    if (images === null) return;
    const { group } = this.record;
    this.#lookedInto = group;
    this.#tell();
    try {
      for (const run of runs) this.training.runs.change([run], { separable: await this.inside.separable(run, images) });
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      note(problemText(thrown));
    } finally {
      if (this.#lookedInto === group) this.#lookedInto = undefined;
      this.#tell();
    }
  }

  /** Finds the runs that were made another time. */
  #collect() {
    const { list } = this.training.runs;
    const found = this.record.runs.flatMap(([label, id, facts]) => {
      const run = list.find((one) => one.id === id);
      if (facts) return [{ label, run, facts }];
      return run ? this.#madeOf(label, run) : [];
    });
    if (found.length === 0 || found.length < this.record.runs.length) return;
    // What is still to be looked into must be here.
    if (!this.record.done && found.some(({ run }) => !run)) return;
    this.made = found;
    if (!this.record.done) return void this.#finish(found.filter(({ run }) => run && !run.looked));
    this.#conclude();
    this.#tell();
  }

  /** @param {string} label @param {Run} run @returns {Made[]} */
  #madeOf(label, run) {
    const facts = this.training.runs.book.labFacts(run.id);
    return facts ? [{ label, run, facts }] : [];
  }

  /** What is kept of the runs that are made: their ids, and enough to conclude from. */
  #kept() {
    const ids = this.record.runs.map(([, id]) => id);
    return this.made.map(({ label, run, facts }, at) => /** @type {Record['runs'][number]} */ ([label, run?.id ?? ids[at] ?? 0, facts]));
  }

  #conclude() {
    const { view, record } = this;
    if (!view) return;
    try {
      this.conclusion = this.engine.labConclude(view.id, this.#options, this.made.map(({ label, facts }) => ({ label, facts })), record.prediction ?? null);
    } catch (thrown) {
      // Facts of a later version: the runs can be made again.
      if (!isProblem(thrown)) throw thrown;
      this.conclusion = null;
    }
  }

  /** Opens what the link says. */
  #follow() {
    const id = this.preferences.get('lab');
    if (id === (this.view?.id ?? NONE)) return;
    if (this.busy) this.stop();
    if (id === NONE) {
      this.view = undefined;
      this.#tell();
    } else this.#show(id, keptOptions(id));
  }

  /** @param {string} id @param {Choices} options */
  #show(id, options) {
    this.view = this.engine.labView(id, options);
    this.record = recall(id, this.#options);
    this.made = [];
    this.plan = undefined;
    this.speeds.forget();
    this.conclusion = null;
    this.#collect();
    this.#conclude();
    this.#tell();
  }

  /** Another tab has written down what became of a lab. */
  #recall() {
    const { view } = this;
    if (!view || this.busy) return;
    const record = recall(view.id, this.#options);
    if (JSON.stringify(record) !== JSON.stringify(this.record)) this.#show(view.id, this.#options);
  }

  /** @param {Partial<Record>} news */
  #remember(news) {
    this.record = { ...this.record, ...news };
    remember(this.view?.id ?? '', this.#options, this.record);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
