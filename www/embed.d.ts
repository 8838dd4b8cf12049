/**
 * `<cnn-playground>` and protocol version 1, in which the playground and the page around it talk.
 * `docs/embedding.md` of the project says how it goes.
 */

/** The value of a field, as a link has it: `true` is `on`, `[0.5, 0.5, 0.5]` is `0.5,0.5,0.5`. */
export type Value = boolean | number | number[] | string;

/** Why something was dropped or failed: a stable code, the field it is about, and the facts. */
export interface Problem {
  code: string;
  field: string | null;
  params: Record<string, string>;
}

/** What a run came to so far. */
export interface Run {
  /** What the page calls it by, from 1. */
  number: number;
  /** Its name, if it has one. */
  label: string | null;
  /** Its experiment, as the text of a link. */
  link: string;
  device: 'cpu' | 'webgpu';
  state: 'starting' | 'training' | 'paused' | 'done' | 'stopped' | 'failed';
  /** Steps made, and of how many. */
  step: number;
  steps: number;
  /** Epochs made (with fractions), and of how many. */
  epoch: number;
  epochs: number;
  /** Training images seen. */
  samples: number;
  /** Seconds of work. */
  seconds: number;
  /** Weights and biases. */
  parameters: number;
  /** Of the last batch; accuracy from 0 to 1. For a network that marks pixels, accuracy is the mean IoU. */
  loss: number | null;
  accuracy: number | null;
  /** The last test, over `images` test images. */
  test: Test | null;
  /** Whether somebody changed its network by hand: it is no result of its experiment then. */
  touched: boolean;
  /** Why it failed, if it did. */
  problem: Problem | null;
}

export interface Test {
  step: number;
  loss: number;
  accuracy: number;
  images: number;
}

/** What a lab came to. */
export interface Outcome {
  /** How it compares with the textbook. */
  verdict: string;
  /** Which sentence says it. */
  key: string;
  /** What would have been the right prediction; null if the runs cannot tell. */
  answer: Value | null;
  /** Whether the prediction was right; null if the runs cannot tell. */
  right: boolean | null;
  /** With how many seeds each run was made. */
  seeds: number;
}

export interface Lab {
  id: string;
  /** What the person committed to. */
  prediction: Value | null;
  /** Whether its runs are being made. */
  busy: boolean;
  outcome: Outcome | null;
}

export interface State {
  /** All that makes the page as it is, as the text of a link, without `#`. */
  link: string;
  /** What differs from the defaults. */
  choices: Record<string, Value>;
  phase: 'idle' | 'measuring' | 'starting' | 'loading' | 'training' | 'testing' | 'pausing' | 'paused' | 'done' | 'failed';
  /** Where the next run would train. */
  device: 'cpu' | 'webgpu';
  /** The run that is on, or was last. */
  run: Run | null;
  /** How many runs the page has. */
  runs: number;
  lab: Lab | null;
}

/** What a person has done, here and on other machines. */
export interface Reached {
  predicted: boolean;
  runs: number;
  explained: boolean;
  answered: number;
  /** The best test accuracy of a finished run, 0 to 1; 0 without one. */
  accuracy: number;
  reproduced: boolean;
}

/** How far a person came with the `goal` of the link. */
export interface Progress {
  /** Each goal with what there is of it, and whether that is enough. */
  goals: { goal: { kind: 'predict' | 'run' | 'explain' | 'answer' | 'accuracy' | 'reproduce'; amount: number }; reached: number; met: boolean }[];
  /** Whether there are any, and all are met. */
  done: boolean;
  /** The share that is met, 0 to 1. */
  score: number;
  reached: Reached;
}

/** What the frame is allowed. */
export interface Abilities {
  /** Whether runs and predictions outlive the page. */
  storage: boolean;
  /** Whether there is a WebGPU adapter. */
  webgpu: boolean;
  /** Whether the frame has an origin; a sandboxed one may have none. */
  origin: boolean;
}

/** Over the window, to the parent: the page is there and can be connected to. */
export interface Hello { playground: 1; type: 'hello' }
/** Over the window, to the frame, with one end of a `MessageChannel`. */
export interface Connect { playground: 1; type: 'connect' }

/** Over the port, to the frame. An `id` comes back with the answer. */
export type Command = { id?: number | string } & (
  | { type: 'run' } | { type: 'pause' } | { type: 'reset' } | { type: 'get' }
  /** From now on, `kept` says what to keep, in at most so many letters (UTF-16 units; 64,000 at most). */
  | { type: 'keep'; most: number }
  /** Takes over what was kept of this person; an empty text is a new one. */
  | { type: 'restore'; text: string }
  /** `link` opens a whole experiment; `choices` change what they name. */
  | { type: 'set'; link: string; choices?: undefined } | { type: 'set'; choices: Record<string, Value>; link?: undefined });

/** Over the port, to the parent. */
export type Message =
  /** to a command with an `id` */
  | { type: 'answer'; id: number | string; state: State; problems: Problem[] }
  /** after each connection */
  | { type: 'ready'; protocol: 1; state: State; abilities: Abilities }
  /** something changed, at most 4 a second */
  | { type: 'state'; state: State }
  /** a run makes steps, at most 4 a second */
  | { type: 'step'; run: Run }
  /** a test, after each epoch: the run as it was then */
  | { type: 'epoch'; run: Run }
  /** a run is done or has failed: all its figures */
  | { type: 'finished'; run: Run }
  /** a person committed to one */
  | { type: 'prediction'; lab: string; prediction: Value }
  /** a lab's runs are over */
  | { type: 'lab'; lab: string; outcome: Outcome; prediction: Value }
  /** what was done of the link's `goal` changed: each goal, `done`, `score` from 0 to 1 */
  | { type: 'progress'; progress: Progress }
  /** after `keep`, when what to keep changed; the problems say what there was no room for; `words` are the person's own in the open lab, whole */
  | { type: 'kept'; text: string; problems: Problem[]; words: string }
  /** the page wants another height, in pixels, at which nothing of it is cut off */
  | { type: 'resize'; height: number }
  /** something could not be done: a code, and what goes with it */
  | Fault;

