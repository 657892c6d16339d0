/** All mediasoup workers of the node, one per core by default, and which of them takes the next viewer. */
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { CodedError } from '@shouwang/protocol';
import type { MediaConfig } from '../../config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { RelayWorker } from './relay-worker.ts';

export interface RelayOptions {
  config: MediaConfig['webrtc'];
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  /** A worker is gone with everything in it; it is started again by itself. */
  onDied(worker: RelayWorker): void;
}

export class Relay {
  readonly #o: RelayOptions;
  #workers: RelayWorker[] = [];
  #why = 'not started';

  constructor(options: RelayOptions) {
    this.#o = options;
  }

  get workers(): readonly RelayWorker[] {
    return this.#workers;
  }

  /** `ready`, or what is not. */
  get state(): string {
    const up = this.#workers.filter((w) => w.up).length;
    if (this.#workers.length === 0) return this.#why;
    if (up === this.#workers.length) return 'ready';
    return up === 0 ? 'the worker died' : `${up} of ${this.#workers.length} workers`;
  }

  /** Starts the workers. Where there are none it says so in the log, and WHEP is refused. Throws PORT_BUSY. */
  async start(): Promise<{ udp: string[]; tcp: string[] } | null> {
    const { config, log } = this.#o;
    if (config.maxMbit === 0) {
      this.#why = 'turned off: webrtc.maxMbit is 0';
      return null;
    }
    try {
      return await this.#launch();
    } catch (error) {
      for (const w of this.#workers.splice(0)) w.close();
      if (error instanceof CodedError && error.code === 'PORT_BUSY') throw error;
      // Paths of this machine are for the log.
      this.#why = 'the worker did not start';
      log.error(
        { reason: (error as Error).message },
        'no WebRTC: viewers get HLS. The worker is made by: npm run setup (or set MEDIASOUP_WORKER_BIN)',
      );
      return null;
    }
  }

  /** Throws WHEP_REFUSED where no worker runs. */
  requireUp(): void {
    if (!this.#workers.some((w) => w.up)) throw new CodedError('WHEP_REFUSED', this.state);
  }

  close(): void {
    this.#why = 'closed';
    for (const w of this.#workers.splice(0)) w.close();
  }

  async #launch(): Promise<{ udp: string[]; tcp: string[] }> {
    const { config, clock, log, env, onDied } = this.#o;
    const bin = config.workerBin || env.MEDIASOUP_WORKER_BIN || '';
    if (bin) requireExecutable(bin);
    // Loaded only here: without it, everything else works.
    const mediasoup = await import('mediasoup');
    requireExecutable(bin || mediasoup.workerBin);
    const count = config.workers || availableParallelism();
    this.#workers = Array.from({ length: count }, (_, index) => {
      const worker: RelayWorker = new RelayWorker({ index, config, bin, mediasoup, clock, log, onDied: () => onDied(worker) });
      return worker;
    });
    const started = await Promise.allSettled(this.#workers.map((w) => w.start()));
    const failed = started.filter((s) => s.status === 'rejected');
    const busy = failed.find((f) => f.reason instanceof CodedError && f.reason.code === 'PORT_BUSY');
    if (busy) throw busy.reason;
    if (failed[0] && failed.length === count) throw failed[0].reason;
    for (const [i, s] of started.entries()) if (s.status === 'rejected') this.#workers[i]!.startLater();
    const at = started.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
    return { udp: at.flatMap((a) => a.udp), tcp: at.flatMap((a) => a.tcp) };
  }
}

function requireExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`there is no mediasoup worker at ${path}`);
  }
}
