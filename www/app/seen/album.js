// A data set from a person's pictures: their classes with some pictures of each, what they become, and the making of it.

import { AskedWorker } from '../base/asked.js';
import { breathe, h, setText } from '../base/dom.js';
import { number, plural, problemText, t } from '../base/i18n.js';
import { isProblem } from '../base/is-problem.js';
import { announce, offerUndo } from '../base/messages.js';
import { Pad } from '../base/pad.js';
import { AlbumForm } from './album-form.js';
import { Camera } from './camera.js';
import { judge } from './judge.js';
import { ClassRow } from './class-row.js';
import { Making } from './making.js';
import { PICTURES } from '../place.js';

/** @import { Contents, ImageForm, Sorted } from '../core.d.ts' */
/** @import { Engine } from '../engine.js' */
/** @import { Labelled, Unpacked } from '../../worker/pictures.js' */
/** @import { Judged } from './judge.js' */

/** A picture, and where it lies. @typedef {{ file: File, path: string }} Picture */

/** Classes after which a set is called. */
const NAMED = 4;
/** What the files of sets are called. */
export const ENDING = '.album';

export class AlbumDialog {
  #camera = new Camera((why) => this.#filmed(why));
  /** For which class it takes pictures. @type {ClassRow | undefined} */
  #held;
  /** The class in hand, which has what is pasted. @type {ClassRow | undefined} */
  #marked;
  /** Why the camera is off, where it was not the person who turned it off. */
  #unfilmed = '';
  /** Where signs are drawn, as long as it is there. @type {Pad | undefined} */
  #pad;
  #drawings = 0;
  #worker = new AskedWorker(PICTURES, () => {});
  /** By the name that they were found under. @type {Map<string, ClassRow>} */
  #rows = new Map();
  /** What has to be said of the pictures that were found. @type {string[]} */
  #remarks = [];
  /** What was wrong with files. @type {string[]} */
  #problems = [];
  /** @type {HTMLDialogElement | undefined} */
  #dialog;
  /** How often the pictures were to be shown: only the last time counts. */
  #look = 0;

  /** The set that is here, to which pictures can be added. @type {{ file: File, contents: Contents } | undefined} */
  #base;

  /** @param {Engine} engine @param {() => File | undefined} here the file of the set in use, if it is one @param {(set: File, problems: string[]) => void} made */
  constructor(engine, here, made) {
    this.engine = engine;
    this.here = here;
    this.made = made;
  }

  get isOpen() {
    return this.#dialog !== undefined;
  }

  /** Whether these are enough for a set, or for more of one. @param {Picture[]} pictures */
  takes(pictures) {
    return pictures.length > 1 || (pictures.length > 0 && this.isOpen);
  }

