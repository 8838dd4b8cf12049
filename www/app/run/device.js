// Where to train: a real GPU if there is one, else the CPU; or what the person says.

import { framed } from '../base/around.js';
import { number, t } from '../base/i18n.js';
import { inTime } from '../base/in-time.js';
import { AUTO } from '../base/preferences.js';
import { keepSetting, setting } from '../base/storage.js';
import { MODULES } from '../place.js';

/** @import { Pace } from '../core.d.ts' */
/** @import { DeviceName } from './worker-client.js' */
/** @import { Preferences } from '../base/preferences.js' */

/** Adapters that are programs, by the names that they give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** Under which name it is kept how a GPU did. */
const KEPT = 'gpu';

/** A batch has eight parts. */
const MOST_THREADS = 8;

/** @typedef {{ adapter?: string, software: boolean }} Adapter its name, if there is one; an empty one is a name too */

/** @typedef {{ built: boolean, threads: number }} Modules whether this copy of the page has the module for GPUs, and the threads that training on the CPU may have */

/** How a GPU did: of which adapter, browser and module, whether it can be trusted, and how fast it is beside the CPU. @typedef {{ of: string, trusted: boolean, pace?: Pace | undefined }} Verdict */

/** @typedef {Adapter & Modules & { verdict: Verdict | undefined }} Found */

/** The part of WebGPU that is asked. @typedef {{ requestAdapter(): Promise<{ info?: { vendor?: string, architecture?: string, device?: string, description?: string, isFallbackAdapter?: boolean }, isFallbackAdapter?: boolean } | null> }} Gpu */

/** Seconds that the browser has for an answer about its GPU, and the server for the list of modules. */
const PATIENCE = 4;

/**
 * What comes of a question to the browser or the server, if it comes in time and without fault.
 * @template T @param {() => Promise<T> | undefined} ask @param {T} otherwise @returns {Promise<T>}
 */
async function answer(ask, otherwise) {
  // Asked in here, since some browsers throw instead of answering.
  return inTime((async () => (await ask()) ?? otherwise)(), PATIENCE).catch(() => otherwise);
}

/** Which modules there are. @returns {Promise<Modules>} */
async function findModules() {
  /** @type {unknown} */
  const list = await answer(() => fetch(MODULES).then((found) => found.json()), undefined);
  const has = (/** @type {string} */ name) => typeof list === 'object' && list !== null && /** @type {Record<string, unknown>} */ (list)[name] === true;
  // Threads share a memory, which only an isolated page gets; WebKitGTK does not hand one out even there.
  const shared = self.crossOriginIsolated && 'SharedArrayBuffer' in self;
  return { built: has('webgpu'), threads: has('threads') && shared ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1 };
}

/** @returns {Promise<Adapter>} */
async function findAdapter() {
  const gpu = /** @type {{ gpu?: Gpu }} */ (navigator).gpu;
  const adapter = await answer(() => gpu?.requestAdapter(), null);
  if (!adapter) return { software: false };
  const info = adapter.info ?? {};
  const name = info.description || [info.vendor, info.device || info.architecture].filter(Boolean).join(' ');
  const software = info.isFallbackAdapter === true || adapter.isFallbackAdapter === true || SOFTWARE.test(`${name} ${info.architecture}`);
  return { adapter: name, software };
}

/** Facts about two devices' speeds, for a sentence. @param {Pace} pace */
export const speedsOf = ({ gpu, cpu }) => ({ gpu: number(gpu, { maximumFractionDigits: 0 }), cpu: number(cpu, { maximumFractionDigits: 0 }) });

/**
 * The device, and in one line why.
 * @param {Found | undefined} found
 * @param {string} wish
 * @returns {{ device: DeviceName, why: string }}
 */
export function chooseDevice(found, wish) {
  if (wish === 'cpu') return { device: 'cpu', why: t('device.forced-cpu') };
  if (!found) return { device: 'cpu', why: t('device.looking') };
  const adapter = found.adapter || t('device.unnamed');
  const { pace, trusted } = found.verdict ?? {};
  if (wish === 'webgpu') {
    if (!found.built) return { device: 'cpu', why: t('device.forced-missing') };
    return { device: 'webgpu', why: t('device.forced-webgpu', { adapter }) };
  }
  if (trusted === false) return { device: 'cpu', why: t('device.distrusted', { adapter }) };
  if (found.adapter === undefined) return { device: 'cpu', why: t(framed ? 'device.none-framed' : 'device.none') };
  if (found.software) return { device: 'cpu', why: t('device.software', { adapter }) };
  if (!found.built) return { device: 'cpu', why: t('device.not-built') };
  if (!pace) return { device: 'cpu', why: t('device.untried', { adapter }) };
  if (!pace.faster) return { device: 'cpu', why: t('device.slower', { adapter, ...speedsOf(pace) }) };
  return { device: 'webgpu', why: t('device.faster', { adapter, ...speedsOf(pace) }) };
}

