/**
 * One child process: ready by its message, started again with back-off when it dies later, ended in order. Knows nothing of what
 * it runs; spawning and time are given to it.
 */
/** sysexits.h: a configuration problem (EX_CONFIG), a busy port (EX_TEMPFAIL). The child's last line on stderr says it all. */
const CONFIG_PROBLEM = 78;
const PORT_PROBLEM = 75;

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** A child that ran for so long is started again at once the next time. */
const STEADY_MS = 60_000;

export type Ready = Record<string, unknown>;

export interface ChildEnd {
  code: number | null;
  signal: string | null;
}

/** What is needed of a child process. */
export interface Child {
  readonly pid?: number | undefined;
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves when it has ended and its output has been read. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** The last lines that it wrote on stderr. */
  lastWords(): string;
  /** Asks the child to end. */
  end(): void;
  /** Kills the child and everything that it started. */
  kill(): void;
}

export interface SupervisedOptions {
  name: string;
  logFile: string;
  /** Starts the process; `previous` is what it said when it was ready the last time, so that it comes back at the same addresses. */
  spawn: (previous: Ready | undefined) => Child;
  /** Prints a line for the person in front. */
  say: (line: string) => void;
  now: () => number;
  setTimer: (ms: number, fn: () => void) => { cancel(): void };
  /** A child that says nothing within this time has failed to start. */
  readyLimitMs: number;
}

/** A child that could not be started, or must not be started again; `message` is for the person in front. */
export class StartFailure extends Error {
  override name = 'StartFailure';
}

type Phase = 'idle' | 'running' | 'waiting' | 'stopping';

export class Supervised {
  readonly name: string;
  readonly #options: SupervisedOptions;
  #phase: Phase = 'idle';
  #child: Child | undefined;
  #ready: Ready | undefined;
  #delayMs = FIRST_DELAY_MS;
  #timer: { cancel(): void } | undefined;
  /** Called when a restart shows that no further one will help. */
  onFailure: (failure: StartFailure) => void = () => undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it the first time. Throws StartFailure when it ends before it is ready, or is not ready in time. */
  start(): Promise<Ready> {
    return this.#spawn(true);
  }

  /** Asks it to end, insists when `graceMs` has passed; resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#timer?.cancel();
    const child = this.#child;
    this.#phase = 'stopping';
    if (child) {
      child.end();
      const insist = this.#options.setTimer(graceMs, () => {
        this.#options.say(`${this.name} does not end; killing it`);
        child.kill();
      });
      await child.ended;
      insist.cancel();
    }
  }

  /** Ends it without waiting for anything; `stop` resolves soon after. */
  kill(): void {
    this.#child?.kill();
  }

  #spawn(first: boolean): Promise<Ready> {
    const { spawn, now, setTimer, readyLimitMs, logFile } = this.#options;
    const startedAt = now();
    const child = spawn(this.#ready);
    this.#child = child;
    this.#phase = 'running';
    return new Promise((resolve, reject) => {
      let ready = false;
      const late = setTimer(readyLimitMs, () => {
        reject(new StartFailure(`${this.name} was not ready within ${readyLimitMs / 1000} s. Its log: ${logFile}`));
        child.kill();
      });
      child.onMessage((message) => {
        if (ready || !isReady(message)) return;
        ready = true;
        late.cancel();
        this.#ready = message;
        resolve(message);
      });
      // Where the ready message or the time limit has settled this promise, the rejections below say nothing any more.
      void child.ended.then((end) => {
        late.cancel();
        this.#child = undefined;
        if (this.#phase === 'stopping') return reject(new StartFailure(`${this.name} was stopped`));
        const starting = first && !ready;
        const failure = this.#failure(end, child.lastWords(), starting);
        reject(failure ?? new StartFailure(`${this.name} ended`));
        if (!failure) this.#restart(end, now() - startedAt);
        else if (!starting) this.onFailure(failure);
      });
    });
  }

  /** Why there is no point in starting it again; undefined when there is. */
  #failure(end: ChildEnd, words: string, starting: boolean): StartFailure | undefined {
    if (end.code === CONFIG_PROBLEM || (end.code === PORT_PROBLEM && starting))
      return new StartFailure(words || `${this.name}: exit code ${end.code}`);
    if (!starting) return undefined;
    const log = `Its log: ${this.#options.logFile}`;
    return new StartFailure(`${this.name} ended while it was starting (${how(end)}). ${log}${words ? `\n${words}` : ''}`);
  }

  #restart(end: ChildEnd, ranMs: number): void {
    const { say, setTimer, logFile } = this.#options;
    if (ranMs >= STEADY_MS) this.#delayMs = FIRST_DELAY_MS;
    const delay = this.#delayMs;
    this.#delayMs = Math.min(delay * 2, LONGEST_DELAY_MS);
    this.#phase = 'waiting';
    say(`${this.name} ended (${how(end)}); starting it again in ${delay / 1000} s. Its log: ${logFile}`);
    this.#timer = setTimer(delay, () => {
      this.#spawn(false).then(
        () => this.#phase === 'running' && say(`${this.name} is running again`),
        () => undefined,
      );
    });
  }
}

function how({ code, signal }: ChildEnd): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && (message as Ready).ready === true;
}
