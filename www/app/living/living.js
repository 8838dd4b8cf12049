// The drawing of the network lives: for the chosen image it shows what each layer makes of it, and the answer, from the first
// random weights on and while a run trains. One picture is asked for at a time, and the newest weights win; what it costs
// is a small part of the time, and nothing while nobody sees it.

import { framed } from '../base/around.js';
import { isProblem } from '../base/is-problem.js';
import { offerUndo } from '../base/messages.js';
import { beside, classText, number, percent, problemText, t } from '../base/i18n.js';
import { inTurn } from '../base/turns.js';
import { bring } from '../run/follow.js';
import { nameOf } from '../runs/marks.js';
import { OWN } from '../seen/images.js';
import { Answer } from './answer.js';
import { ArithmeticPanel } from './arithmetic.js';
import { TouchedBar } from './touched.js';
import { DrawingClient } from './client.js';

/** @import { Activations, DataFacts, Touch } from '../core.d.ts' */
/** @import { Engine, Images } from '../engine.js' */
/** @import { Experiment } from '../experiment/experiment.js' */
/** @import { NetworkPanel } from '../network/panel.js' */
/** @import { Chosen } from '../network/strips.js' */
/** @import { Run, Runs } from '../runs/list.js' */
/** @import { Touching } from '../run/worker-client.js' */
/** @import { Given } from '../run/given.js' */
/** @import { Training } from '../run/training.js' */
/** @import { FirstImages } from '../seen/images.js' */
/** @import { OwnData } from '../seen/own-data.js' */
/** @import { Preview } from '../seen/preview.js' */
/** @import { Bytes, Drawn, Shown } from './client.js' */

/** Milliseconds from one picture to the next, at least. */
const LEAST = 100;
/** Seconds of rest for each second that a picture took, so that training keeps its speed. */
const REST = 9;
/** Milliseconds that weights take to come: they are asked for so much before they are needed. */
const AHEAD = 70;
/** Milliseconds after which it is tried again when something went wrong. */
const AGAIN = 5000;

/** Milliseconds after a change before its accuracy is computed by itself. */
const PAUSE = 1200;

/** Terms that are written out: as many as fit a hand. */
const TERMS = 4;

/** @typedef {{ drawn: Drawn, run: Run | undefined, from: Touching | undefined, steps: number | undefined, shown: Shown, label: number | undefined, image: string, when: string }} Subject */

export class Living {
  /** What of it is on the screen. @type {Set<Element>} */
  #onScreen = new Set();
  #busy = false;
  /** Whether there is something new to show. */
  #stale = true;
  /** When the next picture may be asked for. */
  #due = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The latest weights of the run that is on. @type {{ run: Run, weights: Bytes, count: number, steps: number } | undefined} */
  #live;
  /** The run that was on. @type {Run | undefined} */
  #of;
  /** Which step of which run weights were asked for last. */
  #asked = '';
  /** The pixels of the chosen image. @type {{ key: string, pixels: Bytes | undefined }} */
  #pixels = { key: '', pixels: undefined };
  /** What is shown, and of which network. */
  #network = '';
  /** Whether the accuracy of the changed network follows it, once somebody has asked for it. */
  #tests = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #testing;
  /** Whether a person wants to see it, where it does not begin by itself. */
  #wanted = !framed && !sparing();

  /**
   * @param {NetworkPanel} panel @param {(path: string) => void} open opens all maps of a layer
   * @param {{ engine: Engine, experiment: Experiment, first: FirstImages, preview: Preview, runs: Runs, training: Training, own: OwnData, given: Given }} page
   */
  constructor(panel, open, { engine, experiment, first, preview, runs, training, own, given }) {
    this.panel = panel;
    this.engine = engine;
    this.experiment = experiment;
    this.first = first;
    this.preview = preview;
    this.training = training;
    this.given = given;
    this.runs = runs;
    this.client = new DrawingClient(own);
    this.answer = new Answer(experiment.view.task === 'segment');
    const want = () => this.#want();
    this.arithmetic = new ArithmeticPanel((chosen) => {
      panel.strips.show(chosen);
      panel.measure();
      panel.foot.hidden = chosen !== undefined;
      this.#place(chosen !== undefined);
      want();
    }, ({ row, ...at }) => this.#open({ rows: panel.strips.rowsUpTo(row), ...at }), open, (touch) => void this.#change([...this.touched.touches, touch]));
    this.touched = new TouchedBar({
      change: (touches) => void this.#change(touches),
      goOn: () => this.#goOn(),
      test: () => {
        this.#tests = true;
        void this.#test();
      },
    });
    panel.foot.replaceChildren(this.answer.element);
    this.#place(false);
    panel.foot.after(this.arithmetic.element);
    panel.press = (chosen) => this.#open(chosen);
    panel.strips.scrolled = want;
    experiment.subscribe(want);
    first.subscribe(want);
    given.subscribe(want);
    preview.subscribe((pressed) => {
      this.#wanted ||= pressed;
      want();
    });
    training.subscribe(() => {
      this.#offer();
      if (this.#of === training.run) return this.#go();
      // A run that is new begins as it is chosen, unless it was begun with the changes; then they are its own.
      if (training.run) this.#putAway();
      this.#of = training.run;
      want();
    });
    runs.subscribe(() => this.#go());
    training.watch((run, weights, steps) => {
      this.#live = { run, weights, count: (this.#live?.count ?? 0) + 1, steps };
      if (run !== this.#run) return;
      // What was judged were other weights.
      this.touched.judge(undefined, undefined);
      want();
    });
    // On a phone the arithmetic is on the screen while the drawing above it is not.
    const watch = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#onScreen.add(target);
        else this.#onScreen.delete(target);
      }
      this.#go();
    });
    for (const element of [panel.drawing.element, this.arithmetic.element]) watch.observe(element);
    document.addEventListener('visibilitychange', () => this.#go());
  }

  /** Opens the arithmetic of a place. @param {Chosen} chosen */
  #open(chosen) {
    this.#wanted = true;
    this.arithmetic.open(chosen, this.experiment.view.network?.rows ?? []);
    // On a phone it opens below the drawing.
    bring(this.arithmetic.title);
  }

  /** What was changed stands where a person looks: above the arithmetic, or above the answer. @param {boolean} open */
  #place(open) {
    const place = open ? this.arithmetic.steps : this.panel.foot;
    if (this.touched.element.parentElement !== place) place.prepend(this.touched.element);
  }

