/** Independent programs on the other side of the wire: `tests/flows/peers/*.py` with Debian's Python. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from './service.ts';
import { until } from './until.ts';

export class Peer {
  readonly #child: ChildProcess;
  readonly #name: string;
  /** JSON lines that it printed. */
  readonly said: Record<string, unknown>[] = [];
  readonly #errors: string[] = [];

  constructor(script: string, args: string[] = [], env: Record<string, string> = {}) {
    this.#name = script;
    this.#child = spawn('/usr/bin/python3', [`${ROOT}tests/flows/peers/${script}`, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.said.push(JSON.parse(line));
    });
    this.#child.stderr?.on('data', (d: Buffer) => this.#errors.push(String(d)));
  }

  says(key: string, timeoutMs = 30_000): Promise<Record<string, unknown>> {
    return until(
      `${this.#name} says ${key}`,
      () => {
        const found = this.said.find((s) => key in s);
        if (!found && this.#child.exitCode !== null)
          throw new Error(`ended with ${this.#child.exitCode}: ${JSON.stringify(this.said)} ${this.#errors.join('')}`);
        return found;
      },
      timeoutMs,
    );
  }

  async ends(): Promise<number> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode ?? -1;
  }

  /** `kill -9`: as a camera that loses its power. */
  async dies(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  /** Goes on holding its connections, and says nothing any more. */
  stands(): void {
    this.#child.kill('SIGSTOP');
  }

  async stops(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
