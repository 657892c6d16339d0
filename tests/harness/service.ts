/** One real process of the product, started with its own main, watched through its ready message. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface ServiceOptions {
  name: string;
  /** The main file: absolute, or below the checkout. */
  main: string;
  args?: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
}

export class Service {
  readonly options: ServiceOptions;
  ready: Record<string, unknown> = {};
  #child: ChildProcess | undefined;
  #tail: string[] = [];

  constructor(options: ServiceOptions) {
    this.options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines that it printed, for messages. */
  get tail(): string {
    return this.#tail.join('');
  }

  /** Starts the process and waits for its ready message. Throws with its last lines when it ends first or stays silent. */
  async start(timeoutMs = 120_000): Promise<Record<string, unknown>> {
    const { name, main, args = [], env, cwd, logFile } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(process.execPath, [resolvePath(ROOT, main), ...args], {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: process.env.TZ ?? '', ...passedOn(), ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#tail = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk);
        this.#tail.push(String(chunk));
        if (this.#tail.length > 40) this.#tail.shift();
      });
    child.once('close', () => log.end());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${name} was not ready within ${timeoutMs} ms\n${this.tail}`));
      }, timeoutMs);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(new Error(`${name} ended before it was ready (${code ?? signal})\n${this.tail}`));
      });
      child.on('message', (message: Record<string, unknown>) => {
        if (message?.ready !== true) return;
        clearTimeout(timer);
        this.ready = message;
        resolve(message);
      });
    });
  }

  /** Waits for the process to end; gives its exit code or signal. */
  async ended(): Promise<number | string> {
    const child = this.#child;
    if (!child) return 0;
    if (this.running) await new Promise((resolve) => child.once('exit', resolve));
    return child.exitCode ?? child.signalCode ?? 0;
  }

  /** `kill -9`: nothing gets a chance to be tidied up. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.ended();
  }

  /** Asks it to stop; insists after 10 s. */
  async stop(): Promise<number | string> {
    if (!this.running) return this.ended();
    this.#child?.kill('SIGTERM');
    const insist = setTimeout(() => this.#child?.kill('SIGKILL'), 10_000);
    const how = await this.ended();
    clearTimeout(insist);
    return how;
  }
}

function passedOn(): Record<string, string> {
  const names = ['MEDIASOUP_WORKER_BIN', 'FFMPEG_BIN', 'XDG_CACHE_HOME', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(names.flatMap((n) => (process.env[n] ? [[n, process.env[n]]] : [])));
}
