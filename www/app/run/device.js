// Where to train: a real GPU if there is one, else the CPU; or what the person says.

import { framed } from '../base/around.js';
import { t } from '../base/i18n.js';
import { MODULES } from '../place.js';

/** @import { DeviceName } from './worker-client.js' */
/** @import { Preferences } from '../base/preferences.js' */

/** Adapters that are programs, by the names that they give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** A batch has eight parts. */
const MOST_THREADS = 8;

/**
 * @typedef {object} Found
 * @property {string} [adapter] its name, if there is one
 * @property {boolean} software
 * @property {boolean} built whether this copy of the page has the module for it
 * @property {number} threads that training on the CPU may have
 */

/** The part of WebGPU that is asked. @typedef {{ requestAdapter(): Promise<{ info?: { vendor?: string, architecture?: string, device?: string, description?: string, isFallbackAdapter?: boolean }, isFallbackAdapter?: boolean } | null> }} Gpu */

/** @returns {Promise<Found>} */
export async function findDevice() {
  /** @type {Record<string, boolean>} */
  const list = await fetch(MODULES).then((answer) => (answer.ok ? answer.json() : {}), () => ({}));
  const built = list.webgpu === true;
  // Threads share a memory, which only an isolated page gets.
  const threads = list.threads === true && self.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1;
  const gpu = /** @type {{ gpu?: Gpu }} */ (navigator).gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (!adapter) return { software: false, built, threads };
  const info = adapter.info ?? {};
  const name = info.description || [info.vendor, info.device || info.architecture].filter(Boolean).join(' ') || t('device.unnamed');
  const software = info.isFallbackAdapter === true || adapter.isFallbackAdapter === true || SOFTWARE.test(`${name} ${info.architecture}`);
  return { adapter: name, software, built, threads };
}

/**
 * The device, and in one line why.
 * @param {Found | undefined} found
 * @param {string} wish
 * @returns {{ device: DeviceName, why: string }}
 */
export function chooseDevice(found, wish) {
  if (!found) return { device: 'cpu', why: t('device.looking') };
  const adapter = found.adapter ?? '';
  if (wish === 'cpu') return { device: 'cpu', why: t('device.forced-cpu') };
  if (wish === 'webgpu') {
    if (!found.built) return { device: 'cpu', why: t('device.forced-missing') };
    return { device: 'webgpu', why: t('device.forced-webgpu', { adapter: adapter || t('device.unnamed') }) };
  }
  if (!found.adapter) return { device: 'cpu', why: t(framed ? 'device.none-framed' : 'device.none') };
  if (found.software) return { device: 'cpu', why: t('device.software', { adapter }) };
  if (!found.built) return { device: 'cpu', why: t('device.not-built') };
  return { device: 'webgpu', why: t('device.gpu', { adapter }) };
}

export class Device {
  /** @type {Found | undefined} */
  #found;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Preferences} preferences */
  constructor(preferences) {
    this.preferences = preferences;
    preferences.subscribe((changed) => { if (changed.includes('device')) this.#tell(); });
    /** Settled once it is known what there is. */
    this.ready = findDevice().then((found) => { this.#found = found; this.#tell(); });
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** Whether WebGPU is there at all, as soon as it has been asked for. */
  get hasAdapter() {
    return this.#found?.adapter !== undefined;
  }

  get choice() {
    const choice = chooseDevice(this.#found, this.preferences.get('device'));
    if (choice.device === 'webgpu' || this.threads === 1) return choice;
    return { ...choice, why: t('device.threads', { why: choice.why, threads: this.threads }) };
  }

  /** How many train on the CPU, as soon as that is known. */
  get threads() {
    return this.#found?.threads ?? 1;
  }

  /** Learns that more than one could not be started. */
  beAlone() {
    if (!this.#found) return;
    this.#found.threads = 1;
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
