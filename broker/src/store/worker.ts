/** The store's thread: the only owner of the database. Takes lists of requests, commits them in groups, answers after. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type BatchResult, Engine, type EngineOptions, type Request } from './engine.ts';
import { OPERATIONS } from './operations.ts';

/** Requests of one transaction at most: bounds how long the first of them waits. */
const GROUP = 512;

export type ToWorker = { requests: Request[] } | { close: true };
export type FromWorker = { opened: true } | { failed: string } | { batch: BatchResult } | { closed: true };

async function run(port: MessagePort, options: EngineOptions): Promise<void> {
  const say = (message: FromWorker): void => port.postMessage(message);
  let engine: Engine;
  try {
    engine = await Engine.open(OPERATIONS, options);
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) });
    port.close();
    return;
  }
  const waiting: Request[] = [];
  let working = false;
  let closing = false;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (waiting.length > 0) {
      say({ batch: await engine.batch(waiting.splice(0, GROUP)) });
      // Lets newly posted requests in, so that they join the next group.
      await new Promise((resolve) => setImmediate(resolve));
    }
    working = false;
    if (!closing) return;
    engine.close();
    say({ closed: true });
    port.close();
  }

  port.on('message', (message: ToWorker) => {
    if ('close' in message) closing = true;
    else for (const request of message.requests) waiting.push(request);
    void work();
  });
  say({ opened: true });
}

if (parentPort) void run(parentPort, workerData as EngineOptions);