  /** Another network is drawn, or a run begins without the changes: they can be made again, where they fit. */
  #putAway() {
    const { touches } = this.touched;
    this.touched.show([]);
    if (touches.length > 0) offerUndo(t('touch.put-away'), () => void this.#change(touches));
  }

  /** Changes the network as a person asks, in place of the changes before. @param {Touch[]} touches */
  async #change(touches) {
    const subject = this.#subject();
    if (!subject) return;
    try {
      const told = await this.client.touch(subject.drawn, subject.shown, touches);
      if (subject.drawn.network !== this.#network) return;
      this.touched.show(told, touches);
      this.#offer();
      this.#want();
      this.touched.judge(undefined, undefined);
      clearTimeout(this.#testing);
      if (this.#tests && told.length > 0) this.#testing = setTimeout(() => void this.#test(), PAUSE);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.touched.refuse(problemText(thrown));
      // What was typed is not what the network has.
      this.arithmetic.editor.renew();
      this.#want();
    }
  }

  /** Lets the changed network classify the test images, a part at a time, until it changes again. */
  async #test() {
    const subject = this.#subject();
    if (!subject) return;
    const of = JSON.stringify([subject.drawn.version, this.touched.touches]);
    const { test } = subject.drawn.spec;
    try {
      for (let from = 0; from < test;) {
        const scored = await this.client.ask(subject.drawn, subject.shown, { kind: 'score', from }, test);
        const now = this.#subject();
        if (!now || of !== JSON.stringify([now.drawn.version, this.touched.touches])) return;
        const last = subject.run?.tests.at(-1);
        this.touched.judge(scored, last && last.step === subject.steps ? last.accuracy : undefined);
        if (scored.done === scored.total) return;
        from = scored.done;
      }
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.touched.refuse(problemText(thrown));
    }
  }

  /** What going on from here would be now. */
  #offer() {
    const run = this.#run;
    this.touched.offer(run?.active && run.steps > 0 ? 'go-on' : 'begin', !this.training.busy);
  }

  /** Training goes on with the network as it is changed: the run that is paused, else one that begins with it. */
  #goOn() {
    const subject = this.#subject();
    const { touches } = this.touched;
    if (!subject || touches.length === 0 || this.training.busy) return;
    this.touched.show([]);
    this.training.goOnTouched({ spec: subject.drawn.spec, choices: this.#run?.choices ?? this.experiment.view.choices }, { ...subject.from, touches: [...(subject.from?.touches ?? []), ...touches] }, this.#run);
  }

  /** Which weights the drawing has, and the network with them as a file of ONNX, as soon as there is one. */
  get file() {
    const subject = this.#subject();
    return subject && { when: subject.when, touched: subject.drawn.touches.length > 0, onnx: () => this.client.onnx(subject.drawn, subject.shown) };
  }

  /** Ends the worker, unless it is at something. */
  rest() {
    this.client.rest();
  }

  get #looking() {
    return this.#onScreen.size > 0 && !document.hidden && (this.#wanted || this.training.run !== undefined);
  }