/** Something that could not be done, and why. */
export interface Fault {
  type: 'error';
  /** Of the command that it answers, if it had one. */
  id?: number | string;
  code:
    /** A message that is none: `path` should have been `expected`. */
    | 'shape'
    /** More messages came than are read: `dropped` of them since the last word. */
    | 'too-many'
    /** A protocol that this page does not speak; it speaks `expected`. */
    | 'version'
    /** The network cannot work as it is, or the person has to predict first. */
    | 'cannot-run' | 'prediction-first'
    /** A run, or the page, met a problem. */
    | 'problem'
    /** From the element: no playground answered in the frame, or the frame was loaded anew before it did. */
    | 'no-answer'
    /** From the element: `src` is no address that begins with `http:` or `https:`. */
    | 'no-address';
  path?: string;
  expected?: string;
  dropped?: number;
  problem?: Problem;
}

/** Every message of this kind. */
type Of<Type extends Message['type']> = Extract<Message, { type: Type }>;

/** The events of the element; each has its message as `detail`. */
export interface CnnPlaygroundEventMap {
  ready: CustomEvent<Of<'ready'>>;
  state: CustomEvent<Of<'state'>>;
  step: CustomEvent<Of<'step'>>;
  epoch: CustomEvent<Of<'epoch'>>;
  finished: CustomEvent<Of<'finished'>>;
  prediction: CustomEvent<Of<'prediction'>>;
  lab: CustomEvent<Of<'lab'>>;
  progress: CustomEvent<Of<'progress'>>;
  kept: CustomEvent<Of<'kept'>>;
  error: CustomEvent<Fault>;
}

/** The parameters of a link, each an attribute. */
export type Parameter =
  | 'data' | 'set' | 'train' | 'test' | 'order' | 'permute' | 'normalize' | 'mean' | 'std'
  | 'net' | 'task' | 'augment' | 'blocks' | 'width' | 'stages' | 'residual' | 'join' | 'block' | 'shortcut' | 'inception' | 'auxiliary'
  | 'batchnorm' | 'dropout' | 'activation' | 'pool' | 'head' | 'attention' | 'init'
  | 'optimizer' | 'lr' | 'momentum' | 'nesterov' | 'decay' | 'schedule' | 'smoothing' | 'batch' | 'stop' | 'epochs' | 'until' | 'steps' | 'seed' | 'layers'
  | 'device' | 'theme' | 'lang' | 'lab' | 'budget' | 'start' | 'hide' | 'lock' | 'goal' | 'result';

/** All attributes: the parameters of a link, by their names, and those of the element. */
export type CnnPlaygroundAttributes = { [Name in Parameter]?: string | number } & {
  /** Where the playground is, if `embed.js` came from elsewhere; only `http:` and `https:` are loaded. */
  src?: string;
  /** In pixels, 480 by default; `auto` follows the page. */
  height?: string | number;
  /** A picture to show until the frame is there; the bundle has one for each lab, `cards/en/pixel-shuffle.png`. */
  poster?: string;
  /** What the frame may do, as an iframe's own attribute says it; a frame without this attribute has no sandbox. */
  sandbox?: string;
  /** What the frame is called by; without it, the words inside the element. */
  title?: string;
};

/** A listener for each event, as JSX and Svelte name them: `onfinished`. */
export type CnnPlaygroundListeners = { [Name in keyof CnnPlaygroundEventMap as `on${Name}`]?: (event: CnnPlaygroundEventMap[Name]) => void };

export interface CnnPlaygroundElement extends HTMLElement {
  /** Where the playground is; where `embed.js` came from, if nobody says. */
  src: string;
  /** All attributes that are parameters of the link, as its text. Setting it sets those attributes, and no other ones. */
  link: string;
  /** Whether the frame is there; without it, the element is a picture with a button. */
  readonly loaded: boolean;
  /** What the frame said of itself last; null before it is there. */
  readonly state: State | null;
  /** Brings the frame. Settles when it answers. */
  load(): Promise<void>;
  /** Begins or goes on with what the page's Run would: the open lab, else the experiment. */
  run(): Promise<State>;
  /** As the page's button does; Run goes on from there. */
  pause(): Promise<State>;
  /** As the page's button does: back to before the first step. */
  reset(): Promise<State>;
  /** Null before the frame is there. */
  getState(): Promise<State | null>;
  /** Takes what `getState` gave, the text of a link, or choices. */
  setState(state: Pick<State, 'link'> | string | { choices: Record<string, Value> }): Promise<State>;
  /** From now on, `kept` events hold a text of at most so many letters, for `restore` on another machine. */
  keep(most: number): Promise<State>;
  /** Takes over such a text; an empty one is a new person's. */
  restore(text: string): Promise<State>;
  addEventListener<Type extends keyof CnnPlaygroundEventMap>(type: Type, listener: (event: CnnPlaygroundEventMap[Type]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'cnn-playground': CnnPlaygroundElement;
  }
}
