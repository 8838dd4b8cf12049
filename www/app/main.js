// Wires the page together.

import { about } from './base/about.js';
import { knowSources } from './base/sources.js';
import { Address, inAddress } from './experiment/address.js';
import { startAhead } from './run/ahead.js';
import { stayAwake } from './run/awake.js';
import { Given } from './run/given.js';
import { Calculator } from './calculator/panel.js';
import { Charts } from './charts/charts.js';
import { Controls } from './experiment/controls.js';
import { Counters } from './run/counters.js';
import { Device } from './run/device.js';
import { breathe, byId, stands } from './base/dom.js';
import { takeDrops } from './seen/drops.js';
import { framed } from './base/around.js';
import { Frame } from './embed/frame.js';
import { Parts } from './embed/parts.js';
import { loadEngine } from './engine.js';
import { Experiment } from './experiment/experiment.js';
import { devicePanel, languageList, themeButton } from './base/header.js';
import { fillWords, loadLanguage, t, thrownText } from './base/i18n.js';
import { effect } from './seen/effects.js';
import { FirstImages } from './seen/images.js';
import { Inside } from './inside/panel.js';
import { Living } from './living/living.js';
import { keepRuns, offerHalted, offerInterrupted, restoreRuns } from './run/interrupted.js';
import { loadForThreads } from './run/isolation.js';
import { Labs } from './lab/labs.js';
import { LabPanel } from './lab/panel.js';
import { showFirstSteps } from './lab/first.js';
import { LabPicker } from './lab/picker.js';
import { note, noteLinkProblems } from './base/messages.js';
import { NetworkPanel } from './network/panel.js';
import { keepForOffline } from './base/offline.js';
import { OwnData } from './seen/own-data.js';
import { painted } from './painted.js';
import { PastedCode } from './network/pasted.js';
import { Preferences } from './base/preferences.js';
import { Preview } from './seen/preview.js';
import { Queue } from './run/queue.js';
import { RunBar } from './run/bar.js';
import { RunsTable } from './runs/table.js';
import { Runs } from './runs/list.js';
import { ClaimLine } from './share/claim.js';
import { ShareDialog } from './share/dialog.js';
import { listenToKeys } from './run/shortcuts.js';
import { seenMenu } from './seen/picture.js';
import { SavedRuns, noteUnread } from './runs/file.js';
import { RunStore } from './base/storage.js';
import { Switches } from './experiment/switches.js';
import { Training } from './run/training.js';

/** @import { Run } from './runs/list.js' */

async function start() {
  await painted;
  const engine = await loadEngine();
  knowSources(engine.sources());
  const { view, frame } = engine.openLink(inAddress());
  document.documentElement.toggleAttribute('data-embed', frame.embed);
  await loadLanguage(view.lang);
  fillWords(document);
  document.title = t('page.name');

  const experiment = new Experiment(engine);
  const preferences = new Preferences();
  const address = new Address(engine, experiment, preferences, noteLinkProblems);
  address.open();

  // The first paint should not wait for all of it.
  await breathe();
  // The link that the frame was opened with, also after a reload: by then the address says what was chosen since.
  const home = frame.embed ? String(history.state?.home ?? location.hash) : null;
  if (home !== null) history.replaceState({ home }, '');
  const store = new RunStore(home);
  const runs = new Runs(engine.newBook(), store);
  const device = new Device(preferences);
  const first = new FirstImages(engine, experiment);
  const own = new OwnData(experiment, first, store);
  const saved = new SavedRuns(runs);
  const training = new Training(engine, runs, device, own);
  const pasted = new PastedCode(experiment, engine);
  const given = new Given(experiment, training);
  /** @type {Inside | undefined} */
  let looks;
  takeDrops(own, saved, { code: (code) => pasted.open(code), weights: (file) => given.use(file.name, file), picture: (file) => looks?.take(file) ?? false });

  const switches = new Switches(byId('switches'), experiment);
  new Controls(byId('controls'), experiment, own.element);
  const preview = new Preview(byId('seen'), experiment, first, runs);
  switches.effect = (key) => effect(key, { engine, experiment, first, preview });
  seenMenu(byId('seen-head'), byId('seen'), experiment);
  await breathe();
  const bar = new RunBar(byId('run-bar'), experiment, training, given);
  bar.moving = ['charts', 'network'].map((id) => byId(id).closest('.panel') ?? byId(id));
  new Counters(byId('counters'), experiment, training);
  const charts = new Charts(byId('charts'), byId('chart-tools'), runs, experiment, address);
  await breathe();
  const queue = new Queue(experiment, training);
  const inside = new Inside({ body: byId('inside'), tools: byId('inside-tools') }, { engine, runs, training, own });
  looks = inside;
  const openLayer = /** @param {string} path */ (path) => inside.openLayer(path);
  const panel = new NetworkPanel(byId('network'), experiment, engine, pasted, openLayer);
  byId('network-tools').prepend(given.button);
  const living = new Living(panel, openLayer, { engine, experiment, first, preview, runs, training, own, given });
  await breathe();
  new RunsTable({ body: byId('runs'), tools: byId('runs-tools'), finding: byId('finding') }, { engine, experiment, runs, training, queue, saved, given });
  new ClaimLine(byId('claim'), { experiment, address, runs });

  await breathe();
  const labs = new Labs(engine, experiment, preferences, training, queue, inside, first);
  const picker = new LabPicker(byId('labs-button'), labs);
  new LabPanel(byId('lab'), labs, () => picker.show());
  if (!frame.embed) showFirstSteps(charts.empty, labs, queue);
  await breathe();
  new Calculator(byId('calculator'), byId('calculator-button'), engine, experiment, runs);

  themeButton(preferences, () => charts.redraw());
  languageList(preferences);
  devicePanel(device, preferences);
  await breathe();
  new ShareDialog({ engine, experiment, address, runs, given, living });
  new Parts(engine, experiment, preferences);
  listenToKeys(bar, switches);
  keepRuns(training);
  offerHalted(queue, labs);
  const { kind } = experiment.field('data');
  about(kind.type === 'choice' ? kind.words : []);
  if (frame.embed && framed) new Frame({ engine, experiment, preferences, address, training, labs, device, queue, bar, store, inside, living });
  stands();

  first.load();
  startAhead(first, experiment, training);
  stayAwake(training);
  loadForThreads(first, training);
  keepForOffline(first);
  await store.open();
  /** @param {Run[]} found */
  const offer = (found) => offerInterrupted(found, { experiment, training, queue, labs, own });
  const { interrupted, unread } = await restoreRuns(runs, (run) => void offer([run]));
  noteUnread(unread);
  await own.restore();
  await offer(interrupted);
}

start().catch((thrown) => {
  const detail = thrownText(thrown);
  // Before the page stands, `not-started.js` hears of it.
  if (byId('page').getAttribute('aria-busy') === 'false') note(t('page.failed', { detail }));
  throw new Error(detail, { cause: thrown });
});
