// A worker that is asked one thing at a time. One that fails or falls silent is ended; the next question gets a new one.

import { startWorker } from './workers.js';

/** @import { Problem } from '../core.d.ts' */

/** Seconds without a word after which most workers are given up: a part of the data may take most of them on a slow line. */
const PATIENCE = 60;

/**
 * What a worker says: an answer, why there is none, that it goes on, or that it is of no more use.
 * @typedef {{ id: number } & ({ kind: 'answer', answer: any } | { kind: 'refused', problem: Problem } | { kind: 'alive' } | { kind: 'broken', problem: Problem })} Reply
 */

/** @typedef {{ fail: (problem: Problem) => void, timer?: ReturnType<typeof setTimeout>, id?: number, answered?: (reply: Reply) => void }} Job */

/** Asks the worker, as part of a job. @typedef {(request: object, transfer?: Transferable[]) => Promise<any>} Ask */

export class AskedWorker {
  /** @type {Worker | undefined} */
  #worker;
  #next = 0;
  /** The end of the last job. @type {Promise<unknown>} */
  #last = Promise.resolve();
  #jobs = 0;
  /** The one that is on. @type {Job | undefined} */
  #job;

  /**
   * @param {URL} script @param {() => void} forget called when a worker ends, with all that it was told
   * @param {number} [patience] seconds without a word after which it is given up
   */
  constructor(script, forget, patience = PATIENCE) {
    this.script = script;
    this.forget = forget;
    this.patience = patience;
  }

  /** Whether there is a worker. */
  get runs() {
    return this.#worker !== undefined;
  }

  /**
   * Does a job, which may ask several things, when all that were given before are over.
   * @template Answer @param {(ask: Ask) => Promise<Answer>} work @returns {Promise<Answer>}
   */
  do(work) {
    this.#jobs += 1;
    const done = this.#last.then(() => this.#do(work)).finally(() => { this.#jobs -= 1; });
    this.#last = done.catch(() => {});
    return done;
  }

  /** Gives the worker up, unless somebody waits for it. */
  rest() {
    if (this.#jobs === 0) this.#end();
  }

  /** @template Answer @param {(ask: Ask) => Promise<Answer>} work @returns {Promise<Answer>} */
  #do(work) {
    return new Promise((resolve, reject) => {
      /** @type {Job} */
      const job = { fail: reject };
      const over = () => {
        clearTimeout(job.timer);
        if (this.#job === job) this.#job = undefined;
      };
      this.#job = job;
      this.#wait();
      // What a job that was given up still wants is not asked any more.
      work((request, transfer) => (this.#job === job ? this.#ask(request, transfer) : new Promise(() => {}))).then(resolve, reject).finally(over);
    });
  }

  /** @param {object} request @param {Transferable[]} [transfer] */
  #ask(request, transfer = []) {
    this.#worker ??= this.#begin();
    const worker = this.#worker;
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      if (this.#job) Object.assign(this.#job, { id, answered: (/** @type {Reply} */ reply) => (reply.kind === 'answer' ? resolve(reply.answer) : reply.kind === 'refused' && reject(reply.problem)) });
      worker.postMessage({ ...request, id }, transfer);
    });
  }

  #begin() {
    const worker = startWorker(this.script);
    worker.onmessage = (/** @type {MessageEvent<Reply>} */ { data: reply }) => {
      if (worker !== this.#worker || reply.id !== this.#job?.id) return;
      this.#wait();
      if (reply.kind === 'broken') this.#fail(reply.problem);
      else if (reply.kind !== 'alive') this.#job?.answered?.(reply);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      // A script that did not come says nothing of why.
      this.#fail(event.message ? { code: 'internal', field: null, params: { detail: event.message } }
        : { code: 'unreachable', field: null, params: { file: this.script.pathname.split('/').slice(-2).join('/') } });
    };
    return worker;
  }

  /** From now on the job that is on has its time. */
  #wait() {
    const job = this.#job;
    if (!job) return;
    clearTimeout(job.timer);
    job.timer = setTimeout(() => this.#fail({ code: 'no-answer', field: null, params: { seconds: String(this.patience) } }), this.patience * 1000);
  }

  /** @param {Problem} problem */
  #fail(problem) {
    const job = this.#job;
    this.#end();
    this.#job = undefined;
    clearTimeout(job?.timer);
    job?.fail(problem);
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.forget();
  }
}
