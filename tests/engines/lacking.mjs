// What cannot be checked in an engine, or does not work in it: said after every run, and in docs/engines.md.
import { test } from '@playwright/test';

/** What does not work in an engine: its check must fail, so that it is seen when it is mended. */
const FAULTS = {
  sandbox: { webkit: 'a sandboxed frame that may only run scripts stays empty: WebKit takes the policy’s word "self" for the frame’s origin, which is none' },
};

/** What no engine's driver can do, or one cannot. */
const BEYOND = {
  chromium: ['files dragged from the desktop: they are given to the file field', 'a screen reader', 'WebGPU on a graphics card: there is none here', 'Edge, Chrome on Android: their engine is this one'],
  firefox: ['files dragged from the desktop: they are given to the file field', 'the clipboard, a camera, a screen reader', 'WebGPU: there is no GPU here', 'a window narrower than 500 pixels: its browser makes none, so that the width of a phone is this one', 'Firefox on Android'],
  webkit: [
    'files dragged from the desktop: they are given to the file field', 'the clipboard, a camera, a screen reader', 'WebGPU: WebKitGTK has none',
    'threads as they come: WebKitGTK has shared memory only where JSC_useSharedArrayBuffer says so; Safari has it', 'a window narrower than 447 pixels: its browser makes none, so that the width of a phone is this one', 'Safari itself, iOS',
  ],
};

/** Says that an engine has this fault, if it is the one that is tested. @param {keyof FAULTS} fault */
export function lacking(fault) {
  const why = FAULTS[fault][test.info().project.name];
  test.fail(why !== undefined, why);
}

/** What is not checked in an engine. @param {string} engine @returns {string[]} */
export const beyond = (engine) => BEYOND[engine];

/** What does not work in an engine. @param {string} engine @returns {string[]} */
export const faults = (engine) => Object.values(FAULTS).flatMap((fault) => fault[engine] ?? []);
