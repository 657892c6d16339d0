/**
 * `npm run test:fuzz [-- --seed N --count N --only NAME]`. Each parser in a thread of its own that is watched: an input that takes longer than
 * `HANG_MS`, an error that is no refusal, more out than in, or memory that grows fails it, with the input. Ends with a report; exits 1 when
 * anything failed.
 */

import { parseArgs } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Random, seeded } from '../harness/random.ts';
import { inputs } from './mutate.ts';
import { budget, TARGETS } from './targets.ts';

interface Job {
  name: string;
  seed: number;
  count: number;
  /** How many inputs are done. */
  done: SharedArrayBuffer;
}

interface Result {
  failed?: { at: number; input: string; why: string };
  /** Inputs that something came out of. */
  fruitful: number;
  bytes: number;
  /** Most memory kept at a time when all that could be was freed, bytes more than at the start. */
  kept: number;
}

/** The machine may be busy; a parser that is right needs microseconds. */
const HANG_MS = 30_000;
/** The thread has not begun yet: on a busy machine it may take long to load. */
const LOADING = -1;
/** A parser is opened anew so often: what comes after a long life differs from what comes after a short one. */
const LIVES = [1, 100, 10_000];
/** A picture under way (8 MB) and what is held back for order; no parser may keep more. */
const MOST_KEPT = 48 * 1024 * 1024;
const WEIGHED_EVERY = 20_000;

if (isMainThread) process.exitCode = await runAll();
else parentPort!.postMessage(run(workerData as Job));

async function runAll(): Promise<number> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, count: { type: 'string', default: '1000000' }, only: { type: 'string' } },
  });
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const count = Number(values.count);
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) throw new Error('--seed, --count: expected whole numbers');
  if (values.only !== undefined && !Object.hasOwn(TARGETS, values.only))
    throw new Error(`--only: expected one of ${Object.keys(TARGETS).join(', ')}`);
  const rows: string[] = [];
  let failures = 0;
  const startedAt = performance.now();
  for (const name of Object.keys(TARGETS)) {
    if (values.only !== undefined && values.only !== name) continue;
    const since = performance.now();
    const result = await watched({ name, seed, count, done: new SharedArrayBuffer(4) });
    const took = `${((performance.now() - since) / 1000).toFixed(1)} s`;
    const { failed, fruitful, bytes, kept } = result;
    if (failed) {
      failures++;
      console.log(`${name}: FAILED at input ${failed.at}; again with: npm run test:fuzz -- --seed ${seed} --count ${count} --only ${name}`);
      console.log(`  ${failed.why}\n  ${failed.input}`);
      rows.push(`  ${name.padEnd(16)}FAILED at input ${failed.at}`);
    } else
      rows.push(
        `  ${name.padEnd(16)}${String(count).padStart(9)} inputs, something came out of ${String(fruitful).padStart(7)}, ${mb(bytes)} in, at most ${mb(kept)} kept, ${took}`,
      );
    console.log(rows.at(-1)!.trim());
  }
  console.log(`\nReport (seed ${seed})\n${rows.join('\n')}`);
  console.log(
    `  ${failures === 0 ? 'no crash, no hang, no memory that grows' : `${failures} FAILED`} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
  return failures === 0 ? 0 : 1;
}

/** Runs a job in a thread, and ends the thread when it hangs. */
function watched(job: Job): Promise<Result> {
  const done = new Int32Array(job.done);
  done[0] = LOADING;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job, argv: [] });
    let last = -1;
    let since = performance.now();
    let said = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const at = Atomics.load(done, 0);
      if (at !== last || at === LOADING) [last, since] = [at, now];
      else if (now - since > HANG_MS)
        settle({ failed: { at, input: '(the seed gives it)', why: 'it hangs' }, fruitful: 0, bytes: 0, kept: 0 });
      if (now - said > 15_000) {
        said = now;
        console.log(`  ${job.name}: ${at} of ${job.count}`);
      }
    }, 500);
    const settle = (result: Result) => {
      clearInterval(timer);
      void worker.terminate();
      resolve(result);
    };
    worker.once('message', settle);
    worker.once('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
  });
}

function run({ name, seed, count, done }: Job): Result {
  const target = TARGETS[name]!;
  const random: Random = seeded(seed ^ hash(name));
  const progress = new Int32Array(done);
  Atomics.store(progress, 0, 0);
  const atFirst = heap();
  let [kept, bytes, fruitful, left] = [0, 0, 0, 0];
  let parse = target.open(random.fork());
  let account = budget();
  let i = 0;
  for (const { bytes: input, broken } of inputs(target, random)) {
    if (i === count) break;
    if (broken && left-- === 0) {
      left = random.pick(LIVES);
      parse = target.open(random.fork());
      account = budget();
    }
    bytes += input.length;
    // The parser may write into it.
    const copy = Buffer.from(input);
    try {
      const outcome = parse(input);
      account(input, outcome);
      if (broken && outcome.things > 0) fruitful++;
      if (broken && i % WEIGHED_EVERY === WEIGHED_EVERY - 1) {
        kept = Math.max(kept, heap() - atFirst);
        if (kept > MOST_KEPT) throw new Error(`${mb(kept)} kept`);
      }
    } catch (error) {
      return { failed: { at: i, input: copy.toString('hex'), why: String((error as Error).stack) }, fruitful, bytes, kept };
    }
    if (broken) Atomics.store(progress, 0, ++i);
  }
  return { fruitful, bytes, kept };
}

/** Of this thread, after everything that can be has been freed. */
function heap(): number {
  const { gc } = globalThis as { gc?: () => void };
  // What the first one found free is given back at the latest when the second begins.
  gc?.();
  gc?.();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function hash(text: string): number {
  return [...text].reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) | 0, 7) >>> 0;
}