  /** The run that is on, if the network that is drawn is its network. */
  get #run() {
    const { run } = this.training;
    return run && this.engine.beginsAs(run.spec, this.experiment.view.spec) ? run : undefined;
  }

  #want() {
    this.#stale = true;
    this.#go();
  }

  /** Shows what is new as soon as its time has come; else sees that there will be something. */
  #go() {
    if (this.#busy || !this.#looking) return;
    const run = this.#run;
    const asks = run?.active && run.steps > 0 && this.#asked !== stepOf(run);
    if (!this.#stale && !asks) return;
    const wait = this.#due - performance.now() - (this.#stale ? 0 : AHEAD);
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#go();
      }, wait);
    } else if (this.#stale) void this.#show();
    else {
      this.#asked = run ? stepOf(run) : '';
      this.training.askWeights();
    }
  }

  async #show() {
    this.#stale = false;
    this.#busy = true;
    const began = performance.now();
    try {
      const subject = this.#subject();
      if (!subject) return;
      const activations = await this.client.ask(subject.drawn, subject.shown, { kind: 'activations', ...this.panel.strips.wanted });
      const { chosen } = this.arithmetic;
      // Batch norm while training is over a batch, of test images beside this one.
      const batch = chosen?.rows.some((row) => this.experiment.view.network?.rows[row]?.kind === 'batch-norm') ? subject.drawn.spec.batch : 0;
      const steps = chosen && await this.client.ask(subject.drawn, subject.shown, { kind: 'arithmetic', ...chosen, terms: TERMS }, batch);
      const now = performance.now();
      // A person who tries images and places while nothing trains waits for nothing.
      this.#due = Math.max(began + LEAST, this.training.busy ? now + REST * (now - began) : 0);
      inTurn(() => {
        this.#paint(subject, activations);
        if (steps && chosen === this.arithmetic.chosen) this.arithmetic.show(steps, subject.drawn.facts);
      });
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.#due = performance.now() + AGAIN;
      this.#stale = true;
      this.answer.name(problemText(thrown), '');
    } finally {
      this.#busy = false;
      this.#go();
    }
  }

  /** What is to be shown, if all that it takes is here. @returns {Subject | undefined} */
  #subject() {
    const { view: { network, spec, task }, facts } = this.experiment;
    const { shown } = this.first;
    if (!network || !facts || shown.state !== 'ready') return undefined;
    const run = this.#run;
    const live = run && this.#live?.run === run ? this.#live : undefined;
    // Of a run that goes on from a checkpoint the weights have yet to come.
    if (run && run.steps > 0 && !live) return undefined;
    const key = JSON.stringify([run ? run.spec : spec, facts]);
    if (key !== this.#network) {
      this.#network = key;
      this.arithmetic.close();
      this.#putAway();
      this.touched.judge(undefined, undefined);
      this.panel.strips.empty();
      this.panel.measure();
      this.answer.prepare(facts, task === 'segment');
      this.touched.about(task);
    }
    const picture = this.#picture(shown.images, facts);
    if (!picture) return undefined;
    // A run that was begun from what is given has no weights of its own before its first step.
    const isGiven = !run || run.standing.some(({ touch }) => touch.kind === 'given');
    const from = live && run ? { name: nameOf(run), weights: live.weights, touches: [] } : isGiven ? this.given.touching : undefined;
    return {
      drawn: { network: key, spec: run?.spec ?? spec, facts, version: live ? `${run?.id} ${live.count}` : from ? `given ${this.given.version}` : 'first', weights: from?.weights, past: run?.touches ?? [], touches: this.touched.touches },
      run: live && run,
      from,
      steps: live?.steps,
      ...picture,
      when: live && run ? t('living.after', { run: nameOf(run), steps: number(live.steps) }) : from ? t('living.given', { name: from.name ?? '' }) : t('living.first'),
    };
  }

  /** The chosen image. @param {Images} images @param {DataFacts} facts */
  #picture(images, facts) {
    const { spec } = this.experiment.view;
    const { at: index, split } = this.preview.chosen;
    const name = t(`living.${split}`, { number: number(index + 1) });
    if (split === 'test') return { shown: { key: `test ${index}`, index }, label: undefined, image: name };
    const label = images.labels[index];
    const named = beside(name, classText(facts.classes[label ?? -1] ?? ''));
    const key = JSON.stringify([spec.data === OWN ? facts.fingerprint : spec.data, spec.augment, index, spec.seed]);
    if (key !== this.#pixels.key) this.#pixels = { key, pixels: images.image(spec, index) };
    const { pixels } = this.#pixels;
    return pixels && { shown: { key, index, pixels }, label, image: this.experiment.view.task === 'segment' ? name : named };
  }

  /** @param {Subject} subject @param {Activations} activations */
  #paint({ drawn, run, label, image, when }, activations) {
    // Another network may stand there by now.
    if (drawn.network !== this.#network) return;
    this.panel.strips.paint(activations);
    this.panel.measure();
    this.panel.drawing.flow(run ? this.runs.book.gradients(run.id) : []);
    this.answer.show(activations, drawn.facts, label);
    this.answer.name(image, when);
    const first = activations.answer.find((one) => one.first);
    this.touched.answers(first ? t('touch.answer', { class: classText(drawn.facts.classes[first.class] ?? ''), share: percent(first.share) }) : '');
  }
}

/** @param {Run} run */
const stepOf = (run) => `${run.id} ${run.steps}`;

/** Whether the person wants every byte spared. */
const sparing = () => /** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData ?? false;
