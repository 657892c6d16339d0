/** An integrator with Debian's mosquitto clients: nothing of ours on this side of the wire. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './until.ts';

export class Integrator {
  readonly #auth: string[];
  readonly #name: string;
  #sub: ChildProcess | undefined;
  /** Lines that mosquitto_sub printed: `topic payload`. */
  readonly lines: string[] = [];

  constructor(name: string, secret: string, mqttPort: number) {
    this.#name = name;
    this.#auth = ['-h', '127.0.0.1', '-p', String(mqttPort), '-u', `integrator:${name}`, '-P', secret];
  }

  /** Subscribes and waits until the broker has agreed. */
  async subscribes(...filters: string[]): Promise<void> {
    const child = spawn(
      'stdbuf', // Its output is a pipe here: without this, lines would wait in its buffer.
      [
        '-oL',
        'mosquitto_sub',
        ...this.#auth,
        '-i',
        `${this.#name}-sub-${process.pid}-${Math.random().toString(36).slice(2, 8)}`,
        '-q',
        '1',
        '-v',
        '-d',
        ...filters.flatMap((f) => ['-t', f]),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#sub = child;
    let subscribed = false;
    let rest = '';
    const hear = (chunk: Buffer) => {
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.includes('Subscribed (mid:')) subscribed = true;
        else if (line.startsWith('sw/v1/')) this.lines.push(line);
      }
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    await until('mosquitto_sub is subscribed', () => {
      if (child.exitCode !== null) throw new Error(`mosquitto_sub ended with ${child.exitCode}`);
      return subscribed;
    });
  }

  /** Events heard, parsed. */
  get events(): { topic: string; payload: { id: string; type: string; data: Record<string, unknown> } }[] {
    return this.lines.map((line) => {
      const space = line.indexOf(' ');
      return { topic: line.slice(0, space), payload: JSON.parse(line.slice(space + 1)) };
    });
  }

  hears(what: string, test: (e: Integrator['events'][number]) => boolean, timeoutMs = 30_000) {
    return until(`mosquitto_sub prints ${what}`, () => this.events.find(test), timeoutMs);
  }

  /** Publishes with mosquitto_pub at QoS 1; gives its exit code (0: PUBACK came). */
  async publishes(topic: string, payload: unknown): Promise<number> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const child = spawn('mosquitto_pub', [...this.#auth, '-i', `${this.#name}-pub-${process.pid}`, '-q', '1', '-t', topic, '-m', text], {
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? -1;
  }

  async leaves(): Promise<void> {
    const child = this.#sub;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
