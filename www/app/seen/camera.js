// The camera: what it sees, and pictures of that for as long as a button is held.

import { h } from '../base/dom.js';
import { hasWords, t } from '../base/i18n.js';
import { readsBack } from '../base/read-back.js';

/** Milliseconds between two pictures. */
const PAUSE = 100;
/** Pixels that are asked for: far more than any image of a set has. */
const SIZE = { width: 640, height: 480 };

export class Camera {
  /** @type {MediaStream | undefined} */
  #stream;
  /** While the person is asked. @type {Promise<string> | undefined} */
  #asking;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #taken = 0;
  #canvas = h('canvas', SIZE);

  /** @param {(why: string) => void} ended told in words when it goes off by itself */
  constructor(ended) {
    this.ended = ended;
    this.element = h('video', { class: 'album-video', hidden: true, muted: true, playsinline: true, 'aria-label': t('album.camera') });
  }

  /** Whether it is on. */
  get on() {
    return this.#stream !== undefined;
  }

  /** Turns it on; gives in words why that cannot be. @returns {Promise<string>} */
  async start() {
    this.#asking ??= this.#start();
    try {
      return await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  async #start() {
    if (!navigator.mediaDevices) return t('album.camera-failed.SecurityError');
    const context = this.#canvas.getContext('2d');
    if (context && !readsBack(context)) return t('album.camera-failed.noise');
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { ...SIZE, facingMode: 'environment' } });
      for (const track of this.#stream.getTracks()) track.addEventListener('ended', () => this.#end(track));
      this.element.srcObject = this.#stream;
      this.element.hidden = false;
      await this.element.play();
      return '';
    } catch (thrown) {
      this.stop();
      const { name } = /** @type {Error} */ (thrown);
      const key = `album.camera-failed.${name}`;
      return hasWords(key) ? t(key) : t('album.camera-failed', { detail: name });
    }
  }

  /** It was taken away, or forbidden meanwhile. @param {MediaStreamTrack} track */
  #end(track) {
    if (!this.#stream?.getTracks().includes(track)) return;
    this.stop();
    this.ended(t('album.camera-ended'));
  }

  stop() {
    this.release();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.element.srcObject = null;
    this.element.hidden = true;
  }

  /** Takes pictures until it is released. @param {(picture: File) => void} take */
  hold(take) {
    this.release();
    const shoot = () => void this.#shoot(take);
    this.#timer = setInterval(shoot, PAUSE);
    shoot();
  }

  release() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @param {(picture: File) => void} take */
  async #shoot(take) {
    const { videoWidth: width, videoHeight: height } = this.element;
    if (width === 0) return;
    Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext('2d')?.drawImage(this.element, 0, 0);
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => { this.#canvas.toBlob(resolve, 'image/jpeg'); });
    this.#taken += 1;
    if (blob) take(new File([blob], t('album.shot', { number: this.#taken }), { type: blob.type }));
  }
}