  /** Takes the pictures out of archives; one without is data. @param {Judged} found @returns {Promise<Judged>} */
  async unpacked(found) {
    const { archive, ...rest } = { ...found, data: [...found.data], pictures: [...found.pictures], problems: [...found.problems] };
    for (const file of archive) {
      try {
        /** @type {Unpacked} */
        const { pictures, problems } = await this.#worker.do((ask) => ask({ kind: 'unpack', file }));
        rest.pictures.push(...pictures);
        rest.problems.push(...problems.map((problem) => problemText(problem)));
        if (pictures.length === 0) rest.data.push(file);
      } catch (thrown) {
        if (!isProblem(thrown)) throw thrown;
        rest.problems.push(problemText(thrown));
      }
    }
    if (!this.#dialog) this.#worker.rest();
    return { ...rest, archive: [] };
  }

  /** Takes pictures, beside those that are here. @param {Picture[]} found @param {string[]} problems of other files */
  async take(found, problems) {
    // Each system lists a folder in an order of its own: the same folder is to be the same set everywhere.
    const pictures = found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
    this.#problems.push(...problems);
    if (!this.#dialog) this.#open();
    // Thousands of them, and a window that opens, are more than one frame has time for.
    await breathe();
    if (!this.#dialog) return;
    /** @type {Sorted[]} */
    const sorted = this.engine.sortPictures(pictures.map(({ path }) => path));
    let [lost, aside] = [0, 0];
    for (const [at, { file }] of pictures.entries()) {
      const place = sorted[at];
      if (place?.aside) aside += 1;
      else if (!place?.class) lost += 1;
      else this.#row(place.class).pictures.push({ file, class: place.class, part: place.part });
    }
    if (lost > 0) this.#remarks.push(plural('album.no-class', lost));
    if (aside > 0) this.#remarks.push(plural('album.aside', aside));
    this.#changed();
  }

  #open() {
    this.form = new AlbumForm(this.engine.pictureForms(), () => this.#formed());
    this.camera = h('button', { type: 'button', class: 'small', onclick: () => void this.#turn() }, t('album.camera'));
    this.pen = h('button', { type: 'button', class: 'small', onclick: () => this.#unfold() }, t('album.pad'));
    this.sheet = h('div', { class: 'album-pad', hidden: true });
    this.list = h('div', { class: 'album-classes' });
    this.state = h('p', { class: 'caption', role: 'status' });
    this.making = new Making(this.#worker, this.state);
    this.make = h('button', { type: 'button', class: 'small primary', onclick: () => void this.#make() }, t('album.make'));
    const dialog = h('dialog', { class: 'album-dialog', 'aria-labelledby': 'album-title' },
      h('h2', { id: 'album-title' }, t('album.title')),
      this.form.element,
      h('div', { class: 'album-tools' }, this.camera, this.pen, h('button', { type: 'button', class: 'small', onclick: () => this.#newClass() }, t('album.new'))),
      this.#camera.element, this.sheet, this.list, h('p', { class: 'caption album-paste' }, t('album.paste-hint')), this.state, this.making.bar,
      h('form', { method: 'dialog', class: 'dialog-end' }, h('button', { class: 'small' }, t('dialog.cancel')), this.make));
    dialog.addEventListener('close', () => this.#close());
    document.body.append(dialog);
    dialog.showModal();
    this.#dialog = dialog;
    void this.#findBase();
  }

  /** Opens with the camera on, and two classes to fill. */
  async shoot() {
    this.#begin();
    await this.#turn();
  }

  /** Opens with the drawing pad, and two classes to fill. */
  draw() {
    this.#begin();
    this.form?.show(this.engine.pictureForms().drawn);
    this.#unfold();
  }

  #begin() {
    if (!this.#dialog) this.#open();
    const row = this.#newClass();
    this.#newClass();
    this.#mark(row);
  }

  /** Turns the camera on, or off. */
  async #turn() {
    // One way at a time: there is not room for both.
    if (this.#pad) this.#unfold();
    const why = this.#camera.on ? this.#camera.stop() : await this.#camera.start();
    // Closed before the person had allowed it.
    if (!this.#dialog) return this.#camera.stop();
    this.#filmed(why ?? '');
  }

  /** The camera is on, or off. @param {string} why where it was not the person who turned it off */
  #filmed(why) {
    this.#unfilmed = why;
    if (this.camera) setText(this.camera, t(this.#camera.on ? 'album.camera-off' : 'album.camera'));
    this.#offer();
    this.#tell();
  }

  /** Shows the drawing pad, or puts it away. */
  #unfold() {
    if (!this.sheet || !this.pen) return;
    if (this.#camera.on) this.#filmed(this.#camera.stop() ?? '');
    this.#pad = this.#pad ? undefined : new Pad(this.engine.newInk, 'album-pad-hint', {});
    this.sheet.hidden = !this.#pad;
    this.sheet.replaceChildren(...(this.#pad ? [this.#pad.element, h('div', {}, h('p', { class: 'caption', id: 'album-pad-hint' }, t('album.pad-hint'), ' ', h('span', { class: 'for-keys' }, t('album.pad-keys'))), this.#pad.clearButton,
      h('button', { type: 'button', class: 'small', onclick: () => this.#unfold() }, t('album.pad-off')))] : []));
    this.pen.hidden = this.#pad !== undefined;
    this.#offer();
    this.#tell();
  }

  /** Each class has the buttons of the ways that are open. */
  #offer() {
    for (const row of this.#rows.values()) [row.shoot.hidden, row.add.hidden] = [!this.#camera.on, !this.#pad];
  }

  /** Adds what is drawn to a class, and empties the pad for the next drawing. @param {ClassRow} row */
  #draw(row) {
    const picture = this.#pad?.picture;
    if (!picture) return this.#say(t('album.nothing-drawn'), true);
    this.#pad?.clear();
    this.#drawings += 1;
    this.#shot(row, new File([picture], t('album.drawn', { number: this.#drawings }), { type: picture.type }));
  }

  #newClass() {
    let at = this.#rows.size + 1;
    while (this.#rows.has(t('album.new-name', { number: at }))) at += 1;
    const row = this.#row(t('album.new-name', { number: at }));
    this.#mark(row);
    this.#tell();
    return row;
  }

  /** A picture was taken or drawn. @param {ClassRow} row @param {File[]} files */
  #shot(row, ...files) {
    row.pictures.push(...files.map((file) => ({ file, class: row.found })));
    this.#changed();
  }

  /** Files were chosen for a class, or pasted: their names say nothing. @param {Judged} found @param {ClassRow | undefined} [row] */
  give({ pictures, problems, ...others }, row = this.#marked) {
    if (!this.#dialog) return;
    this.#problems.push(...problems, ...Object.values(others).flat().map(({ name }) => problemText({ code: 'beside-pictures', field: null, params: { file: name } })));
    this.#shot(row ?? this.#newClass(), ...pictures.map(({ file }) => file));
  }

  /** The class in hand is marked. @param {ClassRow} row */
  #mark(row) {
    this.#marked = row;
    for (const other of this.#rows.values()) other.mark(other === row);
  }

  /** Offers to add to the set that is here, if it is one of pictures. */
  async #findBase() {
    const [file, dialog] = [this.here(), this.#dialog];
    if (!file) return;
    try {
      /** @type {Contents} */
      const contents = await this.#worker.do((ask) => ask({ kind: 'open', file }));
      if (dialog !== this.#dialog) return;
      this.#base = { file, contents };
      this.form?.offerAdding();
    } catch (thrown) {
      // It is of another kind, to which nothing can be added.
      if (!isProblem(thrown)) throw thrown;
    }
  }

  /** The set that is to have these too. */
  get #added() {
    return this.form?.adds ? this.#base : undefined;
  }

  /** Another form, or another way, was chosen: what is added takes the form of what is there. */
  #formed() {
    this.form?.show(this.#form ?? this.form.value, this.#added !== undefined);
    this.#changed();
  }

  #close() {
    this.#camera.stop();
    this.making?.stop();
    this.#look += 1;
    this.#dialog?.remove();
    this.#dialog = this.#base = this.#pad = this.#marked = undefined;
    this.#unfilmed = '';
    // One key puts away what took an hour.
    const rows = [...this.#rows.values()].filter(({ pictures }) => pictures.length > 0);
    const form = this.#form;
    if (rows.length > 0) offerUndo(plural('album.put-away', rows.flatMap(({ pictures }) => pictures).length), () => this.#bringBack(rows, form));
    this.#rows.clear();
    [this.#remarks, this.#problems] = [[], []];
    this.#worker.rest();
  }

  /** Opens again with classes that were put away. @param {ClassRow[]} rows @param {ImageForm | undefined} form */
  #bringBack(rows, form) {
    if (!this.#dialog) this.#open();
    if (form) this.form?.show(form);
    for (const row of rows) {
      const known = this.#rows.get(row.found);
      if (known) known.pictures.push(...row.pictures);
      else {
        this.#rows.set(row.found, row);
        this.list?.append(row.element);
        this.#mark(row);
      }
    }
    this.#offer();
    this.#changed();
  }

  /** What the pictures are to become; nothing before the dialog was open. */
  get #form() {
    return this.#added?.contents.form ?? this.form?.value;
  }

  /** The row of a class. @param {string} name */
  #row(name) {
    const known = this.#rows.get(name);
    if (known) return known;
    const row = new ClassRow(name, {
      changed: () => this.#tell(),
      hold: (of) => {
        this.#held = of;
        this.#camera.hold((file) => this.#shot(of, file));
      },
      // A button that loses the focus to another one is released after that one was pressed.
      release: (of) => { if (this.#held === of) this.#camera.release(); },
      draw: (of) => this.#draw(of),
      choose: async (of, files) => this.give(await judge(this.engine, files), of),
      removed: () => this.#changed(),
      mark: (of) => this.#mark(of),
    });
    this.#rows.set(name, row);
    if (!this.#marked) this.#mark(row);
    this.#offer();
    this.list?.append(row.element);
    return row;
  }

  /** The pictures of the classes that are used, under the names that these have now. @returns {Labelled[]} */
  #chosen() {
    return [...this.#rows.values()].flatMap((row) => row.chosen);
  }

  #changed() {
    this.#tell();
    void this.#show();
  }

  /** Says what is here, and whether it can be a set. */
  #tell() {
    for (const row of this.#rows.values()) row.tell();
    const chosen = this.#chosen();
    const there = this.#added?.contents;
    const classes = [...new Set([...(there?.classes ?? []), ...chosen.map((picture) => picture.class)])];
    const parts = chosen.some(({ part }) => part === 'test') ? t('album.own-parts') : t('album.split');
    let why = '';
    try {
      this.engine.checkClasses(classes.length);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      why = problemText(thrown);
    }
    if (this.make) this.make.disabled = why !== '' || this.making?.isOn === true;
    // Whoever has just begun has done nothing wrong.
    const isBegun = why !== '' && (this.#pad !== undefined || this.#camera.on || chosen.length === 0);
    const words = [isBegun ? t('album.begin') : why || t('album.found', { pictures: number(chosen.length + (there?.count ?? 0)), classes: number(classes.length) }), !why && parts, ...this.#remarks, ...this.#problems];
    this.#say([this.#unfilmed, ...words].filter(Boolean).join(' '), (why !== '' && !isBegun) || this.#unfilmed !== '');
  }

  /** Shows some pictures of each class as they will be. */
  async #show() {
    const look = (this.#look += 1);
    const [rows, form] = [[...this.#rows.values()], this.#form];
    if (!form) return;
    const groups = rows.map((row) => row.shown);
    const files = groups.flat().map(({ file }) => file);
    try {
      /** @type {(Uint8ClampedArray<ArrayBuffer> | undefined)[]} */
      const shown = await this.#worker.do((ask) => (look === this.#look ? ask({ kind: 'show', form, files }) : Promise.resolve([])));
      if (look !== this.#look) return;
      rows.forEach((row, at) => row.paint(groups[at] ?? [], shown.splice(0, groups[at]?.length), form.edge));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.#say(problemText(thrown), true);
    }
  }

  async #make() {
    const [pictures, added, form] = [this.#chosen(), this.#added, this.#form];
    if (!form) return;
    this.#busy(true);
    try {
      const made = await this.making?.make(pictures, form, added?.file);
      if (!made) return;
      const names = [...new Set([...(added?.contents.classes ?? []), ...pictures.map((picture) => picture.class)])].slice(0, NAMED).join(', ');
      const said = [...this.#problems, ...made.problems.map((problem) => problemText(problem))];
      this.#rows.clear();
      this.#dialog?.close();
      this.made(new File([made.bytes], `${names}${ENDING}`), said);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      this.#busy(false);
      this.#say(problemText(thrown), true);
    }
  }

  /** @param {boolean} is */
  #busy(is) {
    if (!this.make) return;
    this.make.disabled = is;
    for (const control of this.#dialog?.querySelectorAll('select, input') ?? []) control.toggleAttribute('disabled', is);
    if (!is) this.#formed();
  }

  /** @param {string} text @param {boolean} bad */
  #say(text, bad) {
    if (!this.state) return;
    setText(this.state, text);
    this.state.classList.toggle('bad', bad);
    announce(text);
  }
}
