// The run that is pointed at, on a chart, in a table or in a sentence: marked wherever it is shown.

/** What an element says of itself that shows one run, or all that repeat it: `data-of-run`, the number of one of them. */
export const OF_RUN = 'data-of-run';

export class Pointed {
  /** @type {number | undefined} */
  id;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {HTMLElement} place all that can be pointed at */
  constructor(place) {
    this.place = place;
    const follow = /** @param {Event} event */ ({ target }) => {
      const shown = target instanceof Element ? target.closest(`[${OF_RUN}]`) : null;
      // On a chart, the plot says which curve is meant.
      if (shown || !(target instanceof Element && target.closest('.chart-plot'))) this.set(shown ? Number(shown.getAttribute(OF_RUN)) : undefined);
    };
    place.addEventListener('pointerover', follow);
    place.addEventListener('focusin', follow);
    place.addEventListener('pointerleave', () => this.set(undefined));
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {number | undefined} id */
  set(id) {
    if (id === this.id) return;
    this.id = id;
    for (const shown of this.place.querySelectorAll(`[${OF_RUN}]`)) this.mark(shown);
    for (const listener of this.#listeners) listener();
  }

  /** Marks an element that has just come, or does not. @param {Element} shown */
  mark(shown) {
    shown.classList.toggle('pointed', this.id !== undefined && shown.getAttribute(OF_RUN) === String(this.id));
  }
}
