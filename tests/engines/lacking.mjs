// What cannot be checked in an engine, or does not work in it: listed after every run, and in the README.
import { test } from '@playwright/test';

/** What does not work in an engine: its check must fail, so that it is seen when it is mended. */
const FAULTS = {
  sandbox: { webkit: 'a sandboxed frame that may only run scripts stays empty: WebKit takes the policy’s word "self" for the frame’s origin, which is none' },
};

/** What no engine's driver can do, or one cannot. */
const BEYOND = {
  chromium: ['everything but the five runs: tests/e2e does that'],
  firefox: ['files dragged from the desktop: they are given to the file field', 'the clipboard, a camera, a screen reader', 'WebGPU: there is no GPU here'],
  webkit: [
    'files dragged from the desktop: they are given to the file field', 'the clipboard, a camera, a screen reader', 'WebGPU: WebKitGTK has none',
    'threads as they come: WebKitGTK has shared memory only where JSC_useSharedArrayBuffer says so; Safari has it', 'Safari itself, iOS',
  ],
};

/** Says that an engine has this fault, if it is the one that is tested. @param {keyof FAULTS} fault */
export function lacking(fault) {
  const why = FAULTS[fault][test.info().project.name];
  test.fail(why !== undefined, why);
}

/** Lists it at the end. */
export default class Lacking {
  onBegin(config, suite) {
    this.engines = suite.suites.map(({ title }) => title);
  }

  onEnd() {
    for (const engine of this.engines) {
      console.log(`\nNot checked in ${engine}:`);
      for (const line of BEYOND[engine] ?? []) console.log(`  ${line}`);
      for (const fault of Object.values(FAULTS)) if (fault[engine]) console.log(`  ${fault[engine]}`);
    }
  }
}
