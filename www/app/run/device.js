// Where to train: a real GPU if there is one, else the CPU; or what the person says.

import { framed } from '../base/around.js';
import { t } from '../base/i18n.js';
import { inTime } from '../base/in-time.js';
import { AUTO } from '../base/preferences.js';
import { keepSetting, setting } from '../base/storage.js';
import { MODULES } from '../place.js';

/** @import { DeviceName } from './worker-client.js' */
/** @import { Preferences } from '../base/preferences.js' */

/** Adapters that are programs, by the names that they give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** Under which name it is kept how a GPU did: of which adapter, browser and module, and whether it can be trusted. */
const KEPT = 'gpu';

/** A batch has eight parts. */
const MOST_THREADS = 8;

/** @typedef {{ adapter?: string, software: boolean }} Adapter its name, if there is one */

/** @typedef {{ built: boolean, threads: number }} Modules whether this copy of the page has the module for GPUs, and the threads that training on the CPU may have */

/** @typedef {Adapter & Modules & { distrusted: boolean }} Found `distrusted` where training on the GPU has failed */

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
  const name = info.description || [info.vendor, info.device || info.architecture].filter(Boolean).join(' ') || t('device.unnamed');
  const software = info.isFallbackAdapter === true || adapter.isFallbackAdapter === true || SOFTWARE.test(`${name} ${info.architecture}`);
  return { adapter: name, software };
}

/**
 * The device, and in one line why.
 * @param {Found | undefined} found
 * @param {string} wish
 * @returns {{ device: DeviceName, why: string }}
 */
export function chooseDevice(found, wish) {
  if (wish === 'cpu') return { device: 'cpu', why: t('device.forced-cpu') };
  if (!found) return { device: 'cpu', why: t('device.looking') };
  const adapter = found.adapter ?? '';
  if (wish === 'webgpu') {
    if (!found.built) return { device: 'cpu', why: t('device.forced-missing') };
    return { device: 'webgpu', why: t('device.forced-webgpu', { adapter: adapter || t('device.unnamed') }) };
  }
  if (found.distrusted) return { device: 'cpu', why: t('device.distrusted', { adapter }) };
  if (!found.adapter) return { device: 'cpu', why: t(framed ? 'device.none-framed' : 'device.none') };
  if (found.software) return { device: 'cpu', why: t('device.software', { adapter }) };
  if (!found.built) return { device: 'cpu', why: t('device.not-built') };
  return { device: 'webgpu', why: t('device.gpu', { adapter }) };
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
    if (this.#adapter && !this.#adapter.adapter && 'gpu' in navigator) this.adapter = this.#lookForAdapter();
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
    const found = this.#modules && this.#adapter && { ...this.#modules, ...this.#adapter, distrusted: this.#trusted === false };
    const choice = chooseDevice(found, this.preferences.get('device'));
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

  /** Whether the GPU has been seen to come to what the CPU comes to, or to fail; undefined if neither. */
  get #trusted() {
    const kept = setting(KEPT);
    return typeof kept === 'object' && kept !== null && 'of' in kept && kept.of === this.#judged && 'trusted' in kept ? kept.trusted === true : undefined;
  }

  /** Whether the results of the GPU still have to be compared with those of the CPU. */
  get isUnproven() {
    return this.#trusted !== true;
  }

  /** Learns that the GPU comes to what the CPU comes to. */
  trust() {
    this.#judge(true);
  }

  /** Learns that training on the GPU fails: it is left to those who choose it from now on. */
  distrust() {
    this.#judge(false);
    if (!this.isLeftToPage) this.preferences.set('device', AUTO);
  }

  /** @param {boolean} trusted */
  #judge(trusted) {
    keepSetting(KEPT, { of: this.#judged, trusted });
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