export class Device {
  /** @type {Modules | undefined} */
  #modules;
  /** @type {Adapter | undefined} */
  #adapter;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Preferences} preferences */
  constructor(preferences) {
    this.preferences = preferences;
    preferences.subscribe((changed) => { if (changed.includes('device')) this.#tell(); });
    this.modules = findModules().then((modules) => { this.#modules = modules; this.#tell(); });
    this.adapter = this.#lookForAdapter();
  }

  async #lookForAdapter() {
    this.#adapter = await findAdapter();
    this.#tell();
  }

  /** Settled once it is known where to train. Who chose the CPU never waits for a GPU. @returns {Promise<unknown>} */
  get ready() {
    if (this.preferences.get('device') === 'cpu') return this.modules;
    // Some browsers have no answer in their first moments.
    if (this.#adapter && this.#adapter.adapter === undefined && 'gpu' in navigator) this.adapter = this.#lookForAdapter();
    return Promise.all([this.modules, this.adapter]);
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Whether WebGPU is there at all, as soon as it has been asked for. */
  get hasAdapter() {
    return this.#adapter?.adapter !== undefined;
  }

  /** Whether nobody has chosen where to train. */
  get isLeftToPage() {
    return !['cpu', 'webgpu'].includes(this.preferences.get('device') ?? '');
  }

  get choice() {
    const choice = chooseDevice(this.#found, this.preferences.get('device'));
    if (choice.device === 'webgpu' || this.threads === 1) return choice;
    return { ...choice, why: t('device.threads', { why: choice.why, threads: this.threads }) };
  }

  /** How many train on the CPU, as soon as that is known. */
  get threads() {
    return this.#modules?.threads ?? 1;
  }

  /** Learns that more than one could not be started. */
  beAlone() {
    if (!this.#modules) return;
    this.#modules.threads = 1;
    this.#tell();
  }

  /** What a verdict is about: another browser or another module may do better. */
  get #judged() {
    return [this.#adapter?.adapter, navigator.userAgent, MODULES.pathname].join(' ');
  }

  /** @returns {Found | undefined} */
  get #found() {
    return this.#modules && this.#adapter && { ...this.#modules, ...this.#adapter, verdict: this.#verdict };
  }

  /** What is known of the GPU, if anything is. @returns {Verdict | undefined} */
  get #verdict() {
    const kept = /** @type {Partial<Verdict> | null} */ (setting(KEPT));
    if (typeof kept !== 'object' || kept?.of !== this.#judged || typeof kept.trusted !== 'boolean') return undefined;
    const { pace } = kept;
    return { of: kept.of, trusted: kept.trusted, pace: typeof pace?.gpu === 'number' && typeof pace.cpu === 'number' ? pace : undefined };
  }

  /**
   * Whether it is to be found out beside a run what the other device comes to: beside one on a GPU that nobody has seen at
   * work, and beside one on the CPU where the page may choose a GPU of which it does not know enough.
   * @param {string | undefined} on what the run is on @param {(pace: unknown) => boolean} covers whether a `Pace` is about such a run
   */
  isOpen(on, covers) {
    const { verdict, adapter, software, built } = this.#found ?? {};
    if (on === 'webgpu') return verdict?.trusted !== true;
    return this.isLeftToPage && adapter !== undefined && !software && built === true && verdict?.trusted !== false && !covers(verdict?.pace);
  }

  /** Learns that the GPU comes to what the CPU comes to, and how fast both are if that is known. @param {Pace | undefined} pace */
  trust(pace) {
    this.#judge({ trusted: true, pace: pace ?? this.#verdict?.pace });
  }

  /** Learns that training on the GPU fails: it is left to those who choose it from now on. */
  distrust() {
    this.#judge({ trusted: false });
    if (!this.isLeftToPage) this.preferences.set('device', AUTO);
  }

  /** @param {Omit<Verdict, 'of'>} verdict */
  #judge(verdict) {
    keepSetting(KEPT, { of: this.#judged, ...verdict });
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
