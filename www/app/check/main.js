// Many links at once, for a teacher: each result that one claims is trained again and compared. Nothing is kept, so that
// the person's own runs stay as they are.

import { byId, stands } from '../base/dom.js';
import { dressed } from '../base/header.js';
import { thrownText } from '../base/i18n.js';
import { Nowhere } from '../base/nowhere.js';
import { Preferences } from '../base/preferences.js';
import { RunStore } from '../base/storage.js';
import { loadEngine } from '../engine.js';
import { Experiment } from '../experiment/experiment.js';
import { Device } from '../run/device.js';
import { Training } from '../run/training.js';
import { Runs } from '../runs/list.js';
import { FirstImages } from '../seen/images.js';
import { OwnData } from '../seen/own-data.js';
import { besideHref, hrefOf } from '../share/codes.js';
import { Checker } from './checker.js';
import { ClassView } from './class.js';
import { HandedIn } from './files.js';
import { People } from './people.js';
import { PredictionsView } from './predictions.js';
import { LinkTable } from './table.js';

async function start() {
  const engine = await loadEngine();
  await dressed('check.title');
  byId('back').setAttribute('href', hrefOf(''));
  byId('notes').setAttribute('href', besideHref('teaching.html'));

  const preferences = new Preferences();
  const store = new RunStore(null, new Nowhere());
  void store.open();
  const runs = new Runs(engine.newBook(), store);
  const experiment = new Experiment(engine);
  const files = new OwnData(experiment, new FirstImages(engine, experiment), store);
  const training = new Training(engine, runs, new Device(preferences), files);
  const checker = new Checker(engine, preferences, training);
  const table = new LinkTable(checker);
  new ClassView(checker);
  new PredictionsView(checker);
  new HandedIn(engine, (text) => table.add(text));
  new People(engine);
  stands();
}

// `not-started.js` hears of it.
start().catch((thrown) => { throw new Error(thrownText(thrown), { cause: thrown }); });
