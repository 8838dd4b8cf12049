// Two minutes of a monkey; longer and with other seeds: MONKEY_SEED=7 MONKEY_SECONDS=1800, and MONKEY_LOG for its log.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Monkey } from './monkey.mjs';

const SEED = Number(process.env.MONKEY_SEED ?? 1);
const SECONDS = Number(process.env.MONKEY_SECONDS ?? 120);

test(`a monkey of seed ${SEED} finds nothing in ${SECONDS} seconds`, { tag: '@alone' }, async ({ page, baseURL }, info) => {
  test.setTimeout(SECONDS * 1000 + 300_000);
  const file = process.env.MONKEY_LOG ?? info.outputPath(`monkey-${SEED}.log`);
  mkdirSync(path.dirname(file), { recursive: true });
  const began = Date.now();
  const monkey = new Monkey(page, baseURL, SEED, (line) => appendFileSync(file, `${((Date.now() - began) / 1000).toFixed(1)} ${line}\n`));
  await monkey.play(SECONDS * 1000);
  console.log(`seed ${SEED}: ${monkey.actions} actions, looked at ${monkey.looks} times; log: ${file}`);
  expect(monkey.wrong).toEqual([]);
  expect(monkey.looks).toBeGreaterThan(0);
});
