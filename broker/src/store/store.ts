/**
 * The store as the rest of the centre sees it. Every method's promise settles after the commit, never before.
 * Errors: what the operation promises (coded); STORE_UNAVAILABLE when nothing could be committed (try again later);
 * INTERNAL for a fault of our own, whose cause went to the log.
 */
import { Worker } from 'node:worker_threads';
import { CodedError } from '@shouwang/protocol';
import type { Answer, EngineOptions, Request } from './engine.ts';
import type { ArgsOf, OperationName, ResultOf } from './operations.ts';
import type { Announced } from './tx.ts';
import type { FromWorker, ToWorker } from './worker.ts';

/** What callers need of a store. */
export interface Store {
  run<N extends OperationName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N>>;
}

export interface StoreOptions extends EngineOptions {
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void };
  /** Called in order of `seq`, after the commit and before the answers of the same commit. */
  onAnnounced: (rows: Announced[]) => void;
  /** The thread died: nothing can be committed any more. */
  onDead: (reason: string) => void;
}

/** More unanswered requests than this and new ones are refused: memory stays bounded while a disk hangs. */
const MAX_PENDING = 50_000;

interface Pending {
  name: string;
  resolve: (value: never) => void;
  reject: (error: CodedError) => void;
}

export class WorkerStore implements Store {
  readonly #worker: Worker;
  readonly #options: StoreOptions;
  readonly #pending = new Map<number, Pending>();
  #queued: Request[] = [];
  #nextId = 1;
  #dead: string | undefined;
  #closed: (() => void) | undefined;

  private constructor(worker: Worker, options: StoreOptions) {
    this.#worker = worker;
    this.#options = options;
  }

  /** Opens the database in a thread of its own and brings its schema up to date. Throws STORE_UNAVAILABLE. */
  static async open(options: StoreOptions): Promise<WorkerStore> {
    const { path, policy, maxPages } = options;
    const workerData: EngineOptions = { path, policy, maxPages };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'store' });
    const store = new WorkerStore(worker, options);
    await new Promise<void>((resolve, reject) => {
      worker.once('error', (cause) => reject(new CodedError('STORE_UNAVAILABLE', undefined, { cause })));
      worker.once('message', (message: FromWorker) => {
        if ('opened' in message) resolve();
        else reject(new CodedError('STORE_UNAVAILABLE', 'failed' in message ? `${path}: ${message.failed}` : path));
      });
    });
    worker.on('message', (message: FromWorker) => store.#hear(message));
    worker.on('error', (error) => store.#die(error.message));
    worker.on('exit', (code) => store.#die(`the thread ended with ${code}`));
    return store;
  }

  run<N extends OperationName>(name: N, args: ArgsOf<N>): Promise<ResultOf<N>> {
    if (this.#dead !== undefined || this.#closed) return Promise.reject(new CodedError('STORE_UNAVAILABLE'));
    if (this.#pending.size >= MAX_PENDING) return Promise.reject(new CodedError('STORE_UNAVAILABLE', 'too many unanswered requests'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { name, resolve: resolve as (value: never) => void, reject });
      this.#queued.push({ id, name, args });
      // One message for everything that arrives in this turn of the loop.
      if (this.#queued.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** How many requests wait for their commit. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Lets what was asked finish, then closes the database. */
  async close(): Promise<void> {
    if (this.#dead !== undefined || this.#closed) return;
    this.#flush();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#post({ close: true });
    });
    await this.#worker.terminate();
  }

  /** Ends the thread at once, as a crash would (tests). */
  async crash(): Promise<void> {
    await this.#worker.terminate();
  }

  #flush(): void {
    if (this.#queued.length === 0) return;
    const requests = this.#queued;
    this.#queued = [];
    this.#post({ requests });
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if ('closed' in message) this.#closed?.();
    if (!('batch' in message)) return;
    const { announced, answers } = message.batch;
    if (announced.length > 0) this.#options.onAnnounced(announced);
    for (const answer of answers) this.#answer(answer);
  }

  #answer(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    this.#pending.delete(answer.id);
    if (answer.ok) {
      pending.resolve(answer.value as never);
      return;
    }
    if (answer.code === 'INTERNAL') this.#options.log.error({ operation: pending.name, cause: answer.cause }, 'operation failed');
    if (answer.code === 'STORE_UNAVAILABLE') this.#options.log.warn({ operation: pending.name, cause: answer.cause }, 'commit failed');
    pending.reject(new CodedError(answer.code, answer.detail));
  }

  #die(reason: string): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    for (const { reject } of this.#pending.values()) reject(new CodedError('STORE_UNAVAILABLE', undefined, { cause: reason }));
    this.#pending.clear();
    if (this.#closed) this.#closed();
    else this.#options.onDead(reason);
  }
}
